// See expectations.h.
#include "tools/engine/expectations.h"

#include "compiler/evaluate/trace.h"
#include "compiler/hir/data.h"
#include "runtime/types/check.h"
#include "tools/engine/describe.h"

#include <algorithm>

namespace sanku::engine {
namespace {

using abi::Outcome;
using ast::Expected;

// The exemptions whose `unless` surely held.
void add_exemptions(const evaluate::Input& input, std::uint32_t settlement, std::uint32_t rule,
                    Did& made) {
  for (const evaluate::Trace& trace : evaluate::trace(input, settlement, rule))
    for (const evaluate::GuardTrace& guard : trace.guards)
      if (guard.truth == Tri::no && !guard.exemption.empty())
        made.exemptions.insert(guard.exemption);
}

bool has_exemption(const hir::Rule& rule) {
  return std::ranges::any_of(rule.guards, [](const hir::Guard& guard) {
    const auto* condition = std::get_if<hir::ConditionGuard>(&guard);
    return condition != nullptr && !condition->exemption.empty();
  });
}

std::string line_number(const evaluate::Input& input, std::uint32_t row) {
  const schema::Schema& schema = input.program.schema;
  const auto lines = schema::line_relation(schema);
  check(lines.has_value(), "findings name lines of a schema that has some");
  const auto key = schema::column_with(schema.relations[*lines], schema::Role::key);
  if (!key)
    return {};
  const Value value = batch::value_at(input.batch, schema, input.dictionaries, *lines, *key, row);
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

void add_finding(const evaluate::Input& input, const exec::Finding& finding, const hir::Rule& rule,
                 Did& made) {
  made.severities.insert(report_of(rule, finding.branch).severity);
  std::int64_t cents = 0;
  made.computed = exec::amount_of(finding, cents) && made.computed;
  made.cents += cents;
  for (const exec::FindingLine& line : finding.lines)
    if (line.role == exec::LineRole::offending)
      made.lines.insert(line_number(input, line.row));
}

} // namespace

Outcome outcome_of(const Did& did) {
  for (const Outcome outcome : {Outcome::fired, Outcome::indeterminate, Outcome::clear})
    if (did.outcomes.contains(outcome))
      return outcome;
  return Outcome::not_applicable;
}

bool is_judged(const evaluate::Input& input, std::uint32_t settlement, std::uint32_t rule) {
  const std::vector<bool>& context = input.batch.people.context;
  return context.empty() || !context[settlement] || input.program.rules[rule].subject.across;
}

Did did(evaluate::Evaluator& evaluator, const evaluate::Input& input, std::uint32_t rule) {
  Did made;
  const hir::Rule& judged = input.program.rules[rule];
  for (std::uint32_t settlement = 0; settlement < input.batch.settlements; ++settlement) {
    if (!is_judged(input, settlement, rule))
      continue;
    bool exempt = false;
    for (const evaluate::SubjectOutcome& outcome : evaluator.rule(settlement, rule)) {
      made.outcomes.insert(outcome.outcome);
      made.missing.insert(outcome.missing.begin(), outcome.missing.end());
      exempt = exempt || outcome.outcome == Outcome::not_applicable;
      if (outcome.finding)
        add_finding(input, *outcome.finding, judged, made);
    }
    if (exempt && has_exemption(judged))
      add_exemptions(input, settlement, rule, made);
  }
  return made;
}

std::set<std::string> expected_missing(const ast::Expect& expect,
                                       const hir::CheckedSchema& schema) {
  std::set<std::string> paths;
  for (const ast::ExprPtr& path : expect.missing) {
    const auto text = hir::missing_path(schema.schema, schema.names, *path);
    check(text.has_value(), "an expectation names fields of the schema");
    paths.insert(*text);
  }
  return paths;
}

bool met(const ast::Expect& expect, const Did& did, const hir::CheckedSchema& schema) {
  const std::set<std::string> missing = expected_missing(expect, schema);
  switch (expect.outcome) {
  case Expected::nothing:
    return !did.outcomes.contains(Outcome::fired);
  case Expected::fired:
    break;
  case Expected::clear:
    return outcome_of(did) == Outcome::clear;
  case Expected::not_applicable:
    return outcome_of(did) == Outcome::not_applicable &&
           (!expect.exemption || did.exemptions.contains(*expect.exemption));
  case Expected::indeterminate:
    return did.outcomes.contains(Outcome::indeterminate) &&
           (missing.empty() || missing == did.missing);
  }
  if (!did.outcomes.contains(Outcome::fired))
    return false;
  if (expect.severity && did.severities != std::set{*expect.severity})
    return false;
  const std::set<std::string> lines(expect.lines.begin(), expect.lines.end());
  if (!lines.empty() && lines != did.lines)
    return false;
  if (expect.amount_unknown)
    return !did.computed;
  Int128 cents = 0;
  return !expect.amount ||
         (did.computed && parse_decimal(*expect.amount, 2, cents) && cents == did.cents);
}

std::vector<std::uint32_t> rules_of_nothing(const hir::Program& program, const hir::Test& test) {
  std::vector<std::uint32_t> rules;
  const std::vector<ast::Name>& of = test.ast->of;
  for (std::uint32_t rule = 0; rule < program.rules.size(); ++rule)
    if (of.empty() || std::ranges::find(of, program.rules[rule].id, &ast::Name::text) != of.end())
      rules.push_back(rule);
  return rules;
}

} // namespace sanku::engine
