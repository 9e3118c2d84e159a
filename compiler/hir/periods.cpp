// Periods: their ends, how long they are, whether they overlap, whether a day is in one. Tested by
// tests/unit/compiler/check_test.cpp and tests/cases/time.
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

// begin of one <= end of the other, where an open end is always later and an open begin earlier.
std::optional<Expr> not_after(Scope& scope, Span at, const PeriodRef& first,
                              const PeriodRef& second) {
  Renamed none;
  auto order =
      apply(scope, {"less_equal", "overlaps", at},
            list_of(copy(first.begin, scope.rule, none), copy(second.end, scope.rule, none)));
  const auto open = [&](const PeriodRef& period, const Expr& end) {
    const auto* field = std::get_if<FieldOf>(&end.form);
    if (!order || !period.open || !field)
      return;
    Expr empty{{.kind = Kind::boolean},
               place(scope, at),
               EmptyCell{field->binder, field->relation, field->column}};
    order = apply(scope, {"or", "overlaps", at}, list_of(std::move(empty), std::move(*order)));
  };
  open(first, first.begin);
  open(second, second.end);
  return order;
}

// One begins on the day behind the other's end; behind an open end nothing does.
std::optional<Expr> follows(Scope& scope, Span at, const PeriodRef& first,
                            const PeriodRef& second) {
  Renamed none;
  const sanku::Span day = make_span(1, SpanUnit::days);
  auto behind = apply(scope, {"add", "adjacent", at},
                      list_of(copy(first.end, scope.rule, none),
                              constant({.kind = Kind::span}, day, place(scope, at))));
  if (!behind)
    return std::nullopt;
  auto meets = apply(scope, {"equal", "adjacent", at},
                     list_of(copy(second.begin, scope.rule, none), std::move(*behind)));
  const auto closed = [&](const PeriodRef& period, const Expr& end) {
    const auto* field = std::get_if<FieldOf>(&end.form);
    if (!meets || !period.open || !field)
      return;
    Expr empty{{.kind = Kind::boolean},
               place(scope, at),
               EmptyCell{field->binder, field->relation, field->column}};
    auto ends = apply(scope, {"not", "adjacent", at}, list_of(std::move(empty)));
    meets =
        ends ? apply(scope, {"and", "adjacent", at}, list_of(std::move(*ends), std::move(*meets)))
             : std::nullopt;
  };
  closed(first, first.end);
  closed(second, second.begin);
  return meets;
}

std::optional<PeriodRef> check_period(Scope& scope, const ast::Expr& expr) {
  auto meaning = meaning_of(scope, expr);
  if (!meaning)
    return std::nullopt;
  if (auto* period = std::get_if<PeriodRef>(&*meaning))
    return std::move(*period);
  report<"period_expected">(scope.diagnostics, expr.span);
  return std::nullopt;
}

} // namespace

bool may_be_period(const ast::Expr& expr) {
  const ast::Expr& inner = without_parens(expr);
  return std::holds_alternative<ast::NameRef>(inner.form) ||
         std::holds_alternative<ast::Member>(inner.form) ||
         std::holds_alternative<ast::Period>(inner.form);
}

PeriodRef copy_period(Scope& scope, const PeriodRef& period) {
  Renamed none;
  return {copy(period.begin, scope.rule, none), copy(period.end, scope.rule, none), period.open};
}

std::optional<Expr> known_period(Scope& scope, PeriodRef period, Span at) {
  auto begin = apply(scope, {"known", "known", at}, list_of(std::move(period.begin)));
  auto end = apply(scope, {"known", "known", at}, list_of(std::move(period.end)));
  if (!begin || !end)
    return std::nullopt;
  return apply(scope, {period.open ? "or" : "and", "known", at},
               list_of(std::move(*begin), std::move(*end)));
}

// `.begin`, `.end`, `.days` of a period. Days are those of a stay.
std::optional<Meaning> period_member(Scope& scope, PeriodRef period, const ast::Name& field) {
  const auto is = [&](std::string_view en, std::string_view zh) {
    return field.text == en || field.text == zh;
  };
  if (is("begin", "起"))
    return std::move(period.begin);
  if (is("end", "止"))
    return std::move(period.end);
  if (!is("days", "天数")) {
    const std::vector<std::string_view> known = {"begin", "end", "days", "起", "止", "天数"};
    suggest(report<"unknown_field">(scope.diagnostics, field.span, diag::Words{"时段", "period"},
                                    field.text),
            field, known);
    return std::nullopt;
  }
  auto length = apply(scope, {"subtract", "days", field.span},
                      list_of(std::move(period.end), std::move(period.begin)));
  if (length)
    length = apply(scope, {"in_days", "days", field.span}, list_of(std::move(*length)));
  if (length)
    length = days_of_stay(scope, std::move(*length), field.span);
  if (!length)
    return std::nullopt;
  return std::move(*length);
}

std::optional<Expr> check_overlaps(Scope& scope, const ast::Expr& expr, const ast::Binary& binary) {
  const auto left = check_period(scope, *binary.left);
  const auto right = check_period(scope, *binary.right);
  if (!left || !right)
    return std::nullopt;
  auto first = not_after(scope, expr.span, *left, *right);
  auto second = not_after(scope, expr.span, *right, *left);
  if (!first || !second)
    return std::nullopt;
  return apply(scope, {"and", "overlaps", expr.span},
               list_of(std::move(*first), std::move(*second)));
}

std::optional<Expr> check_adjacent(Scope& scope, const ast::Expr& expr, const ast::Binary& binary) {
  const auto left = check_period(scope, *binary.left);
  const auto right = check_period(scope, *binary.right);
  if (!left || !right)
    return std::nullopt;
  auto first = follows(scope, expr.span, *left, *right);
  auto second = follows(scope, expr.span, *right, *left);
  if (!first || !second)
    return std::nullopt;
  return apply(scope, {"or", "adjacent", expr.span},
               list_of(std::move(*first), std::move(*second)));
}

std::optional<Expr> packed_period(Scope& scope, const ast::Expr& expr) {
  auto period = check_period(scope, expr);
  if (!period)
    return std::nullopt;
  return apply(scope, {"packed_period", "covered", expr.span},
               list_of(std::move(period->begin), std::move(period->end)));
}

namespace {

// Both of its ends lie in the other.
std::optional<Expr> contains_period(Scope& scope, Span at, const PeriodRef& outer,
                                    const ast::Expr& written) {
  const auto inner = check_period(scope, written);
  if (!inner)
    return std::nullopt;
  Renamed none;
  const auto day = [&](const Expr& end) {
    return PeriodRef{copy(end, scope.rule, none), copy(end, scope.rule, none), false};
  };
  auto first = not_after(scope, at, outer, day(inner->begin));
  auto second = not_after(scope, at, day(inner->end), outer);
  if (!first || !second)
    return std::nullopt;
  return apply(scope, {"and", "contains", at}, list_of(std::move(*first), std::move(*second)));
}

} // namespace

std::optional<std::optional<Expr>> check_period_contains(Scope& scope, const ast::Expr& expr,
                                                         const ast::Binary& binary) {
  const ast::Expr& left = without_parens(*binary.left);
  if (!may_be_period(left))
    return std::nullopt;
  auto meaning = meaning_of(scope, left);
  if (!meaning)
    return std::optional<Expr>();
  auto* period = std::get_if<PeriodRef>(&*meaning);
  if (!period)
    return std::nullopt;
  const ast::Expr& right = without_parens(*binary.right);
  if (std::holds_alternative<ast::Period>(right.form))
    return contains_period(scope, expr.span, *period, right);
  auto day = as_date(scope, check_value(scope, *binary.right), expr.span);
  if (!day)
    return std::optional<Expr>();
  if (day->type.kind != Kind::date) {
    const TypeName found = type_name(scope.pack.schema, day->type);
    report<"operand_types">(scope.diagnostics, expr.span, "contains", Words{"时段", "period"},
                            Words{found.zh, found.en});
    return std::optional<Expr>();
  }
  Renamed none;
  PeriodRef one{copy(*day, scope.rule, none), std::move(*day), false};
  auto first = not_after(scope, expr.span, *period, one);
  auto second = not_after(scope, expr.span, one, *period);
  if (!first || !second)
    return std::optional<Expr>();
  return apply(scope, {"and", "contains", expr.span},
               list_of(std::move(*first), std::move(*second)));
}

} // namespace sanku::hir
