// What a region may decide otherwise of the language itself: which days of a stay count, until when
// somebody is a newborn, when the insurance year begins. Each is a parameter of the pack that its
// manifest declares and overlays' manifests change; where none does, rules hold the constant alone.
// Entries: add_defaults, days_of_stay, insured_window. Tested by tests/cases/overlays.
#include "compiler/hir/scope.h"
#include "compiler/hir/walk.h"
#include "runtime/knowledge/window_bound.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <array>

namespace sanku::hir {
namespace {

using diag::report;

constexpr Type whole{.kind = Kind::integer, .digits = 4};

struct Row {
  const char *en, *zh;
  Type type;
  bool has_name = false;                            // that rules may use
  std::optional<ast::Region> region = std::nullopt; // whose layer counts; none: as the rule says
};
// By RegionalDefault.
constexpr std::array<Row, regional_default_count> rows = {{
    {"stay_counts_last", "住院计末日", {.kind = Kind::boolean}},
    {"stay_at_least", "住院至少天数", whole},
    {"newborn_days", "新生儿天数", {.kind = Kind::span}, true},
    // A person's year is that of the insurance, wherever the visit was.
    {"insurance_year", "医保年度起日", {.kind = Kind::window}, false, ast::Region::insured},
}};

Value value_of(RegionalDefault which, std::int64_t number) {
  switch (which) {
  case RegionalDefault::stay_counts_last:
    return Bool{number != 0};
  case RegionalDefault::stay_at_least:
    return Integer{number};
  case RegionalDefault::newborn_days:
    return make_span(number, SpanUnit::days);
  case RegionalDefault::insurance_year:
    return make_window(number, WindowUnit::insurance_year);
  }
  unreachable("a default is one of these");
}

std::int64_t own_number(const Defaults& defaults, RegionalDefault which) {
  switch (which) {
  case RegionalDefault::stay_counts_last:
    return defaults.stay_counts_last ? 1 : 0;
  case RegionalDefault::stay_at_least:
    return defaults.stay_at_least;
  case RegionalDefault::newborn_days:
    return defaults.newborn_days;
  case RegionalDefault::insurance_year:
    return defaults.insurance_year;
  }
  unreachable("a default is one of these");
}

// The pack's own name of that kind comes before the manifest's.
bool is_taken(const Declarations& pack, const Row& row) {
  for (const char* name : {row.en, row.zh})
    for (const NameMap* names : {&pack.table_names, &pack.set_names, &pack.param_names,
                                 &pack.function_names, &pack.source_names})
      if (names->contains(name))
        return true;
  return false;
}

// What overlays decide, wider layers first.
std::vector<ParamValue> local_values(const Layers& layers, RegionalDefault which,
                                     const Declarations& pack, diag::Diagnostics& diagnostics) {
  std::vector<ParamValue> made;
  const Row& row = rows[static_cast<std::size_t>(which)];
  for (LayerId layer = 1; layer < layers.size(); ++layer)
    for (const LocalDefault& each : layers[layer].defaults) {
      if (each.which != which)
        continue;
      if (row.has_name && is_taken(pack, row)) {
        report<"declared_twice">(diagnostics, each.span, row.en);
        continue;
      }
      if (row.region == ast::Region::insured &&
          !schema::column_with(pack.schema.relations[0], schema::Role::insured_area)) {
        report<"overlay_no_place">(diagnostics, each.span, "insured_area");
        continue;
      }
      for (const ParamValue& other : made)
        if (!lies_on(pack, layer, other.layer) &&
            knowledge::overlap(pack.layers[other.layer].zones, pack.layers[layer].zones))
          report_conflict(pack, each.span, layer, other.span, other.layer, row.en, diagnostics);
      made.push_back({.value = value_of(which, each.value),
                      .from = std::nullopt,
                      .layer = layer,
                      .span = each.span});
    }
  return made;
}

const NamedParam& decided(const Scope& scope, RegionalDefault which) {
  return scope.pack.params[scope.pack.regional[static_cast<std::size_t>(which)]];
}

// Whether a window may be an insurance year: not one that a column of the table is too short for.
bool may_be_insured(const Scope& scope, const Expr& window) {
  return any_part(window, [&](const Expr& part) {
    if (const auto* let = std::get_if<LetOf>(&part.form))
      return may_be_insured(scope, scope.rule.lets[let->let].value);
    if (part.type.kind != Kind::window)
      return false;
    if (const auto* fixed = std::get_if<Constant>(&part.form)) {
      const auto* named = std::get_if<Window>(&fixed->value);
      return named && unit_of(*named) == WindowUnit::insurance_year;
    }
    const auto* field = std::get_if<FieldOf>(&part.form);
    const std::size_t lists = scope.pack.schema.relations.size();
    if (!field || field->relation < lists)
      return field != nullptr;
    const auto& bound = scope.pack.tables[field->relation - lists].shape.bounds[field->column];
    return !bound || knowledge::is_within(make_window(1, WindowUnit::insurance_year), *bound);
  });
}

} // namespace

void add_defaults(const Layers& layers, Declarations& pack, diag::Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto which = static_cast<RegionalDefault>(i);
    const Row& row = rows[i];
    std::vector<ParamValue> local = local_values(layers, which, pack, diagnostics);
    if (row.has_name && is_taken(pack, row))
      continue;
    const auto id = static_cast<std::uint32_t>(pack.params.size());
    pack.regional[i] = id;
    pack.params.push_back({.names = {row.en, row.zh},
                           .span = {},
                           .type = row.type,
                           .values = {{.value = value_of(which, own_number(pack.defaults, which)),
                                       .from = std::nullopt}},
                           .local = std::move(local),
                           .region = row.region});
    if (!row.has_name)
      continue;
    pack.param_names.emplace(row.en, id);
    pack.param_names.emplace(row.zh, id);
  }
}

std::optional<Expr> days_of_stay(Scope& scope, Expr length, Span at) {
  const auto number = [&](std::int64_t value) {
    return constant(whole, Integer{value}, place(scope, at));
  };
  Renamed none;
  std::optional<Expr> before = copy(length, scope.rule, none);
  std::optional<Expr> days = std::move(length);
  const NamedParam& last = decided(scope, RegionalDefault::stay_counts_last);
  if (!last.local.empty()) {
    auto counts = check_param(scope, last, at);
    auto more = counts ? apply(scope, {"pick", "days", at},
                               list_of(std::move(*counts), number(1), number(0)))
                       : std::nullopt;
    if (!more)
      return std::nullopt;
    days = apply(scope, {"add", "days", at}, list_of(std::move(*days), std::move(*more)));
  } else if (scope.pack.defaults.stay_counts_last) {
    days = apply(scope, {"add", "days", at}, list_of(std::move(*days), number(1)));
  }
  const NamedParam& least = decided(scope, RegionalDefault::stay_at_least);
  auto at_least = least.local.empty() ? std::optional(number(scope.pack.defaults.stay_at_least))
                                      : check_param(scope, least, at);
  if (!days || !at_least)
    return std::nullopt;
  days = apply(scope, {"larger", "days", at}, list_of(std::move(*days), std::move(*at_least)));
  // What ends before it begins was typed wrongly: nobody knows how long it was.
  before = apply(scope, {"less", "days", at}, list_of(std::move(*before), number(0)));
  if (!days || !before)
    return std::nullopt;
  return apply(scope, {"pick", "days", at},
               list_of(std::move(*before), unknown_of(whole, place(scope, at)), std::move(*days)));
}

std::optional<Expr> insured_window(Scope& scope, Expr window, Span at) {
  const NamedParam& year = decided(scope, RegionalDefault::insurance_year);
  const bool calendar =
      year.local.empty() && scope.pack.defaults.insurance_year == Defaults{}.insurance_year;
  if (calendar || window.type.kind != Kind::window || !may_be_insured(scope, window))
    return window;
  auto begun = check_param(scope, year, at);
  const auto* fixed = std::get_if<Constant>(&window.form);
  if (!begun || (fixed && !fixed->of))
    return begun;
  return apply(scope, {"insured_window", "insurance year", at},
               list_of(std::move(window), std::move(*begun)));
}

} // namespace sanku::hir
