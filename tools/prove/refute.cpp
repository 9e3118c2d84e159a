// See refute.h. The evaluator judges each test that names the rule; of a condition it is asked as
// well what comes out with the condition turned round.
#include "tools/prove/refute.h"

#include "runtime/exec/finding.h"
#include "tools/engine/expectations.h"
#include "tools/engine/reasons.h"
#include "tools/engine/test_data.h"

#include <algorithm>

namespace sanku::prove {
namespace {

using evaluate::SubjectOutcome;

struct Trial {
  const hir::Program& program;
  std::uint32_t rule;
  const std::vector<knowledge::Table>& tables;
  const batch::Batch& batch;
  const engine::Engine& engine;

  std::vector<SubjectOutcome> judged(const evaluate::Observer& observer) const {
    exec::PeersOfRules peers = engine::no_peers(program);
    evaluate::Input input{program, tables, batch, engine::dictionaries(engine), &peers};
    input.observer = &observer;
    evaluate::Evaluator evaluator(input);
    if (!program.rules[rule].peers.empty()) {
      evaluator.collect(peers);
      exec::finish(peers);
    }
    std::vector<SubjectOutcome> all;
    for (std::uint32_t settlement = 0; settlement < batch.settlements; ++settlement)
      if (engine::is_judged(input, settlement, rule))
        std::ranges::move(evaluator.rule(settlement, rule, evaluate::Evaluator::Names::skip),
                          std::back_inserter(all));
    return all;
  }
};

bool same_outcome(const SubjectOutcome& a, const SubjectOutcome& b) {
  if (a.outcome != b.outcome || a.finding.has_value() != b.finding.has_value())
    return false;
  return !a.finding || exec::same(*a.finding, *b.finding);
}

// Whether the condition went that way and the rule would have come out otherwise had it not.
bool decides(const Trial& trial, const hir::Expr* condition, Tri way) {
  bool went = false;
  evaluate::Observer observer;
  observer.value = [&](const hir::Expr& expr, Value& value) {
    went = went || (&expr == condition && engine::truth_of(value) == way);
  };
  const std::vector<SubjectOutcome> found = trial.judged(observer);
  if (!went)
    return false;
  observer.value = [&](const hir::Expr& expr, Value& value) {
    if (&expr == condition && engine::truth_of(value) == way)
      value = Bool{way == Tri::no};
  };
  return !std::ranges::equal(found, trial.judged(observer), same_outcome);
}

bool shows(const Trial& trial, const Never& never) {
  switch (never.kind) {
  case Kind::always_true:
    return decides(trial, never.condition, Tri::no);
  case Kind::always_false:
    return decides(trial, never.condition, Tri::yes);
  case Kind::never_fires:
  case Kind::never_speaks:
  case Kind::shadowed:
    return std::ranges::any_of(trial.judged({}), [&](const SubjectOutcome& outcome) {
      return outcome.finding &&
             (never.kind == Kind::never_fires || outcome.finding->branch == never.branch);
    });
  case Kind::together:
  case Kind::overlap:
  case Kind::loosened:
  case Kind::differs:
  case Kind::not_compared:
  case Kind::equal:
    break;
  }
  return false;
}

} // namespace

bool is_shown_by_tests(const engine::Rules& rules, const hir::CheckedSchema& schema,
                       std::uint32_t rule, const Never& never) {
  const hir::Program& program = engine::program(rules);
  return std::ranges::any_of(program.tests, [&](const hir::Test& test) {
    if (std::ranges::find(test.expect_rules, rule) == test.expect_rules.end())
      return false;
    const auto tables = engine::given_tables(rules, test);
    if (!tables)
      return false;
    const auto engine =
        engine::make_engine(program, *tables, nullptr, {.kind = engine::EngineKind::evaluator});
    const auto batch = engine::given_batch(rules, schema, test, *engine);
    return batch && shows({program, rule, *tables, *batch, *engine}, never);
  });
}

} // namespace sanku::prove
