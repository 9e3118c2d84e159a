// Payment limits and what the patient paid alone (language reference, "Self-paid lines"): what a
// `policy` report says of lines known to be wholly self-paid, unless the rule says `even
// self_paid`. Both executions see only ordinary conditions and lists. Entry: spare_self_paid.
// Tested by tests/cases/money/self_paid*.case and tests/unit/compiler/check_test.cpp.
#include "compiler/hir/scope.h"

#include <utility>

namespace sanku::hir {
namespace {

// The field with role self_paid of the whole line, also where a part of it is bound.
std::optional<Expr> self_paid_of(Scope& scope, BinderId binder, Span at) {
  const RelationId of = scope.rule.binder_relations[binder];
  const SpaceId space = scope.pack.names.of_relation[of];
  const Entry& entry = scope.pack.names.spaces[space].entries[*scope.pack.names.self_paid[of]];
  const bool outer = std::exchange(scope.whole_lines, true);
  auto meaning = meaning_of_entry(scope, {binder, space, true}, entry, at);
  scope.whole_lines = outer;
  if (!meaning)
    return std::nullopt;
  return std::move(std::get<Expr>(*meaning));
}

std::optional<Expr> negated(Scope& scope, std::optional<Expr> condition) {
  if (!condition)
    return std::nullopt;
  const Span at = condition->span;
  return apply(scope, {"not", "not", at}, list_of(std::move(*condition)));
}

// Surely self-paid: what the record does not say counts as paid by somebody else.
std::optional<Expr> surely(Scope& scope, BinderId binder, Span at) {
  auto asked = self_paid_of(scope, binder, at);
  auto value = self_paid_of(scope, binder, at);
  if (!asked || !value)
    return std::nullopt;
  auto is_known = apply(scope, {"known", "known", at}, list_of(std::move(*asked)));
  if (!is_known)
    return std::nullopt;
  return apply(scope, {"and", "and", at}, list_of(std::move(*is_known), std::move(*value)));
}

// Those of the lines that surely are self-paid, or those that are not surely so.
std::optional<Query> filtered(Scope& scope, Query lines, bool self_paid) {
  Query made;
  made.span = lines.span;
  const BinderId binder = bind_over(scope, std::move(lines), "", made);
  auto condition = surely(scope, binder, made.span);
  if (!self_paid)
    condition = negated(scope, std::move(condition));
  if (!condition)
    return std::nullopt;
  made.where.push_back(std::move(*condition));
  return made;
}

std::optional<Expr> fold_over(std::optional<Query> lines, FoldKind kind) {
  if (!lines)
    return std::nullopt;
  const Span at = lines->span;
  return Expr{
      {.kind = Kind::boolean}, at, Fold{kind, std::make_unique<Query>(std::move(*lines)), nullptr}};
}

// Not so: some line is self-paid, and no line is left. A report that names no line at all stands.
std::optional<Expr> some_line_left(Scope& scope, const Query& lines) {
  scope.nodes += 2 * node_count(lines);
  if (scope.nodes > most_nodes) {
    if (!scope.overflowed)
      diag::report<"expands_too_far">(scope.diagnostics, scope.rule.span, most_nodes);
    scope.overflowed = true;
    return std::nullopt;
  }
  Renamed first, second;
  auto some = fold_over(filtered(scope, copy(lines, scope.rule, first), true), FoldKind::any);
  auto none = fold_over(filtered(scope, copy(lines, scope.rule, second), false), FoldKind::none);
  if (!some || !none)
    return std::nullopt;
  const Span at = lines.span;
  return negated(scope,
                 apply(scope, {"and", "and", at}, list_of(std::move(*some), std::move(*none))));
}

} // namespace

void spare_self_paid(Scope& scope, Report& made) {
  const auto lines = schema::line_relation(scope.pack.schema);
  if (scope.rule.category != ast::Category::policy || scope.rule.even_self_paid || !lines ||
      !scope.pack.names.self_paid[*lines])
    return;
  if (auto* query = std::get_if<QueryPtr>(&made.on)) {
    auto left_over = some_line_left(scope, **query);
    if (made.stands && left_over)
      left_over = apply(scope, {"and", "and", made.span},
                        list_of(std::move(*made.stands), std::move(*left_over)));
    made.stands = std::move(left_over);
    auto left = filtered(scope, std::move(**query), false);
    if (left)
      *query = std::make_unique<Query>(std::move(*left));
  } else if (std::holds_alternative<NoLines>(made.on)) {
    return;
  } else {
    made.stands = negated(scope, surely(scope, subject_binder, made.span));
  }
  made.self_paid = self_paid_of(scope, made.line, made.span);
}

} // namespace sanku::hir
