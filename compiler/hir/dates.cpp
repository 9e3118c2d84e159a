// The dates of elements: of what is in scope, for ages, and of where a table's key comes from.
// Tested by tests/unit/compiler/check_test.cpp, tests/cases/time and tests/cases/values.
#include "compiler/hir/scope.h"
#include "compiler/hir/walk.h"

namespace sanku::hir {
namespace {

using diag::report;

// The latest date of the group's elements; not known when one of them is not.
std::optional<Expr> latest_of_group(Scope& scope, Span at) {
  const RelationId list = scope.rule.subject.relation;
  auto query = std::make_unique<Query>(query_over(scope, list, GroupSource{}, at));
  auto date = as_date(scope, time_of(scope, query->from[0].binder, at), at);
  if (!date)
    return std::nullopt;
  const Type type = date->type;
  return Expr{type, at,
              Fold{FoldKind::max, std::move(query), std::make_unique<Expr>(std::move(*date))}};
}

// The first element in scope that an expression reads; what a fold ranges over is not in scope.
std::optional<BinderId> first_binder(const Expr& expr) {
  if (std::holds_alternative<Fold>(expr.form))
    return std::nullopt;
  if (const auto* field = std::get_if<FieldOf>(&expr.form))
    return field->binder;
  std::optional<BinderId> found;
  for_each_child(expr, [&](const auto& child) {
    if constexpr (std::is_same_v<std::decay_t<decltype(child)>, Expr>)
      if (!found)
        found = first_binder(child);
  });
  return found;
}

bool has_time(const Scope& scope, RelationId relation) {
  return scope.pack.names.time[relation].has_value();
}

} // namespace

std::optional<Expr> as_date(Scope& scope, std::optional<Expr> time, Span at) {
  if (!time || time->type.kind != Kind::datetime)
    return time;
  std::vector<Expr> arguments;
  arguments.push_back(std::move(*time));
  return apply(scope, {"date_of", "date_of", at}, std::move(arguments));
}

std::optional<Expr> time_of(Scope& scope, BinderId binder, Span at) {
  const RelationId of = scope.rule.binder_relations[binder];
  const auto time = scope.pack.names.time[of];
  if (!time)
    return std::nullopt;
  const SpaceId space = scope.pack.names.of_relation[of];
  auto meaning = meaning_of_entry(scope, {binder, space, true},
                                  scope.pack.names.spaces[space].entries[*time], at);
  if (!meaning)
    return std::nullopt;
  return std::move(std::get<Expr>(*meaning));
}

std::optional<ExprPtr> row_date(Scope& scope, TableId table, const Expr& key,
                                const ast::ExprPtr& at) {
  const bool dated = scope.pack.tables[table].shape.valid_from.has_value();
  if (at && !dated) {
    const schema::Names& names = scope.pack.tables[table].shape.relation.names;
    report<"table_undated">(scope.diagnostics, at->span, diag::Words{names.zh, names.en});
    return std::nullopt;
  }
  const bool zoned = scope.pack.tables[table].shape.zone_from.has_value();
  if (!dated && !zoned)
    return ExprPtr();
  std::optional<Expr> date;
  if (at) {
    date = as_date(scope, check_value(scope, *at), at->span);
    if (date && date->type.kind != Kind::date) {
      const TypeName found = type_name(scope.pack.schema, date->type);
      report<"date_expected">(scope.diagnostics, at->span, diag::Words{found.zh, found.en});
      return std::nullopt;
    }
  } else if (dated && scope.pack.as_of) {
    date = rule_date(scope, key.span);
  } else if (dated) {
    const auto binder = first_binder(key);
    const bool group = scope.rule.subject.kind == SubjectKind::group && scope.subject_known;
    const bool element = binder && *binder != settlement_binder &&
                         !(group && *binder == subject_binder) &&
                         relation(scope.pack, scope.rule.binder_relations[*binder]).kind !=
                             schema::RelationKind::table &&
                         has_time(scope, scope.rule.binder_relations[*binder]);
    date = element ? as_date(scope, time_of(scope, *binder, key.span), key.span)
                   : scope_date(scope, key.span);
  }
  if (dated && !date)
    return std::nullopt;
  auto moment = with_zone(scope, table, std::move(date), key.span);
  if (!moment)
    return std::nullopt;
  return std::make_unique<Expr>(std::move(*moment));
}

std::optional<Expr> rule_date(Scope& scope, Span at) {
  if (scope.pack.as_of)
    return constant({.kind = Kind::date}, *scope.pack.as_of, place(scope, at));
  return scope_date(scope, at);
}

std::optional<Expr> scope_date(Scope& scope, Span at) {
  const Subject& subject = scope.rule.subject;
  for (auto binder = scope.dated.rbegin(); binder != scope.dated.rend(); ++binder)
    if (has_time(scope, scope.rule.binder_relations[*binder]))
      return as_date(scope, time_of(scope, *binder, at), at);
  // A group's key is asked of each element before there is a group.
  const bool element = subject.kind == SubjectKind::element ||
                       (subject.kind == SubjectKind::group && !scope.subject_known);
  if (element && has_time(scope, subject.relation))
    return as_date(scope, time_of(scope, subject_binder, at), at);
  if (subject.kind == SubjectKind::group && !element) {
    for (const GroupKey& key : subject.keys) {
      if (key.value.type.kind != Kind::date)
        continue;
      Renamed none;
      return copy(key.value, scope.rule, none);
    }
    if (has_time(scope, subject.relation))
      return latest_of_group(scope, at);
  }
  if (has_time(scope, 0))
    return as_date(scope, time_of(scope, settlement_binder, at), at);
  report<"age_without_date">(scope.diagnostics, at);
  return std::nullopt;
}

} // namespace sanku::hir
