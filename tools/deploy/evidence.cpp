// See evidence.h.
#include "tools/deploy/evidence.h"

#include "compiler/plan/plan.h"
#include "tools/measure/coverage.h"
#include "tools/measure/mutation_text.h"

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

std::string figure_of(const measure::Tally& tally) {
  const std::uint32_t share = measure::per_cent(tally);
  return fmt::format("{}.{:02}", share / 100, share % 100);
}

// By measure, then by rule; without places, which depend on the layout.
std::string coverage_text(const Rules& rules, const measure::Coverage& coverage) {
  std::string text;
  for (std::size_t i = 0; i < measure::measure_count; ++i) {
    const measure::Tally& tally = coverage.tallies[i];
    text += fmt::format("{} {} of {}\n", measure::words_of(static_cast<measure::Measure>(i)).key,
                        tally.reached, tally.all);
  }
  text += fmt::format("whole {} of {}\n", coverage.whole.reached, coverage.whole.all);
  std::map<std::uint32_t, measure::Tally> goals;
  for (const measure::Goal& goal : coverage.goals)
    if (goal.rule && measure::counts(goal.measure)) {
      ++goals[*goal.rule].all;
      goals[*goal.rule].reached += goal.reached;
    }
  for (const measure::RuleCover& cover : coverage.rules)
    text += fmt::format("rule {} goals {} of {} fired {} clear {} not-applicable {} "
                        "indeterminate {}\n",
                        engine::program(rules).rules[cover.rule].id, goals[cover.rule].reached,
                        goals[cover.rule].all, cover.fired, cover.clear, cover.not_applicable,
                        cover.indeterminate);
  return text;
}

std::string mutant_line(const Rules& rules, const measure::JudgedMutant& mutant) {
  return fmt::format("{} {} {} {}", mutant.number, engine::program(rules).rules[mutant.rule].id,
                     measure::words_of(mutant.kind).key, measure::fate_key(mutant.fate));
}

} // namespace

std::optional<MutationClaim> claimed_mutation(std::string_view report, const Evidence& found) {
  MutationClaim claim;
  measure::Tally tally;
  std::map<std::string, bool, std::less<>> lines; // whether they were met
  while (!report.empty()) {
    const std::size_t end = report.find('\n');
    if (end == std::string_view::npos)
      return std::nullopt;
    const std::string_view line = report.substr(0, end);
    report.remove_prefix(end + 1);
    if (!line.starts_with(fmt::format("{} ", claim.mutants)))
      return std::nullopt;
    ++claim.mutants;
    tally.all += !line.ends_with(" equal");
    tally.reached += line.ends_with(" noticed");
    lines.emplace(line, true);
  }
  claim.figure = figure_of(tally);
  for (const std::string& line : found.mutants)
    if (!claim.differs && !lines.contains(line))
      claim.differs = line;
  return claim;
}

Result<Evidence> evidence_of(Rules& rules, Language language, std::optional<std::uint64_t> seed) {
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
  const measure::Coverage coverage = measure::coverage(rules, {});
  evidence.figures.push_back({"coverage", figure_of(coverage.whole)});
  evidence.reports[coverage_report] = coverage_text(rules, coverage);
  const measure::Mutation mutation = measure::mutation(
      rules, {.sample = seed ? sampled_mutants : 0, .seed = seed.value_or(0), .claims = false});
  evidence.all_mutants = mutation.all;
  std::string mutants;
  for (const measure::JudgedMutant& each : mutation.mutants) {
    evidence.mutants.push_back(mutant_line(rules, each));
    mutants += evidence.mutants.back() + '\n';
  }
  if (!seed) {
    evidence.figures.push_back({"mutation", figure_of(mutation.score())});
    evidence.reports[mutation_report] = std::move(mutants);
  }
  evidence.reports[tests_report] = tests_text(rules, *run);
  evidence.reports[cost_report] = plan::text(program, plan::plan(program), Language::en);
  return evidence;
}

} // namespace sanku::deploy
