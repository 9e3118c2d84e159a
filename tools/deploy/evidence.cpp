// See evidence.h.
#include "tools/deploy/evidence.h"

#include "compiler/plan/plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::deploy {
namespace {

using engine::Rules;

// A rule's tests by what they expect of it.
struct Expectations {
  std::uint64_t firing = 0, clear = 0, indeterminate = 0, not_applicable = 0;
};

std::vector<Expectations> expectations(const hir::Program& program) {
  std::vector<Expectations> all(program.rules.size());
  for (const hir::Test& test : program.tests)
    for (std::size_t i = 0; i < test.ast->expect.size(); ++i) {
      const ast::Expected outcome = test.ast->expect[i].outcome;
      if (outcome == ast::Expected::nothing)
        continue;
      Expectations& of = all[test.expect_rules[i]];
      switch (outcome) {
      case ast::Expected::fired:
        ++of.firing;
        break;
      case ast::Expected::clear:
        ++of.clear;
        break;
      case ast::Expected::indeterminate:
        ++of.indeterminate;
        break;
      case ast::Expected::not_applicable:
        ++of.not_applicable;
        break;
      case ast::Expected::nothing:
        break;
      }
    }
  return all;
}

std::string tests_text(const Rules& rules, const engine::TestRun& run) {
  const hir::Program& program = engine::program(rules);
  std::string text;
  for (const engine::TestResult& result : run.results) {
    const std::filesystem::path file = rules.map.files[result.test->ast->span.file].path;
    text += fmt::format("{} {} \"{}\"\n", result.failures.empty() ? "passed" : "failed",
                        file.lexically_relative(rules.pack.folder).generic_string(),
                        result.test->ast->title);
  }
  const auto of = expectations(program);
  for (std::size_t i = 0; i < of.size(); ++i)
    text += fmt::format("rule {} firing {} clear {} indeterminate {} not-applicable {}\n",
                        program.rules[i].id, of[i].firing, of[i].clear, of[i].indeterminate,
                        of[i].not_applicable);
  return text;
}

} // namespace

Result<Evidence> evidence_of(const Rules& rules, Language language) {
  const hir::Program& program = engine::program(rules);
  const auto run = engine::run_tests(rules, {}, language, jit::Level::none);
  if (!run)
    return tl::unexpected(run.error());
  Evidence evidence;
  evidence.failed = static_cast<std::uint64_t>(std::ranges::count_if(
      run->results, [](const engine::TestResult& each) { return !each.failures.empty(); }));
  const auto figure = [&](std::string_view name, std::uint64_t number) {
    evidence.figures.push_back({std::string(name), fmt::format("{}", number)});
  };
  figure("rules", program.rules.size());
  figure("tables", program.tables.size());
  figure("tests", run->results.size());
  evidence.reports[tests_report] = tests_text(rules, *run);
  evidence.reports[cost_report] = plan::dump(program, plan::plan(program));
  return evidence;
}

} // namespace sanku::deploy
