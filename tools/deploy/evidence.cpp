// See evidence.h.
#include "tools/deploy/evidence.h"

#include "compiler/plan/plan.h"
#include "runtime/types/check.h"
#include "tools/measure/coverage.h"
#include "tools/measure/mutation_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sanku::deploy {
namespace {

using engine::Rules;

// A rule's tests by what they expect of it.
struct Expectations {
  std::uint64_t firing = 0, clear = 0, indeterminate = 0, not_applicable = 0;
};

std::vector<Expectations> expectations(const hir::Program& program, const engine::TestRun& run) {
  std::vector<Expectations> all(program.rules.size());
  for (const engine::TestResult& result : run.results)
    for (std::size_t i = 0; i < result.test->ast->expect.size(); ++i) {
      const ast::Expected outcome = result.test->ast->expect[i].outcome;
      if (outcome == ast::Expected::nothing)
        continue;
      Expectations& of = all[result.test->expect_rules[i]];
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

// The pack's own, of rules or of tables.
template <class Part> std::vector<bool> own(const Rules& rules, const std::vector<Part>& parts) {
  std::vector<bool> all(parts.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = engine::is_named(rules, parts[i].layer);
  return all;
}

// Rules of the pack, and those below it that its tests are about.
std::vector<bool> concerned(const Rules& rules, const engine::TestRun& run) {
  std::vector<bool> all = own(rules, engine::program(rules).rules);
  for (const engine::TestResult& result : run.results)
    for (std::size_t i = 0; i < result.test->ast->expect.size(); ++i)
      if (result.test->ast->expect[i].outcome != ast::Expected::nothing)
        all[result.test->expect_rules[i]] = true;
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
  const auto of = expectations(program, run);
  const std::vector<bool> shown = concerned(rules, run);
  for (std::size_t i = 0; i < of.size(); ++i)
    if (shown[i])
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

Result<void> add_proofs(const Rules& rules, const EvidenceOptions& options, Evidence& evidence) {
  auto proven = proofs_of(rules, options.seed);
  if (!proven)
    return tl::unexpected(proven.error());
  evidence.proofs = std::move(*proven);
  const pack::Proofs& proofs = evidence.proofs->proofs;
  if (options.seed)
    return {};
  evidence.figures.push_back({"conflicts", fmt::format("{}", proofs.conflicts())});
  evidence.figures.push_back({"unknown", fmt::format("{}", proofs.unknown())});
  evidence.reports[std::string(pack::proofs_report)] = pack::proofs_text(proofs);
  return {};
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

std::optional<pack::Pin> pin_for(const Rules& rules) {
  const std::uint32_t layer = rules.named.front();
  if (layer == 0)
    return std::nullopt;
  const engine::Pack& own = rules.layers[layer];
  const engine::Pack& below = rules.layers[rules.below[layer]];
  check(below.packed != nullptr, "the pack file of an overlay lies on a pack file");
  return pack::pin_on(*below.packed, own.base_versions.value_or(pack::Versions{
                                         .least = below.version, .most = below.version}));
}

std::vector<pack::Fact> stated_facts(const Rules& rules) {
  const engine::Pack& own = rules.pack;
  const hir::Program& program = engine::program(rules);
  // An overlay may leave its region to its declaration.
  const std::string& declared = program.layers[rules.named.front()].region;
  const std::string regions = own.regions.empty() && !declared.empty()
                                  ? declared
                                  : fmt::format("{}", fmt::join(own.regions, "+"));
  std::vector<pack::Fact> facts = {
      {"name", own.name},
      {"version", own.version},
      {"edition", own.edition},
      {"schema", fmt::format("{} {}", program.schema.names.en, program.schema.edition)},
      {"layer", regions.empty() ? std::string("national") : regions}};
  if (!own.regions.empty())
    facts.push_back({"regions", fmt::format("{}", fmt::join(own.regions, " "))});
  if (const auto pin = pin_for(rules))
    facts.push_back({"base", pack::pin_text(*pin)});
  return facts;
}

Result<Evidence> evidence_of(Rules& rules, const EvidenceOptions& options) {
  const hir::Program& program = engine::program(rules);
  const auto run = engine::run_tests(
      rules, {}, {.language = options.language, .most_seconds = options.most_seconds});
  if (!run)
    return tl::unexpected(run.error());
  Evidence evidence;
  evidence.tests = run->results.size();
  evidence.is_compiled = run->is_compiled;
  evidence.failed = static_cast<std::uint64_t>(std::ranges::count_if(
      run->results, [](const engine::TestResult& each) { return !each.failures.empty(); }));
  const auto figure = [&](std::string_view name, std::uint64_t number) {
    evidence.figures.push_back({std::string(name), fmt::format("{}", number)});
  };
  const std::vector<bool> own_rules = own(rules, program.rules);
  figure("rules", static_cast<std::uint64_t>(std::ranges::count(own_rules, true)));
  figure("tables",
         static_cast<std::uint64_t>(std::ranges::count(own(rules, program.tables), true)));
  figure("tests", run->results.size());
  const measure::Coverage coverage = measure::coverage(rules, {});
  evidence.figures.push_back({"coverage", figure_of(coverage.whole)});
  evidence.reports[coverage_report] = coverage_text(rules, coverage);
  const measure::Mutation mutation =
      measure::mutation(rules, {.sample = options.seed ? sampled_mutants : 0,
                                .seed = options.seed.value_or(0),
                                .claims = false});
  evidence.all_mutants = mutation.all;
  std::string mutants;
  for (const measure::JudgedMutant& each : mutation.mutants) {
    evidence.mutants.push_back(mutant_line(rules, each));
    mutants += evidence.mutants.back() + '\n';
  }
  if (!options.seed) {
    evidence.figures.push_back({"mutation", figure_of(mutation.score())});
    evidence.reports[mutation_report] = std::move(mutants);
  }
  if (options.prove)
    if (auto added = add_proofs(rules, options, evidence); !added)
      return tl::unexpected(added.error());
  evidence.reports[tests_report] = tests_text(rules, *run);
  evidence.reports[cost_report] = plan::text(program, plan::plan(program), Language::en, own_rules);
  return evidence;
}

} // namespace sanku::deploy
