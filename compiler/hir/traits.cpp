// What an expression depends on, through the lets it names: what `with` binds, the patient's
// identity, anything at all; and how large it is with them written out. Tested by
// tests/unit/compiler/check_test.cpp.
#include "compiler/hir/scope.h"
#include "compiler/hir/walk.h"

#include <algorithm>
#include <array>

namespace sanku::hir {
namespace {

using diag::report;

// Sex, birth date and diagnoses: section "Values" of the language reference. Named by the claim
// schema.
constexpr std::array<std::string_view, 3> identity_paths = {"patient.sex", "patient.birth",
                                                            "settlement.main_diagnosis_code"};
constexpr std::string_view identity_list = "diagnoses";

bool is_identity(const Scope& scope, const FieldOf& field) {
  const schema::Relation& of = relation(scope.pack, field.relation);
  if (of.kind == schema::RelationKind::child)
    return of.names.en == identity_list;
  if (of.kind == schema::RelationKind::table)
    return false;
  const std::string& path = of.columns[field.column].path.en;
  return std::find(identity_paths.begin(), identity_paths.end(), path) != identity_paths.end();
}

template <class Test> bool any_of(const Query& query, const Test& test);
template <class Test> bool any_of(const Expr& expr, const Test& test) {
  if (test(expr))
    return true;
  bool found = false;
  for_each_child(expr, [&](const auto& child) { found = found || any_of(child, test); });
  return found;
}
template <class Test> bool any_of(const Query& query, const Test& test) {
  bool found = false;
  for_each_child(query, [&](const auto& child) { found = found || any_of(child, test); });
  return found;
}

// How many there are says whether there are any.
bool over_identity(const Scope& scope, const Query& query) {
  return std::ranges::any_of(query.from, [&](const Binding& binding) {
    if (const auto* lines = std::get_if<LinesSource>(&binding.source))
      return over_identity(scope, *lines->lines);
    const schema::Relation& of = relation(scope.pack, binding.relation);
    return of.kind == schema::RelationKind::child && of.names.en == identity_list;
  });
}

bool identifies(const Scope& scope, const Expr& expr) {
  return any_of(expr, [&](const Expr& part) {
    if (const auto* fold = std::get_if<Fold>(&part.form))
      return over_identity(scope, *fold->query);
    if (const auto* field = std::get_if<FieldOf>(&part.form))
      return is_identity(scope, *field);
    if (const auto* let = std::get_if<LetOf>(&part.form))
      return bool{scope.let_identifies[let->let]};
    return false;
  });
}

bool guesses_here(const Scope& scope, const Expr& part) {
  if (const auto* let = std::get_if<LetOf>(&part.form))
    return scope.let_guesses[let->let];
  const auto* call = std::get_if<Call>(&part.form);
  if (!call || (call->builtin->name != "known" && call->builtin->name != "otherwise"))
    return false;
  return identifies(scope, call->arguments[0]);
}

template <class Node> std::size_t written_out(const Scope& scope, const Node& node) {
  std::size_t size = 1;
  if constexpr (std::is_same_v<Node, Expr>)
    if (const auto* let = std::get_if<LetOf>(&node.form))
      size += scope.let_sizes[let->let];
  for_each_child(node, [&](const auto& child) { size += written_out(scope, child); });
  return size;
}

void report_written_out(Scope& scope, Span at) {
  if (!scope.overflowed)
    report<"lets_expand_too_far">(scope.diagnostics, at, most_written_out);
  scope.overflowed = true;
}

template <class Tree> bool guesses(const Scope& scope, const Tree& tree) {
  return any_of(tree, [&](const Expr& part) { return guesses_here(scope, part); });
}

} // namespace

bool uses_match(const Scope& scope, const Expr& expr) {
  return any_of(expr, [&](const Expr& part) {
    if (const auto* field = std::get_if<FieldOf>(&part.form))
      return scope.match_binders.contains(field->binder);
    if (const auto* order = std::get_if<Earlier>(&part.form))
      return scope.match_binders.contains(order->left) ||
             scope.match_binders.contains(order->right);
    if (const auto* let = std::get_if<LetOf>(&part.form))
      return bool{scope.let_uses_match[let->let]};
    return false;
  });
}

void note_let(Scope& scope, const Expr& value) {
  const bool match = uses_match(scope, value), guess = guesses(scope, value),
             identity = identifies(scope, value);
  scope.let_uses_match.push_back(match);
  scope.let_guesses.push_back(guess);
  scope.let_identifies.push_back(identity);
  scope.let_sizes.push_back(written_out(scope, value));
}

bool may_name(Scope& scope, std::uint32_t let, Span at) {
  scope.written_out += scope.let_sizes[let];
  if (scope.written_out <= most_written_out)
    return true;
  report_written_out(scope, at);
  return false;
}

void check_written_out(Scope& scope) {
  if (written_out(scope, scope.rule) > most_written_out)
    report_written_out(scope, scope.rule.span);
}

void check_violation(Scope& scope, const Branch& branch) {
  if (branch.report.severity != ast::Severity::violation)
    return;
  bool found = guesses(scope, branch.when);
  for_each_child(branch.report, [&](const auto& child) { found = found || guesses(scope, child); });
  for (const Match& match : scope.rule.matches)
    for (const Expr& condition : match.where)
      found = found || guesses(scope, condition);
  if (found)
    report<"violation_guesses">(scope.diagnostics, branch.report.span);
}

void check_not_constant(Scope& scope, const Expr& condition) {
  const bool reads = any_of(condition, [](const Expr& part) {
    return !std::holds_alternative<Constant>(part.form) && !std::holds_alternative<Call>(part.form);
  });
  if (!reads)
    report<"constant_condition">(scope.diagnostics, condition.span);
}

} // namespace sanku::hir
