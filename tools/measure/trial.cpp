// See trial.h.
#include "tools/measure/trial.h"

#include "tools/engine/expectations.h"
#include "tools/engine/test_data.h"

#include <algorithm>

namespace sanku::measure {
namespace {

using evaluate::SubjectOutcome;

bool same_outcome(const SubjectOutcome& a, const SubjectOutcome& b) {
  if (a.outcome != b.outcome || a.settlement != b.settlement || a.subject != b.subject ||
      a.exemption != b.exemption || a.finding.has_value() != b.finding.has_value())
    return false;
  return !a.finding || exec::same(*a.finding, *b.finding);
}

} // namespace

std::vector<std::uint32_t> rules_of(const hir::Program& program, const hir::Test& test) {
  std::set<std::uint32_t> rules;
  for (std::size_t i = 0; i < test.ast->expect.size(); ++i) {
    if (test.ast->expect[i].outcome != ast::Expected::nothing) {
      rules.insert(test.expect_rules[i]);
      continue;
    }
    const auto all = engine::rules_of_nothing(program, test);
    rules.insert(all.begin(), all.end());
  }
  return {rules.begin(), rules.end()};
}

std::vector<std::vector<const hir::Test*>> tests_by_rule(const Rules& rules,
                                                         const std::set<std::uint32_t>& files) {
  const hir::Program& program = engine::program(rules);
  std::vector<std::vector<const hir::Test*>> made(program.rules.size());
  for (const hir::Test& test : program.tests)
    if (files.empty() ? engine::is_named(rules, test.layer) : files.contains(test.ast->span.file))
      for (const std::uint32_t rule : rules_of(program, test))
        made[rule].push_back(&test);
  return made;
}

std::unique_ptr<Trial> trial(const Rules& rules, const hir::CheckedSchema& schema,
                             const hir::Test& test) {
  const hir::Program& program = engine::program(rules);
  auto made = std::make_unique<Trial>();
  made->test = &test;
  made->rules = rules_of(program, test);
  auto tables = engine::given_tables(rules, test);
  if (!tables)
    return nullptr;
  made->tables = std::move(*tables);
  made->given.resize(made->tables.size());
  for (const auto& given : test.ast->given)
    if (const auto* rows = std::get_if<ast::GivenKnowledge>(&given))
      for (std::size_t i = 0; i < program.tables.size(); ++i) {
        const schema::Names& names = program.tables[i].shape.relation.names;
        if (names.en == rows->table.text || names.zh == rows->table.text)
          made->given[i] = true;
      }
  made->engine =
      engine::make_engine(program, made->tables, nullptr, {.kind = engine::EngineKind::evaluator});
  return read_again(rules, schema, *made) ? std::move(made) : nullptr;
}

bool read_again(const Rules& rules, const hir::CheckedSchema& schema, Trial& trial) {
  forget(trial);
  auto batch = engine::given_batch(rules, schema, *trial.test, *trial.engine);
  if (!batch)
    return false;
  trial.batch = std::move(*batch);
  return true;
}

void forget(Trial& trial) { trial.evaluator.reset(); }

evaluate::Input input_of(const hir::Program& program, const Trial& trial) {
  return {program,      trial.tables,   trial.batch, engine::dictionaries(*trial.engine),
          &trial.peers, &trial.observer};
}

evaluate::Evaluator& evaluator_for(const hir::Program& program, Trial& trial, std::uint32_t rule) {
  const hir::Rule& judged = program.rules[rule];
  // Groups of the whole batch are kept by an evaluator, and conditions may say who is in them.
  if (!trial.evaluator || judged.subject.across) {
    trial.peers = engine::no_peers(program);
    trial.evaluator.emplace(input_of(program, trial));
    if (!judged.peers.empty()) {
      trial.evaluator->collect(trial.peers);
      exec::finish(trial.peers);
    }
  }
  return *trial.evaluator;
}

std::vector<SubjectOutcome> judge(const hir::Program& program, Trial& trial, std::uint32_t rule) {
  evaluate::Evaluator& evaluator = evaluator_for(program, trial, rule);
  const evaluate::Input input = input_of(program, trial);
  std::vector<SubjectOutcome> all;
  for (std::uint32_t settlement = 0; settlement < trial.batch.settlements; ++settlement)
    if (engine::is_judged(input, settlement, rule))
      for (SubjectOutcome& outcome :
           evaluator.rule(settlement, rule, evaluate::Evaluator::Names::skip))
        all.push_back(std::move(outcome));
  return all;
}

bool same_outcomes(const std::vector<SubjectOutcome>& a, const std::vector<SubjectOutcome>& b) {
  return std::ranges::equal(a, b, same_outcome);
}

} // namespace sanku::measure
