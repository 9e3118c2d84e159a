// Where a visit was, as overlays ask: a zone is the number of the narrowest region of the program's
// overlays that the place lies in. All that overlays change becomes ordinary conditions on it, so
// that neither execution knows overlays. Tested by tests/cases/overlays.
#include "compiler/hir/scope.h"

namespace sanku::hir {
namespace {

constexpr Type boolean{.kind = Kind::boolean}, text{.kind = Kind::text},
    whole{.kind = Kind::integer, .digits = 10};

std::optional<Expr> not_so(Scope& scope, Expr condition, Span at) {
  return apply(scope, {"not", "not", at}, list_of(std::move(condition)));
}

} // namespace

std::optional<Expr> zone_at(Scope& scope, std::optional<ast::Region> region, Span at,
                            BinderId visited) {
  const ast::Region side = region.value_or(scope.rule.region);
  const auto role =
      side == ast::Region::care ? schema::Role::care_area : schema::Role::insured_area;
  const schema::Relation& visit = scope.pack.schema.relations[0];
  const auto column = schema::column_with(visit, role);
  if (!column) {
    diag::report<"overlay_no_place">(scope.diagnostics, at,
                                     side == ast::Region::care ? "care_area" : "insured_area");
    return std::nullopt;
  }
  const Span here = place(scope, at);
  const Type& type = visit.columns[*column].type;
  Expr area{type, here, FieldOf{visited, 0, *column}};
  if (type.kind == Kind::code)
    area = Expr{text, here, CodeTextOf{std::make_unique<Expr>(std::move(area))}};
  std::optional<Expr> known = std::move(area);
  if (!scope.pack.home.empty())
    known = apply(scope, {"otherwise", "otherwise", at},
                  list_of(std::move(*known), constant(text, scope.pack.home, here)));
  if (!known)
    return std::nullopt;
  return apply(scope, {"zone_of", "region", at},
               list_of(std::move(*known), constant(text, scope.pack.regions, here)));
}

std::optional<Expr> both(Scope& scope, Expr left, std::optional<Expr> right, Span at) {
  if (!right)
    return std::nullopt;
  return apply(scope, {"and", "and", at}, list_of(std::move(left), std::move(*right)));
}

std::optional<Expr> in_layer(Scope& scope, LayerId layer, Span at,
                             std::optional<ast::Region> region) {
  const knowledge::Zones zones = scope.pack.layers[layer].zones;
  if (zones == knowledge::Zones{})
    return constant(boolean, Bool{true}, place(scope, at));
  const auto compared = [&](const char* op, std::int32_t end) -> std::optional<Expr> {
    auto zone = zone_at(scope, region, at);
    if (!zone)
      return std::nullopt;
    return apply(scope, {op, "region", at},
                 list_of(std::move(*zone), constant(whole, Integer{end}, place(scope, at))));
  };
  if (zones.first == zones.last)
    return compared("equal", zones.first);
  auto from = compared("greater_equal", zones.first);
  return from ? both(scope, std::move(*from), compared("less_equal", zones.last), at)
              : std::nullopt;
}

std::optional<Expr> in_force(Scope& scope, std::optional<Date> from, std::optional<Date> until,
                             Span at) {
  const auto compared = [&](const char* op, Date day) -> std::optional<Expr> {
    auto date = rule_date(scope, at);
    if (!date)
      return std::nullopt;
    return apply(scope, {op, "date", at},
                 list_of(std::move(*date), constant({.kind = Kind::date}, day, place(scope, at))));
  };
  if (from && until) {
    auto begun = compared("greater_equal", *from);
    return begun ? both(scope, std::move(*begun), compared("less_equal", *until), at)
                 : std::nullopt;
  }
  if (from)
    return compared("greater_equal", *from);
  return until ? compared("less_equal", *until) : constant(boolean, Bool{true}, place(scope, at));
}

std::optional<Expr> is_changed(Scope& scope, const RuleChange& change) {
  auto here = in_layer(scope, change.layer, change.span);
  if (!here || (!change.from && !change.until))
    return here;
  return both(scope, std::move(*here), in_force(scope, change.from, change.until, change.span),
              change.span);
}

std::optional<Expr> with_zone(Scope& scope, TableId table, std::optional<Expr> day, Span at) {
  const Table& read = scope.pack.tables[table];
  if (!read.shape.zone_from)
    return day;
  auto zone = zone_at(scope, read.region, at);
  if (!zone)
    return std::nullopt;
  if (!day)
    day = constant({.kind = Kind::date}, Date{}, place(scope, at));
  return apply(scope, {"moment", "region", at}, list_of(std::move(*day), std::move(*zone)));
}

std::optional<Expr> row_counts(Scope& scope, TableId table, BinderId row, Span at) {
  const Table& read = scope.pack.tables[table];
  auto zone = zone_at(scope, read.region, at);
  if (!zone)
    return std::nullopt;
  const auto cell = [&](std::uint32_t column) {
    return Expr{read.shape.relation.columns[column].type, place(scope, at),
                FieldOf{row, relation_of(scope.pack, table), column}};
  };
  return apply(scope, {"in_zones", "region", at},
               list_of(std::move(*zone), cell(*read.shape.zone_from), cell(*read.shape.zone_to)));
}

void check_layers(Scope& scope) {
  const auto guard = [&](std::optional<Expr> condition, std::string exemption) {
    if (condition)
      scope.rule.guards.emplace_back(ConditionGuard{std::move(*condition), std::move(exemption)});
  };
  if (scope.rule.layer != 0)
    guard(in_layer(scope, scope.rule.layer, scope.rule.span), "");
  for (const RuleChange& change : scope.rule.changes) {
    if (change.severity)
      continue;
    auto disabled = is_changed(scope, change);
    if (disabled)
      guard(not_so(scope, std::move(*disabled), change.span), change.reason);
  }
}

} // namespace sanku::hir
