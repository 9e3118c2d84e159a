// What the commands share: the arguments, the terminal, the exit codes, and the table of commands.
// Entry: commands. Each command is one file of this folder that parses nothing and decides nothing:
// tools/engine does the work. Tested by tests/unit/tools/command_test.cpp, which runs the program.
#pragma once

#include "compiler/diag/render.h"
#include "runtime/io/files.h"
#include "runtime/types/result.h"
#include "runtime/types/value.h"
#include "tools/engine/rules.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace sanku::command {

// Part of the command's contract. `refused_by_system`: a full disk, a closed pipe; EX_IOERR of
// sysexits.h.
namespace exit_code {
inline constexpr int clean = 0, findings = 1, usage = 2, refused = 3, own_fault = 70,
                     refused_by_system = 74;
}

// All that can be asked for; each command takes some of it. Texts are as typed, empty when not
// given.
struct Arguments {
  std::vector<std::string> paths;
  std::string pack, in, out, format, engine, level, cpu, rule, settlement, what, code, manifest,
      rejects;
  std::vector<std::string> overlays, old_overlays, new_overlays, bases;
  std::string html, policy, ledger;
  std::vector<std::string> findings, verdicts;
  std::string lang; // as typed; what speaks is in the terminal
  std::string region, as_of, as_known, date, rows;
  bool groups = false; // of explain: groups across visits as well
  std::string known_since, known_until, history, answers;
  std::string in_format, out_format, encoding, form, to;
  std::string trust, store, store_key, role, time, layer, algorithm, export_to;
  std::vector<std::string> keys;
  std::vector<std::string> reports, at_least; // of `test`
  std::uint64_t sample = 0;
  std::uint64_t settlements = 0, seed = 1;
  std::string against, generate;
  std::uint32_t lines = 3, visits = 2;
  double violations = 0, seconds = 5;
  std::uint32_t threads = 0, batch = 4096, memory = 256;
  bool no_index = false, no_cache = false, strict = false, stats = false, identities = false,
       full = false, places = false;
  bool bom = false, fix = false, plan = false, from_stdin = false, only_check = false,
       coverage = false, mutate = false, prove = false;
  engine::PackTrust verify; // what pack files are verified against, made of --trust and --time
};

// Where the command speaks.
struct Terminal {
  Language language = Language::en;
  bool colour_out = false, colour_err = false; // a terminal, and NO_COLOR not set
  bool out_is_terminal = false, err_is_terminal = false;

  [[nodiscard]] std::string_view pick(std::string_view zh, std::string_view en) const {
    return language == Language::zh ? zh : en;
  }
  [[nodiscard]] std::string pick(const Error& error) const {
    return language == Language::zh ? error.zh : error.en;
  }
  [[nodiscard]] diag::Language diag_language() const {
    return language == Language::zh ? diag::Language::zh : diag::Language::en;
  }
};

struct Command {
  std::string_view name;
  std::string_view zh, en; // one line
  void (*add)(CLI::App& app, Arguments& arguments);
  int (*run)(const Arguments& arguments, const Terminal& terminal);
};
[[nodiscard]] std::span<const Command> commands();

// The whole text of `sanku --help` (empty name) or `sanku NAME --help`.
[[nodiscard]] std::string help_text(std::string_view command, Language language);

// ---- one function a command

int check(const Arguments& arguments, const Terminal& terminal);
int format(const Arguments& arguments, const Terminal& terminal);
int test(const Arguments& arguments, const Terminal& terminal);
int run(const Arguments& arguments, const Terminal& terminal);
int convert(const Arguments& arguments, const Terminal& terminal);
int explain(const Arguments& arguments, const Terminal& terminal);
int dump(const Arguments& arguments, const Terminal& terminal);
int generate(const Arguments& arguments, const Terminal& terminal);
int effective(const Arguments& arguments, const Terminal& terminal);
int knowledge(const Arguments& arguments, const Terminal& terminal);
int doc(const Arguments& arguments, const Terminal& terminal);
int explain_code(const Arguments& arguments, const Terminal& terminal);
int pack(const Arguments& arguments, const Terminal& terminal);
int impact(const Arguments& arguments, const Terminal& terminal);
int outcomes(const Arguments& arguments, const Terminal& terminal);

// ---- speaking

// Data, or what a person asked for; gives the exit code of a refusal, or `code`.
[[nodiscard]] int print(std::string_view text, const Terminal& terminal, int code);
// A whole file, there only once it is complete; `-` is stdout. The exit code of a refusal, or
// clean.
[[nodiscard]] int write_file(const std::string& path, std::string_view bytes,
                             const Terminal& terminal);
// One line on stderr, after the name of the program.
void complain(std::string_view text);
// The same, and the exit code.
[[nodiscard]] int fail(const Error& error, const Terminal& terminal, int code);
[[nodiscard]] int wrong_usage(const Terminal& terminal, std::string_view zh, std::string_view en);

// How the pack is to be read: overlays, region, days. An error: what was typed is none.
[[nodiscard]] Result<engine::ReadOptions> read_options(const Arguments& arguments);
// The day given with an option; none where nothing was.
[[nodiscard]] Result<std::optional<Date>> read_day(std::string_view option,
                                                   const std::string& written);
// A pack's rules without a mistake; else the mistakes are told on stderr.
[[nodiscard]] std::unique_ptr<engine::Rules>
ready_rules(const std::string& place, const Arguments& arguments, const Terminal& terminal);
// Diagnostics on stderr; true: there were errors among them.
bool tell(const diag::Diagnostics& diagnostics, const source::SourceMap& map,
          const Terminal& terminal);
// A folder is for development, and nobody vouches for it: said on stderr, once a command.
void tell_folder(const engine::Rules& rules, const Terminal& terminal);

// The national pack: in this folder or one above, else beside the program; empty when it is
// nowhere.
[[nodiscard]] std::string national_pack();

} // namespace sanku::command
