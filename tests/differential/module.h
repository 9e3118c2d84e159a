// A module: rules that are checked, compiled and run together, the tables they share, and the
// visits they run on. Entries: random_module, check_module, case_of (a module as a case file that
// runs by itself).
#pragma once

#include "tests/differential/generator.h"
#include "tests/differential/values.h"
#include "tests/support/case_file.h"
#include "tests/support/texts.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sanku::differential {

// An overlay on the module, or on one before it: its changes, and those of rules by their id, which
// count as far as the rules are there.
struct ModuleOverlay {
  std::string name;
  std::uint32_t below = 0;
  std::string region;
  hir::LocalDefaults defaults = {};
  std::string changes = {};
  std::map<std::string, std::string> of_rules = {};
};

struct Module {
  std::vector<Table> tables;
  std::vector<Piece> rules;
  std::vector<testing::Visit> visits;
  bool chinese = false; // run in the Chinese spelling, as the formatter prints it
  std::vector<ModuleOverlay> overlays = {};
  std::vector<std::pair<std::string, std::string>> files = {}; // that overlays add
  hir::LocalDefaults defaults = {};                            // of the pack's manifest
  std::string region = {}, as_of = {};                         // how it is read
  std::uint64_t budget = 0;                                    // of steps; 0: the usual one
};

enum class ModuleKind : std::uint8_t {
  ordinary, // 16 rules of every shape over 2 to 4 small tables
  pack, // 5 to 20 rules that look up the subject's code in large tables, so that the index has many
        // checks a code
  giant, // cheap rules; one visit with thousands of lines
};
struct ModuleShape {
  ModuleKind kind = ModuleKind::ordinary;
  std::size_t visits = 10;
  std::size_t giant_lines = 2500;
  bool chinese = false;
  bool overlays = false; // lie on it
  std::size_t rules = 16;
  std::uint32_t first_rule = 0; // numbers the rules
  bool past = false;            // some rules look at the person's other visits
  bool populations = false;     // some are on groups across visits
  bool complete = false;        // visits lack nothing: such blocks have code of their own
  std::size_t first_builtin =
      0; // rule i has to call row first_builtin + i of compiler/builtins, counted round
};
[[nodiscard]] Module random_module(Random& random, const World& world, const ModuleShape& shape);

// What a manifest decides otherwise of the language.
[[nodiscard]] hir::LocalDefaults random_defaults(Random& random);
void add_overlays(Random& random, const World& world, Module& module);
[[nodiscard]] std::vector<testing::Texts::Overlay> overlays_of(const Module& module);

[[nodiscard]] testing::Texts texts_of(const Module& module);
// Rules that the checker refuses are dropped and counted; `refused` gets their text and what was
// said.
struct CheckedModule {
  testing::CheckedTexts checked;
  std::size_t refused = 0;
  std::string refusals;
};
[[nodiscard]] CheckedModule check_module(Module& module);

// With the evaluator's answers as what is expected.
[[nodiscard]] std::string case_of(const World& world, const Module& module,
                                  const std::string& about);

} // namespace sanku::differential
