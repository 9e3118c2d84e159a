// The evaluator's entry points (evaluate.h) and the order of a judgement: guards, then branches,
// then what fired or is missing.
#include "compiler/evaluate/evaluate.h"

#include "compiler/evaluate/judge.h"
#include "compiler/evaluate/population.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <utility>

namespace sanku::evaluate {
namespace {

using abi::Outcome;

// The guards of a subject together, and the exemption that a failed `unless` names.
struct Guarded {
  Tri all = Tri::yes;
  std::string exemption;
};

Guarded guards(Scope& scope, const Subject& subject) {
  Guarded result;
  if (subject.incomplete)
    result.all = Tri::unknown;
  for (const hir::Guard& form : scope.rule().guards) {
    const Tri truth = guard(scope, form);
    result.all = tri_and(result.all, truth);
    const auto* condition = std::get_if<hir::ConditionGuard>(&form);
    if (truth == Tri::no && condition != nullptr && result.exemption.empty())
      result.exemption = condition->exemption;
  }
  return result;
}

using Names = Evaluator::Names;

void set_missing(SubjectOutcome& outcome, const Missing& missing, const hir::Program& program) {
  for (const MissingName& name : missing.names()) {
    outcome.missing_names.push_back(name);
    outcome.missing.push_back(text(program, name, Language::en));
  }
}

void undecided_guards(Scope& scope, Names names, SubjectOutcome& outcome) {
  outcome.outcome = Outcome::indeterminate;
  if (names != Names::collect)
    return;
  Missing missing(scope);
  if (const auto& entering = scope.rule().subject.entering)
    missing.add(*std::get<hir::RowsSource>(entering->binding.source).key);
  for (const hir::GroupKey& key : scope.rule().subject.keys)
    missing.add(key.value);
  for (const hir::Guard& form : scope.rule().guards)
    missing.add(form);
  set_missing(outcome, missing, scope.program());
}

void fired(Scope& scope, std::uint32_t branch, std::uint64_t unknown_branches,
           const Subject& subject, SubjectOutcome& outcome) {
  outcome.outcome = Outcome::fired;
  exec::Finding finding = fire(scope, branch);
  finding.settlement = outcome.settlement;
  finding.rule = outcome.rule;
  finding.subject = outcome.subject;
  finding.unknown_branches = unknown_branches;
  finding.keys = subject.keys;
  finding.trial = scope.rule().trial && scope.truth(*scope.rule().trial) != Tri::no;
  outcome.finding = std::move(finding);
}

// Names are looked for with every finding that shows them, one by one: only where that is little.
bool can_be_named(Scope& scope) {
  constexpr std::uint64_t most_steps = std::uint64_t{1} << 20;
  const exec::Steps steps = analysis::whole(scope.rows().steps(scope.rule()));
  return exec::count(steps, [&](const exec::Factor& factor) { return scope.length(factor); }) <=
         most_steps;
}

void branches(Scope& scope, const Subject& subject, Names names, SubjectOutcome& outcome) {
  const hir::Rule& rule = scope.rule();
  std::vector<std::uint32_t> unknown;
  std::uint64_t mask = 0;
  for (std::uint32_t i = 0; i < rule.branches.size(); ++i) {
    const Tri truth = branch(scope, rule.branches[i]);
    if (truth == Tri::yes)
      return fired(scope, i, mask, subject, outcome);
    if (truth == Tri::no)
      continue;
    unknown.push_back(i);
    if (i < 64)
      mask |= std::uint64_t{1} << i;
  }
  if (unknown.empty()) {
    outcome.outcome = Outcome::clear;
    return;
  }
  const bool told = rule.when_unknown && hir::names_missing(*rule.when_unknown);
  if (names != Names::collect && told && !can_be_named(scope)) {
    outcome.missing_names.push_back({.relation = exec::the_budget, .column = {}});
  } else if (names == Names::collect || told) {
    Missing missing(scope);
    for (const std::uint32_t i : unknown)
      missing.add(rule.branches[i]);
    set_missing(outcome, missing, scope.program());
  }
  outcome.outcome = Outcome::indeterminate;
  const bool speaks =
      rule.when_unknown && !is_too_much(scope, scope.rows().steps(rule).unknown.heavy) &&
      (!rule.when_unknown->stands || scope.truth(*rule.when_unknown->stands) != Tri::no);
  if (!speaks)
    return;
  fired(scope, exec::when_unknown_branch, mask, subject, outcome);
  if (told)
    outcome.finding->missing = outcome.missing_names;
}

void judge(Scope& scope, const Subject& subject, Names names, SubjectOutcome& outcome) {
  enter(scope, subject);
  Guarded guarded = guards(scope, subject);
  switch (guarded.all) {
  case Tri::yes:
    return branches(scope, subject, names, outcome);
  case Tri::unknown:
    return undecided_guards(scope, names, outcome);
  case Tri::no:
    outcome.outcome = Outcome::not_applicable;
    outcome.exemption = std::move(guarded.exemption);
  }
}

} // namespace

std::vector<SubjectOutcome> Evaluator::rule(std::uint32_t settlement, std::uint32_t rule,
                                            Names names) {
  if (rows_.settlement() != settlement)
    rows_.enter(settlement);
  const hir::Rule& judged = rows_.input().program.rules[rule];
  Scope scope(rows_, judged);
  std::vector<SubjectOutcome> outcomes;
  const std::vector<Subject> all =
      judged.subject.across ? population(rule) : subjects(rows_, judged);
  for (const Subject& subject : all) {
    if (subject.settlement != settlement)
      continue;
    SubjectOutcome outcome;
    outcome.settlement = settlement;
    outcome.rule = rule;
    outcome.subject = subject.row;
    if (names == Names::of_findings) {
      enter(scope, subject);
      if (!can_be_named(scope))
        outcome.missing_names.push_back({.relation = exec::the_budget, .column = {}});
    }
    if (outcome.missing_names.empty())
      judge(scope, subject, names, outcome);
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

const std::vector<Subject>& Evaluator::population(std::uint32_t rule) {
  const auto known = populations_.find(rule);
  if (known != populations_.end())
    return known->second;
  const Input& input = rows_.input();
  return populations_.emplace(rule, evaluate::population(input, input.program.rules[rule]))
      .first->second;
}

// Peers are the groups to which the rule applies.
void Evaluator::collect(exec::PeersOfRules& into) {
  const hir::Program& program = rows_.input().program;
  for (std::uint32_t rule = 0; rule < program.rules.size(); ++rule) {
    const hir::Rule& form = program.rules[rule];
    if (form.peers.empty())
      continue;
    for (const Subject& subject : population(rule)) {
      rows_.enter(subject.settlement);
      Scope scope(rows_, form);
      enter(scope, subject);
      if (guards(scope, subject).all != Tri::yes)
        continue;
      for (std::size_t i = 0; i < form.peers.size(); ++i) {
        const Value value = scope.value(form.peers[i].value);
        const auto keys = peer_keys(scope, form.peers[i].among);
        if (!keys || !is_known(value))
          continue;
        const auto* whole = std::get_if<Integer>(&value);
        into[rule][i].add(*keys, whole ? whole->value : std::get<Decimal>(value).units);
      }
    }
  }
}

namespace {

// What the rules of one settlement say of its subjects, each rule judged once.
class Judged {
public:
  explicit Judged(const Input& input) : evaluator_(input) {}

  // Those of one subject that fired, or were not judged again.
  std::span<const SubjectOutcome> of(std::uint32_t settlement, std::uint32_t rule,
                                     std::uint32_t subject) {
    if (settlement != settlement_)
      rules_.clear();
    settlement_ = settlement;
    const auto [at, is_new] = rules_.try_emplace(rule);
    if (is_new) {
      at->second = evaluator_.rule(settlement, rule, Evaluator::Names::of_findings);
      std::erase_if(at->second, [](const SubjectOutcome& each) {
        return !each.finding && each.missing_names.empty();
      });
      std::ranges::stable_sort(at->second, {}, &SubjectOutcome::subject);
    }
    return std::ranges::equal_range(at->second, subject, {}, &SubjectOutcome::subject);
  }

private:
  Evaluator evaluator_;
  std::optional<std::uint32_t> settlement_;
  std::map<std::uint32_t, std::vector<SubjectOutcome>> rules_; // of that settlement
};

} // namespace

void name_missing(const Input& input, std::vector<exec::Finding>& findings) {
  std::optional<Judged> judged;
  for (exec::Finding& finding : findings) {
    const auto& unknown = input.program.rules[finding.rule].when_unknown;
    if (finding.branch != exec::when_unknown_branch || !hir::names_missing(*unknown))
      continue;
    if (!judged)
      judged.emplace(input);
    for (const SubjectOutcome& outcome :
         judged->of(finding.settlement, finding.rule, finding.subject)) {
      if (!outcome.finding) {
        finding.missing = outcome.missing_names;
        continue;
      }
      // Of groups that begin with the same element the one with the same keys.
      exec::Finding named = *outcome.finding;
      std::vector<exec::MissingName> missing = std::exchange(named.missing, {});
      if (exec::same(named, finding))
        finding.missing = std::move(missing);
    }
  }
}

void run(const Input& input, std::vector<exec::Finding>& findings,
         std::vector<exec::Indeterminate>& indeterminate, std::vector<exec::OutcomeCounts>& counts,
         const std::vector<bool>* judged) {
  Evaluator evaluator(input);
  counts.resize(input.program.rules.size());
  const std::vector<bool>& context = input.batch.people.context;
  for (std::uint32_t settlement = 0; settlement < input.batch.settlements; ++settlement) {
    std::vector<SubjectOutcome> outcomes;
    for (std::uint32_t rule = 0; rule < input.program.rules.size(); ++rule) {
      const bool beside = !context.empty() && context[settlement];
      if ((judged != nullptr && !(*judged)[rule]) ||
          (beside && !input.program.rules[rule].subject.across))
        continue;
      for (SubjectOutcome& outcome : evaluator.rule(settlement, rule, Names::skip)) {
        exec::OutcomeCounts& count = counts[rule];
        count.fired += outcome.outcome == Outcome::fired;
        count.indeterminate += outcome.outcome == Outcome::indeterminate;
        count.clear += outcome.outcome == Outcome::clear;
        count.not_applicable += outcome.outcome == Outcome::not_applicable;
        outcomes.push_back(std::move(outcome));
      }
    }
    std::stable_sort(outcomes.begin(), outcomes.end(),
                     [](const SubjectOutcome& a, const SubjectOutcome& b) {
                       return std::tie(a.subject, a.rule) < std::tie(b.subject, b.rule);
                     });
    for (SubjectOutcome& outcome : outcomes) {
      if (outcome.finding)
        findings.push_back(std::move(*outcome.finding));
      if (outcome.outcome == Outcome::indeterminate) {
        indeterminate.push_back(exec::Indeterminate{
            .settlement = outcome.settlement, .rule = outcome.rule, .subject = outcome.subject});
      }
    }
  }
}

} // namespace sanku::evaluate
