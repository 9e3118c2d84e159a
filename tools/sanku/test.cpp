// sanku test: the `test` blocks of a pack, by both executions, and what they show of its rules.
#include "tools/sanku/test.h"

#include "tools/engine/run_tests.h"
#include "tools/sanku/command.h"
#include "tools/sanku/prove.h"
#include "tools/sanku/scope.h"

#include <algorithm>
#include <cstdio>

namespace sanku::command {
namespace {

// Mistakes on stderr; a pack that has some is not tested.
int tell_mistakes(const engine::Rules& rules, const Terminal& terminal) {
  const std::string mistakes =
      diag::text(rules.diagnostics, rules.map, {terminal.diag_language(), terminal.colour_err}) +
      diag::summary(rules.diagnostics, rules.map.files.size(), terminal.diag_language());
  (void)std::fwrite(mistakes.data(), 1, mistakes.size(), stderr);
  complain(
      terminal.pick("规则包中有错误，测试未运行", "the pack has mistakes, so no test was run"));
  return exit_code::findings;
}

// The tests that the solver writes. A word behind --generate is a rule, or where no other path is
// given the pack.
int write_tests(const Arguments& given, const Terminal& terminal) {
  Arguments arguments = given;
  if (arguments.paths.empty())
    arguments.paths = {arguments.generate};
  else if (arguments.generate != "all")
    arguments.rule = arguments.generate;
  const auto reading = read_options(arguments);
  if (!reading)
    return fail(reading.error(), terminal, exit_code::usage);
  const auto scopes = read_scopes(arguments.paths, *reading);
  if (!scopes)
    return fail(scopes.error(), terminal, exit_code::usage);
  for (const Scope& scope : *scopes)
    if (tell(scope.rules->diagnostics, scope.rules->map, terminal))
      return exit_code::findings;
  return generate_tests(*scopes, arguments, terminal);
}

} // namespace

int test(const Arguments& arguments, const Terminal& terminal) {
  if (!arguments.generate.empty())
    return write_tests(arguments, terminal);
  if (arguments.paths.empty())
    return wrong_usage(terminal, "请给出规则包或规则文件：sanku test 路径…",
                       "name a pack or a rule file: sanku test PATH…");
  const auto reading = read_options(arguments);
  if (!reading)
    return fail(reading.error(), terminal, exit_code::usage);
  const auto wanted = wanted_measures(arguments);
  if (!wanted)
    return fail(wanted.error(), terminal, exit_code::usage);
  const auto scopes = read_scopes(arguments.paths, *reading);
  if (!scopes)
    return fail(scopes.error(), terminal, exit_code::usage);
  if (scopes->size() > 1 && !wanted->reports.empty())
    return wrong_usage(terminal, "--report 一次只写一个规则包",
                       "--report is of one pack at a time");
  std::string out;
  int code = exit_code::clean;
  for (const Scope& scope : *scopes) {
    engine::Rules& rules = *scope.rules;
    if (!engine::is_ready(rules))
      return tell_mistakes(rules, terminal);
    if (&scope == &scopes->front())
      tell_folder(rules, terminal);
    const auto run = engine::run_tests(rules, scope.files, {.language = terminal.language});
    if (!run)
      return fail(run.error(), terminal, exit_code::own_fault);
    out += engine::test_report(rules, *run, scope.files,
                               {.language = terminal.language, .colour = terminal.colour_out});
    const bool failed = std::ranges::any_of(
        run->results, [](const engine::TestResult& each) { return !each.failures.empty(); });
    if (run->disagreements != 0)
      code = exit_code::own_fault;
    else if (failed && code == exit_code::clean)
      code = exit_code::findings;
    const int measured = measure_tests(scope, *run, *wanted, terminal, out);
    if (code == exit_code::clean || measured > exit_code::findings)
      code = measured;
  }
  return print(out, terminal, code);
}

} // namespace sanku::command
