// sanku explain: one settlement, every rule.
#include "tools/engine/explain.h"

#include "tools/engine/engine.h"
#include "tools/engine/surroundings.h"
#include "tools/sanku/answers.h"
#include "tools/sanku/command.h"
#include "tools/sanku/input.h"
#include "tools/sanku/judging.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace sanku::command {

namespace {

// The input once more from its beginning, as chunks.
struct Again {
  std::optional<ClaimsInput> in;
  io::LineChunks lines;

  Again(const Arguments& arguments, const hir::Program& program, const Terminal& terminal,
        int& code)
      : in(ClaimsInput::open(arguments, program.schema, terminal, code)),
        lines([this](char* buffer, std::size_t size) { return in->read(buffer, size); }) {}
  Again(const Again&) = delete;
  Again& operator=(const Again&) = delete;

  Result<bool> next(io::Chunk& chunk) {
    return in->has_chunks() ? in->next(chunk) : lines.next(chunk);
  }
};

// As a run would judge it: with all records of the visit, and beside the person's other visits.
// Without a visit: nothing is left of it. `code` is not clean when it was told why not.
std::optional<engine::FoundSettlement>
complete(const engine::Rules& rules, engine::FoundSettlement found, engine::Answers* answers,
         const Arguments& arguments, const Terminal& terminal, int& code) {
  const hir::Program& program = engine::program(rules);
  const assemble::CodeBook codes = engine::code_book(program, rules.checked->tables);
  Again again(arguments, program, terminal, code);
  if (!again.in)
    return std::nullopt;
  auto whole = engine::whole_visit(
      program, codes, [&](io::Chunk& chunk) { return again.next(chunk); }, found, answers);
  if (!whole) {
    code = fail(whole.error(), terminal, exit_code::refused);
    return std::nullopt;
  }
  if (!*whole || engine::reach_of(program) == assemble::Reach::visit)
    return std::move(*whole);
  engine::KnownDays said;
  for (const auto& [name, written, day] :
       {std::tuple("--known-since", &arguments.known_since, &said.since),
        std::tuple("--known-until", &arguments.known_until, &said.until)}) {
    const auto read = read_day(name, *written);
    if (!read) {
      code = fail(read.error(), terminal, exit_code::usage);
      return std::nullopt;
    }
    *day = *read;
  }
  Again third(arguments, program, terminal, code);
  if (!third.in)
    return std::nullopt;
  auto beside = engine::with_past(
      program, codes, [&](io::Chunk& chunk) { return third.next(chunk); }, said, **whole);
  if (!beside) {
    code = fail(beside.error(), terminal, exit_code::refused);
    return std::nullopt;
  }
  return std::move(*beside);
}

engine::ExplainOptions explain_options(const Arguments& arguments, const Terminal& terminal) {
  return {.language = terminal.language,
          .identities = arguments.identities,
          .colour = terminal.colour_out,
          .rule = arguments.rule};
}

int nothing_left(const Terminal& terminal) {
  return print(terminal.pick("该次就诊的结算均已退费，或同一结算号的记录内容不同，不再审核\n",
                             "every settlement of this visit was refunded, or has its number in "
                             "common with other content; nothing is reviewed\n"),
               terminal, exit_code::clean);
}

int tell(const engine::Explanation& explanation, const Terminal& terminal) {
  return print(explanation.text, terminal,
               explanation.findings == 0 ? exit_code::clean : exit_code::findings);
}

// The visit among all that rules look at together with it: a run puts it together.
int explain_around(const engine::Rules& rules, const std::string& visit,
                   const std::string& visit_number, const Arguments& arguments,
                   const Terminal& terminal) {
  const hir::Program& program = engine::program(rules);
  engine::SurroundingOptions options{.groups = arguments.groups || !arguments.rule.empty(),
                                     .rule = arguments.rule};
  if (const auto known = known_days(arguments, options.run); !known)
    return fail(known.error(), terminal, exit_code::usage);
  int code = exit_code::clean;
  const auto answers = open_answers(arguments, rules, terminal, code);
  if (code != exit_code::clean)
    return code;
  options.run.answers = answers.get();
  std::unique_ptr<history::Store> history;
  if (!arguments.history.empty()) {
    auto opened = open_history(arguments.history, program, terminal);
    if (!opened)
      return fail(opened.error(), terminal, exit_code::refused);
    history = std::move(*opened);
    options.run.history = history.get();
  }
  auto in = ClaimsInput::open(arguments, program.schema, terminal, code);
  if (!in)
    return code;
  const auto around = engine::surroundings(rules, visit, options, claim_ports(*in));
  if (!around)
    return fail(around.error(), terminal, exit_code::refused);
  if (answers != nullptr)
    tell_answers(*answers, arguments.answers, visit_number, terminal);
  if (around->empty())
    return nothing_left(terminal);
  return tell(engine::explain(rules, *around, explain_options(arguments, terminal)), terminal);
}

} // namespace

int explain(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.pack.empty() || arguments.in.empty() || arguments.settlement.empty())
    return wrong_usage(terminal, "需要 --pack 规则包 --in 文件 --settlement 结算号或就诊号",
                       "needs --pack DIR --in FILE --settlement ID (a settlement or visit number)");
  if (arguments.in == "-" && (arguments.groups || !arguments.history.empty()))
    return wrong_usage(terminal, "--groups 和 --history 要把输入再读一遍，--in 须为文件或文件夹",
                       "--groups and --history read the input again: --in has to be a file or a "
                       "folder");
  const auto rules = ready_rules(arguments.pack, arguments, terminal);
  if (!rules)
    return exit_code::usage;
  tell_folder(*rules, terminal);
  const hir::Program& program = engine::program(*rules);
  if (!arguments.rule.empty() &&
      std::ranges::find(program.rules, arguments.rule, &hir::Rule::id) == program.rules.end())
    return wrong_usage(terminal, fmt::format("规则包中没有规则“{}”", arguments.rule),
                       fmt::format("the pack has no rule `{}`", arguments.rule));
  int code = exit_code::clean;
  const auto answers = open_answers(arguments, *rules, terminal, code);
  if (code != exit_code::clean)
    return code;
  auto in = ClaimsInput::open(arguments, program.schema, terminal, code);
  if (!in)
    return code;
  io::LineChunks lines([&](char* buffer, std::size_t size) { return in->read(buffer, size); });
  std::optional<io::Reject> refused;
  auto found = engine::find_settlement(
      program,
      [&](io::Chunk& chunk) { return in->has_chunks() ? in->next(chunk) : lines.next(chunk); },
      arguments.settlement, refused, answers.get());
  if (!found)
    return fail(found.error(), terminal, exit_code::refused);
  if (!*found && refused)
    return fail(reject_text(arguments.in, *refused), terminal, exit_code::refused);
  if (!*found)
    return wrong_usage(
        terminal, fmt::format("“{}”中没有结算单“{}”", arguments.in, arguments.settlement),
        fmt::format("`{}` has no settlement `{}`", arguments.in, arguments.settlement));
  const std::string visit_number = engine::visit_number(program, **found);
  const auto named = std::ranges::find(program.rules, arguments.rule, &hir::Rule::id);
  const bool across = named != program.rules.end() && named->subject.across;
  if (arguments.groups || across || !arguments.history.empty())
    return explain_around(*rules, engine::visit_key(program, **found), visit_number, arguments,
                          terminal);
  // Other records of the visit may stand anywhere; what came through a pipe is gone.
  std::optional<engine::FoundSettlement> visit = std::move(**found);
  if (arguments.in != "-")
    visit = complete(*rules, std::move(*visit), answers.get(), arguments, terminal, code);
  if (code != exit_code::clean)
    return code;
  if (answers != nullptr)
    tell_answers(*answers, arguments.answers, visit_number, terminal);
  if (!visit)
    return nothing_left(terminal);
  return tell(engine::explain(*rules, *visit, explain_options(arguments, terminal)), terminal);
}

} // namespace sanku::command
