// Parts of a list and orders of it: `list beyond first N of FIELD`, `list ranked by FIELD`, and
// what stands at its ends, `list.first.FIELD`, `first(list).FIELD`. Tested by
// tests/unit/compiler/check_test.cpp and tests/cases/lists.
#include "compiler/hir/scope.h"

#include <utility>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

// `N` of `beyond first N of FIELD` at the scale of the quantity.
std::optional<ExprPtr> quantity_limit(Scope& scope, Expr limit, const schema::Column& quantity,
                                      const ast::Expr& written) {
  // Beside a zero of the column's type the usual conversions bring the limit to its scale; a finer
  // limit rounds to it.
  const bool numeric = limit.type.kind == Kind::integer || limit.type.kind == Kind::decimal ||
                       limit.type.kind == Kind::count;
  if (!numeric) {
    const TypeName found = type_name(scope.pack.schema, limit.type);
    report<"limit_not_number">(scope.diagnostics, written.span, Words{found.zh, found.en});
    return std::nullopt;
  }
  if (limit.type.kind == Kind::decimal && limit.type.scale > quantity.type.scale) {
    report<"limit_too_fine">(scope.diagnostics, written.span, quantity.type.scale);
    return std::nullopt;
  }
  std::vector<Expr> sum;
  sum.push_back(std::move(limit));
  sum.push_back(constant(quantity.type, Decimal{0}, written.span));
  auto aligned = apply(scope, {"smaller", "beyond first", written.span}, std::move(sum));
  if (!aligned)
    return std::nullopt;
  return std::make_unique<Expr>(std::move(std::get<Call>(aligned->form).arguments[0]));
}

std::optional<ExprPtr> distinct_limit(Scope& scope, Expr limit, const ast::Expr& written) {
  if (limit.type.kind == Kind::count) {
    const Type integer{.kind = Kind::integer, .digits = 19};
    Call call{.builtin = &builtins::conversion_row(builtins::Conversion::exact_count),
              .arguments = {}};
    const Span span = limit.span;
    call.arguments.push_back(std::move(limit));
    limit = Expr{integer, span, std::move(call)};
  }
  if (limit.type.kind == Kind::integer)
    return std::make_unique<Expr>(std::move(limit));
  const TypeName found = type_name(scope.pack.schema, limit.type);
  report<"limit_not_number">(scope.diagnostics, written.span, Words{found.zh, found.en});
  return std::nullopt;
}

bool is_plain_list(const Query& query) {
  return query.from.size() == 1 && std::holds_alternative<std::monostate>(query.beyond) &&
         !query.from[0].parts &&
         (std::holds_alternative<ListSource>(query.from[0].source) ||
          std::holds_alternative<GroupSource>(query.from[0].source) ||
          std::holds_alternative<VisitsSource>(query.from[0].source) ||
          std::holds_alternative<EachSource>(query.from[0].source));
}

// The field is the element's, whatever else has that name.
std::optional<Expr> field_of_element(Scope& scope, const Binding& binding, const ast::Name& field) {
  const SpaceId space = scope.pack.names.of_relation[binding.relation];
  const auto outer = std::exchange(scope.record, ElementRef{binding.binder, space, true});
  auto key = meaning_of_name(scope, field, nullptr);
  scope.record = outer;
  if (!key)
    return std::nullopt;
  if (auto* value = std::get_if<Expr>(&*key))
    return std::move(*value);
  report<"rank_field">(scope.diagnostics, field.span, field.text);
  return std::nullopt;
}

Expr picked_value(const Scope& scope, PickRef pick, Expr value, Span at) {
  const Type type = value.type;
  return Expr{type, place(scope, at),
              Fold{pick.last ? FoldKind::last : FoldKind::first, std::move(pick.list),
                   std::make_unique<Expr>(std::move(value))}};
}

} // namespace

std::optional<Query> check_beyond(Scope& scope, const ast::Expr& expr, const ast::Beyond& beyond) {
  auto query = check_lines(scope, *beyond.list);
  auto limit = check_value(scope, *beyond.limit);
  if (!query || !limit)
    return std::nullopt;
  if (!is_plain_list(*query)) {
    report<"beyond_of_what">(scope.diagnostics, beyond.list->span);
    return std::nullopt;
  }
  const Binding& binding = query->from[0];
  const SpaceId space = scope.pack.names.of_relation[binding.relation];
  // The field is the element's, whatever else has that name.
  const auto outer = std::exchange(scope.record, ElementRef{binding.binder, space, true});
  auto key = meaning_of_name(scope, beyond.field, nullptr);
  scope.record = outer;
  if (!key)
    return std::nullopt;
  auto* value = std::get_if<Expr>(&*key);
  if (!value) {
    report<"beyond_field">(scope.diagnostics, beyond.field.span, beyond.field.text);
    return std::nullopt;
  }
  const auto& columns = relation(scope.pack, binding.relation).columns;
  const auto* field = std::get_if<FieldOf>(&value->form);
  query->span = expr.span;
  if (field && columns[field->column].role == schema::Role::quantity) {
    auto bounded = quantity_limit(scope, std::move(*limit), columns[field->column], *beyond.limit);
    if (!bounded)
      return std::nullopt;
    query->beyond = BeyondQuantity{std::move(*bounded)};
    return query;
  }
  const Kind kind = value->type.kind;
  if (kind != Kind::date && kind != Kind::code && kind != Kind::enumeration) {
    report<"beyond_field">(scope.diagnostics, beyond.field.span, beyond.field.text);
    return std::nullopt;
  }
  auto bounded = distinct_limit(scope, std::move(*limit), *beyond.limit);
  if (!bounded)
    return std::nullopt;
  query->beyond = BeyondDistinct{std::move(*bounded), std::make_unique<Expr>(std::move(*value))};
  return query;
}

std::optional<Query> check_ranked(Scope& scope, const ast::Expr& expr, const ast::Ranked& ranked) {
  auto query = check_lines(scope, *ranked.list);
  if (!query)
    return std::nullopt;
  if (!is_plain_list(*query)) {
    report<"beyond_of_what">(scope.diagnostics, ranked.list->span);
    return std::nullopt;
  }
  if (query->rank) {
    report<"ranked_twice">(scope.diagnostics, ranked.list->span);
    return std::nullopt;
  }
  auto key = field_of_element(scope, query->from[0], ranked.field);
  if (!key)
    return std::nullopt;
  const Kind kind = key->type.kind;
  const bool ordered =
      is_number(kind) || kind == Kind::integer || kind == Kind::date || kind == Kind::datetime ||
      (kind == Kind::enumeration && scope.pack.schema.enums[key->type.domain].ordered);
  if (!ordered) {
    report<"rank_field">(scope.diagnostics, ranked.field.span, ranked.field.text);
    return std::nullopt;
  }
  query->rank = Rank{std::make_unique<Expr>(std::move(*key)), ranked.descending};
  query->span = expr.span;
  return query;
}

std::optional<PickRef> pick_of(Scope& scope, const ast::Expr& list, bool last, Span at) {
  auto query = check_lines(scope, list);
  if (!query)
    return std::nullopt;
  const RelationId of = relation_of(*query);
  // Rows stand in no order that means anything.
  if (relation(scope.pack, of).kind == schema::RelationKind::table) {
    report<"pick_of_what">(scope.diagnostics, list.span);
    return std::nullopt;
  }
  const bool alone =
      query->from.size() == 1 && std::holds_alternative<std::monostate>(query->beyond);
  if (!alone) {
    Query over;
    over.span = at;
    bind_over(scope, std::move(*query), "", over);
    query = std::move(over);
  }
  const ElementRef element{query->from[0].binder, scope.pack.names.of_relation[of], true};
  return PickRef{std::make_unique<Query>(std::move(*query)), element, last};
}

std::optional<Meaning> picked_member(Scope& scope, PickRef pick, const ast::Name& field) {
  const Entry* entry = find_entry(scope.pack.names.spaces[pick.element.space], field.text);
  if (!entry) {
    report_unknown_field(scope, pick.element.space, field);
    return std::nullopt;
  }
  scope.dated.push_back(pick.element.binder);
  auto meaning = meaning_of_entry(scope, pick.element, *entry, field.span);
  scope.dated.pop_back();
  if (!meaning)
    return std::nullopt;
  if (const auto* record = std::get_if<ElementRef>(&*meaning))
    return PickRef{std::move(pick.list), *record, pick.last};
  if (auto* period = std::get_if<PeriodRef>(&*meaning)) {
    Renamed renamed;
    scope.nodes += node_count(*pick.list);
    auto again = std::make_unique<Query>(copy(*pick.list, scope.rule, renamed));
    Expr begin = copy(period->begin, scope.rule, renamed);
    const auto at_end = [&](QueryPtr list, Expr value) {
      return picked_value(scope, {std::move(list), pick.element, pick.last}, std::move(value),
                          field.span);
    };
    Expr low = at_end(std::move(again), std::move(begin));
    return PeriodRef{std::move(low), at_end(std::move(pick.list), std::move(period->end)), false};
  }
  auto* value = std::get_if<Expr>(&*meaning);
  if (!value || value->type.kind == Kind::count || value->type.kind == Kind::age) {
    report<"pick_of_what">(scope.diagnostics, field.span);
    return std::nullopt;
  }
  return picked_value(scope, std::move(pick), std::move(*value), field.span);
}

} // namespace sanku::hir
