// See mutation.h.
#include "tools/measure/mutation.h"

#include "tools/engine/expectations.h"
#include "tools/engine/test_data.h"
#include "tools/measure/claims.h"
#include "tools/measure/equal.h"

#include <algorithm>
#include <unordered_set>

namespace sanku::measure {
namespace {

// What the tests of a rule go through, and what they expect of it.
struct OfRule {
  Trials trials;
  std::vector<std::unordered_set<const hir::Expr*>> reached; // by trial
  std::vector<std::set<std::uint32_t>> branches;             // that spoke
  bool is_decided = false;                                   // by some of them
};

// A number that nobody could have chosen: splitmix64.
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15u;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

struct Runner {
  Rules& rules;
  const hir::Program& program;
  const MutationOptions& options;
  hir::CheckedSchema schema;
  std::vector<std::vector<const hir::Test*>> tests;
  Mutation made = {};

  bool is_wanted(std::uint32_t rule) const {
    const hir::Rule& of = program.rules[rule];
    return options.files.empty() ? engine::is_named(rules, of.layer)
                                 : options.files.contains(of.span.file);
  }

  bool meets(Trial& trial, std::uint32_t rule) {
    evaluate::Evaluator& evaluator = evaluator_for(program, trial, rule);
    const engine::Did did = engine::did(evaluator, input_of(program, trial), rule);
    const std::vector<ast::Expect>& expect = trial.test->ast->expect;
    for (std::size_t i = 0; i < expect.size(); ++i) {
      const bool about =
          expect[i].outcome == ast::Expected::nothing || trial.test->expect_rules[i] == rule;
      if (about && !engine::met(expect[i], did, schema))
        return false;
    }
    return true;
  }

  // Tests that fail already can notice nothing.
  OfRule prepare(std::uint32_t rule) {
    OfRule made_ready;
    for (const hir::Test* test : tests[rule]) {
      auto ready = trial(rules, schema, *test);
      if (!ready || !meets(*ready, rule))
        continue;
      std::unordered_set<const hir::Expr*> reached;
      ready->observer.value = [&](const hir::Expr& expr, const Value&) { reached.insert(&expr); };
      std::set<std::uint32_t> branches;
      for (const evaluate::SubjectOutcome& outcome : judge(program, *ready, rule)) {
        if (outcome.finding)
          branches.insert(outcome.finding->branch);
        made_ready.is_decided = made_ready.is_decided || outcome.outcome == abi::Outcome::fired ||
                                outcome.outcome == abi::Outcome::clear;
      }
      ready->observer = {};
      made_ready.trials.push_back(std::move(ready));
      made_ready.reached.push_back(std::move(reached));
      made_ready.branches.push_back(std::move(branches));
    }
    return made_ready;
  }

  static bool reaches(const Mutant& mutant, const OfRule& of, std::size_t trial) {
    if (mutant.branch)
      return of.branches[trial].contains(*mutant.branch);
    if (changes_tables(mutant))
      return std::ranges::any_of(mutant.changes, [&](const Change& change) {
        return std::get<OtherCell>(change).trial == trial;
      });
    return std::ranges::any_of(
        mutant.reaching, [&](const hir::Expr* expr) { return of.reached[trial].contains(expr); });
  }

  JudgedMutant judged(std::uint64_t place, Mutant& mutant, OfRule& of) {
    JudgedMutant made_of{.number = place,
                         .kind = mutant.kind,
                         .rule = mutant.rule,
                         .span = mutant.span,
                         .from_zh = mutant.from_zh,
                         .from_en = mutant.from_en,
                         .to_zh = mutant.to_zh,
                         .to_en = mutant.to_en,
                         .fate = Fate::unreached,
                         .by = nullptr,
                         .why_zh = {},
                         .why_en = {},
                         .claim = {}};
    const bool tables = changes_tables(mutant);
    toggle(mutant, of.trials);
    for (std::size_t i = 0; i < of.trials.size() && made_of.fate != Fate::noticed; ++i) {
      if (!reaches(mutant, of, i))
        continue;
      if (tables)
        forget(*of.trials[i]);
      made_of.fate = Fate::survived;
      if (!meets(*of.trials[i], mutant.rule)) {
        made_of.fate = Fate::noticed;
        made_of.by = of.trials[i]->test;
      }
      if (tables)
        forget(*of.trials[i]);
    }
    toggle(mutant, of.trials);
    if (made_of.fate == Fate::noticed)
      return made_of;
    if (const auto why = equal(program, mutant)) {
      made_of.fate = Fate::equal;
      made_of.why_zh = why->zh;
      made_of.why_en = why->en;
    }
    return made_of;
  }

  // Of those for which nothing was found so far.
  void from_more_claims(std::uint32_t rule, const std::vector<Mutant*>& mutants,
                        std::vector<std::string>& claims) {
    std::vector<Mutant*> rest;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < mutants.size(); ++i)
      // Rows that tests give or look up are changed in these tests alone.
      if (claims[i].empty() && !changes_tables(*mutants[i])) {
        rest.push_back(mutants[i]);
        places.push_back(i);
      }
    if (rest.empty())
      return;
    std::vector<ast::Test> written = options.more_claims(rule);
    std::vector<hir::Test> from;
    const std::uint32_t layer = program.rules[rule].layer;
    for (const ast::Test& each : written)
      from.push_back({.ast = &each,
                      .expect_rules = {rule},
                      .layer = layer,
                      .region = program.layers[layer].region});
    Trials trials;
    for (const hir::Test& test : from)
      if (auto ready = trial(rules, schema, test))
        trials.push_back(std::move(ready));
    const std::vector<std::string> found = claims_that_notice(
        rules, {.schema = schema, .rule = rule, .language = options.language, .written = &written},
        trials, rest, made.tried);
    for (std::size_t i = 0; i < found.size(); ++i)
      claims[places[i]] = found[i];
  }

  // `first`: the number of its first mutant; `chosen`: which of them, null: all.
  void of_rule(std::uint32_t rule, std::uint64_t first, const std::set<std::size_t>* chosen) {
    OfRule of = prepare(rule);
    std::vector<Mutant> mutants = mutants_of(rules, rule, of.trials);
    std::vector<Mutant*> unnoticed;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < mutants.size(); ++i) {
      if (chosen != nullptr && !chosen->contains(i))
        continue;
      made.mutants.push_back(judged(first + i, mutants[i], of));
      const Fate fate = made.mutants.back().fate;
      if (fate != Fate::survived && fate != Fate::unreached)
        continue;
      unnoticed.push_back(&mutants[i]);
      places.push_back(made.mutants.size() - 1);
    }
    if (chosen == nullptr)
      made.all += mutants.size();
    if (!options.claims || unnoticed.empty())
      return;
    std::vector<std::string> claims =
        claims_that_notice(rules, {.schema = schema, .rule = rule, .language = options.language},
                           of.trials, unnoticed, made.tried);
    if (options.more_claims && !of.is_decided)
      from_more_claims(rule, unnoticed, claims);
    for (std::size_t i = 0; i < claims.size(); ++i)
      made.mutants[places[i]].claim = claims[i];
  }

  // By rule, which of its mutants are in the sample.
  std::map<std::uint32_t, std::set<std::size_t>>
  drawn(std::map<std::uint32_t, std::uint64_t>& firsts) {
    struct Draw {
      std::uint64_t lot;
      std::uint32_t rule;
      std::size_t mutant;
    };
    std::vector<Draw> all;
    for (std::uint32_t rule = 0; rule < program.rules.size(); ++rule) {
      if (!is_wanted(rule))
        continue;
      OfRule of = prepare(rule);
      const std::size_t count = mutants_of(rules, rule, of.trials).size();
      firsts[rule] = all.size();
      for (std::size_t i = 0; i < count; ++i)
        all.push_back({mixed(mixed(options.seed) ^ mixed(all.size())), rule, i});
    }
    made.all = all.size();
    std::ranges::sort(
        all, {}, [](const Draw& each) { return std::tuple(each.lot, each.rule, each.mutant); });
    all.resize(std::min<std::size_t>(all.size(), options.sample));
    std::map<std::uint32_t, std::set<std::size_t>> chosen;
    for (const Draw& each : all)
      chosen[each.rule].insert(each.mutant);
    return chosen;
  }

  void run() {
    if (options.sample > 0) {
      std::map<std::uint32_t, std::uint64_t> firsts;
      for (const auto& [rule, chosen] : drawn(firsts))
        of_rule(rule, firsts[rule], &chosen);
      return;
    }
    for (std::uint32_t rule = 0; rule < program.rules.size(); ++rule)
      if (is_wanted(rule))
        of_rule(rule, made.all, nullptr);
  }
};

} // namespace

Tally Mutation::score() const {
  Tally tally;
  for (const JudgedMutant& each : mutants) {
    tally.all += each.fate != Fate::equal;
    tally.reached += each.fate == Fate::noticed;
  }
  return tally;
}

Mutation mutation(Rules& rules, const MutationOptions& options) {
  Runner runner{.rules = rules,
                .program = engine::program(rules),
                .options = options,
                .schema = engine::schema_names(rules),
                .tests = tests_by_rule(rules, options.files)};
  runner.run();
  return std::move(runner.made);
}

} // namespace sanku::measure
