// What may not hang on the score of a model alone: that a report says `violation`, which lines
// offend, an amount. Declared in scope.h. Tested by tests/cases/errors/SK3413_model_alone.sanku and
// SK3412_amount_of_score.sanku.
#include "compiler/hir/scope.h"
#include "compiler/hir/walk.h"
#include "runtime/types/match.h"

#include <algorithm>

namespace sanku::hir {
namespace {

using diag::report;

template <class Tree> bool mentions(const Scope& scope, const Tree& tree) {
  return any_part(tree, [&](const Expr& part) {
    if (const auto* let = std::get_if<LetOf>(&part.form))
      return mentions(scope, scope.rule.lets[let->let].value);
    return std::holds_alternative<ScoreOf>(part.form);
  });
}

// A row that the subject, `let` or `with` binds by its key.
bool is_bound_by_clause(const Rule& rule, BinderId binder) {
  if (rule.subject.entering && rule.subject.entering->binding.binder == binder)
    return true;
  return std::ranges::any_of(rule.guards,
                             [&](const Guard& guard) {
                               const auto* row = std::get_if<RowGuard>(&guard);
                               return row && row->binder == binder;
                             }) ||
         std::ranges::any_of(rule.matches, [&](const Match& match) {
           return match.binding.binder == binder &&
                  !std::holds_alternative<TableSource>(match.binding.source);
         });
}

// A value of a parameter, also where regions have others.
bool is_param(const Expr& expr) {
  if (const auto* constant = std::get_if<Constant>(&expr.form))
    return constant->of.has_value();
  const auto* call = std::get_if<Call>(&expr.form);
  return call && call->builtin->name == "pick" && is_param(call->arguments[1]) &&
         is_param(call->arguments[2]);
}

// Whether it reads anything of the claim: not constants and parameters alone, nor all rows of a
// table.
bool reads_claim(const Scope& scope, const Expr& expr);
bool reads_claim(const Scope& scope, const Query& query) {
  bool reads = false;
  for (const Binding& binding : query.from) {
    const bool of_claim = std::holds_alternative<ListSource>(binding.source) ||
                          std::holds_alternative<GroupSource>(binding.source) ||
                          std::holds_alternative<VisitsSource>(binding.source);
    reads = reads || of_claim;
  }
  for_each_child(query, [&](const auto& child) { reads = reads || reads_claim(scope, child); });
  return reads;
}
bool reads_claim(const Scope& scope, const Expr& expr) {
  if (const auto* let = std::get_if<LetOf>(&expr.form))
    return reads_claim(scope, scope.rule.lets[let->let].value);
  if (is_param(expr))
    return false;
  // What binds a row of a table within the expression has the key, which says what it is of.
  if (const auto* field = std::get_if<FieldOf>(&expr.form))
    return field->relation < scope.pack.schema.relations.size() ||
           is_bound_by_clause(scope.rule, field->binder);
  if (const auto* cell = std::get_if<EmptyCell>(&expr.form))
    return is_bound_by_clause(scope.rule, cell->binder);
  bool reads =
      std::holds_alternative<Ask>(expr.form) || std::holds_alternative<Earlier>(expr.form) ||
      std::holds_alternative<OfVisit>(expr.form) || std::holds_alternative<PeersOf>(expr.form);
  for_each_child(expr, [&](const auto& child) { reads = reads || reads_claim(scope, child); });
  return reads;
}

// Whether it can be true (or, denied, false) only where something holds that no model says.
bool has_evidence(const Scope& scope, const Expr& expr, bool denied) {
  if (const auto* let = std::get_if<LetOf>(&expr.form))
    return has_evidence(scope, scope.rule.lets[let->let].value, denied);
  if (std::holds_alternative<Constant>(expr.form))
    return false;
  const auto* call = std::get_if<Call>(&expr.form);
  const std::string_view name = call ? call->builtin->name : std::string_view();
  const auto one = [&](const Expr& part) { return has_evidence(scope, part, denied); };
  if (name == "not")
    return has_evidence(scope, call->arguments.front(), !denied);
  if (name == "and" || name == "or")
    return (name == "and") != denied ? std::ranges::any_of(call->arguments, one)
                                     : std::ranges::all_of(call->arguments, one);
  return !mentions(scope, expr) && reads_claim(scope, expr);
}

// Whether a fact is among what chooses the lines.
bool facts_choose(const Scope& scope, const Query& lines) {
  const auto of_lines = [&](const Binding& binding) {
    return std::visit(match{
                          [&](const LinesSource& of) { return facts_choose(scope, *of.lines); },
                          [&](const PairSource& of) { return facts_choose(scope, *of.lines); },
                          [&](const EachSource& of) { return facts_choose(scope, *of.visits); },
                          [](const auto&) { return false; },
                      },
                      binding.source);
  };
  return std::ranges::any_of(lines.from, of_lines) ||
         std::ranges::any_of(lines.where, [&](const Expr& condition) {
           return has_evidence(scope, condition, false);
         });
}

} // namespace

bool reads_score(const Scope& scope, const Expr& expr) { return mentions(scope, expr); }

void check_model_alone(Scope& scope, const Branch& branch, bool fact, const RuleChange* change) {
  if (branch.report.severity != ast::Severity::violation)
    return;
  bool asked = mentions(scope, branch.when), evidence = fact;
  for (const Guard& guard : scope.rule.guards)
    for_each_child(guard, [&](const Expr& part) { asked = asked || mentions(scope, part); });
  for (const Match& match : scope.rule.matches)
    for (const Expr& condition : match.where) {
      asked = asked || mentions(scope, condition);
      evidence = evidence || has_evidence(scope, condition, false);
    }
  if (!asked || evidence)
    return;
  auto& told = report<"model_alone">(scope.diagnostics, change ? change->span : branch.report.span);
  if (change)
    told.label(branch.report.span, "分支在此", "the branch is here");
}

bool is_fact(const Scope& scope, const Expr& condition) {
  return has_evidence(scope, condition, false);
}

bool score_chooses(const Scope& scope, const Query& lines) {
  return mentions(scope, lines) && !facts_choose(scope, lines);
}

} // namespace sanku::hir
