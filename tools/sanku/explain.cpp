// sanku explain: one settlement, every rule.
#include "tools/engine/explain.h"

#include "tools/engine/engine.h"
#include "tools/sanku/answers.h"
#include "tools/sanku/command.h"
#include "tools/sanku/input.h"

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

} // namespace

int explain(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.pack.empty() || arguments.in.empty() || arguments.settlement.empty())
    return wrong_usage(terminal, "需要 --pack 规则包 --in 文件 --settlement 结算号或就诊号",
                       "needs --pack DIR --in FILE --settlement ID (a settlement or visit number)");
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
  // Other records of the visit may stand anywhere; what came through a pipe is gone.
  std::optional<engine::FoundSettlement> visit = std::move(**found);
  if (arguments.in != "-")
    visit = complete(*rules, std::move(*visit), answers.get(), arguments, terminal, code);
  if (code != exit_code::clean)
    return code;
  if (answers != nullptr)
    tell_answers(*answers, arguments.answers, visit_number, terminal);
  if (!visit)
    return print(
        terminal.pick("该次就诊的结算均已退费，不再审核\n",
                      "every settlement of this visit was refunded; nothing is reviewed\n"),
        terminal, exit_code::clean);
  const engine::Explanation explanation = engine::explain(*rules, *visit,
                                                          {.language = terminal.language,
                                                           .identities = arguments.identities,
                                                           .colour = terminal.colour_out,
                                                           .rule = arguments.rule});
  return print(explanation.text, terminal,
               explanation.findings == 0 ? exit_code::clean : exit_code::findings);
}

} // namespace sanku::command
