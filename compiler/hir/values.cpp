// Declarations of values: sets, parameters, definitions, decision tables. Sets and parameters are
// evaluated here once; definitions stay Ast and are inlined where they are called (parameters.cpp).
// Tested by tests/unit/compiler/check_test.cpp and tests/cases/errors/SK33*.
#include "compiler/hir/scope.h"
#include "runtime/kernels/time.h"
#include "runtime/types/match.h"

#include <algorithm>

namespace sanku::hir {
namespace {

using diag::Diagnostics;
using diag::report;
using diag::Words;

// A name of the pack may mean one thing only, whatever kind of declaration it has.
bool claim(const Declarations& pack, NameMap& taken, const ast::Names& names, std::uint32_t id,
           Diagnostics& diagnostics) {
  bool fresh = true;
  const auto add = [&](const ast::Name& name) {
    const auto [at, added] = taken.emplace(name.text, id);
    const bool mine = !added && at->second == id;
    std::size_t others = 0;
    for (const NameMap* map :
         {&pack.table_names, &pack.set_names, &pack.param_names, &pack.function_names})
      others += map->contains(name.text) ? 1 : 0;
    if (mine || (added && others == 1 && !pack.names.enums.contains(name.text)))
      return;
    report<"declared_twice">(diagnostics, name.span, name.text);
    fresh = false;
  };
  add(names.first);
  if (names.second)
    add(*names.second);
  return fresh;
}

// A scope without subject, for literals that stand outside of rules.
struct Outside {
  Rule rule;
  Scope scope;
  Outside(const Declarations& pack, Diagnostics& diagnostics)
      : rule(), scope{.pack = pack, .diagnostics = diagnostics, .rule = rule} {
    rule.binder_relations = {0, 0};
    rule.binder_names = {"", ""};
    scope.in_function = true;
  }
};

void add_set(const ast::SetDecl& written, Declarations& pack, Diagnostics& diagnostics) {
  const auto id = static_cast<std::uint32_t>(pack.sets.size());
  const bool fresh = claim(pack, pack.set_names, written.names, id, diagnostics);
  const auto type = type_from_ast(written.type, pack.names, diagnostics);
  const auto* literal = std::get_if<ast::SetLiteral>(&written.literal->form);
  std::optional<ValueSet> set;
  if (type && literal) {
    Outside outside(pack, diagnostics);
    set = check_set(outside.scope, *literal, written.literal->span, &*type);
  }
  // One that is wrong was told; its name stays, so that its uses say nothing more.
  if (!set)
    set = ValueSet{type.value_or(Type{}), {}};
  if (fresh || pack.set_names.contains(written.names.first.text))
    pack.sets.push_back({both_names(written.names), written.names.first.span, std::move(*set)});
}

std::optional<Expr> constant_of(Scope& scope, const ast::Expr& expr, const Type* opposite) {
  auto value = check_value(scope, expr, opposite);
  if (!value || std::holds_alternative<Constant>(value->form))
    return value;
  report<"param_value">(scope.diagnostics, expr.span);
  return std::nullopt;
}

// All values of one parameter at one scale, the finest that was written.
bool align(std::vector<Expr>& values) {
  Type widest = values.front().type;
  for (const Expr& each : values) {
    if (each.type.kind != widest.kind || each.type.domain != widest.domain)
      return false;
    widest.scale = std::max(widest.scale, each.type.scale);
    widest.digits = std::max(widest.digits, each.type.digits);
  }
  for (Expr& each : values) {
    if (auto* decimal = std::get_if<Decimal>(&std::get<Constant>(each.form).value))
      for (unsigned scale = each.type.scale; scale < widest.scale; ++scale)
        decimal->units *= 10;
    widest.digits = std::max<std::uint8_t>(
        widest.digits,
        static_cast<std::uint8_t>(each.type.digits + widest.scale - each.type.scale));
  }
  for (Expr& each : values)
    each.type = widest;
  return true;
}

// Constants of one type; lengths of time of the two families have no order.
bool not_above(const Expr& low, const Expr& high) {
  const Value& a = std::get<Constant>(low.form).value;
  const Value& b = std::get<Constant>(high.form).value;
  return std::visit(match{
                        [&](const Integer& x) { return x.value <= std::get<Integer>(b).value; },
                        [&](const Decimal& x) { return x.units <= std::get<Decimal>(b).units; },
                        [&](const Date& x) { return x.days <= std::get<Date>(b).days; },
                        [&](const sanku::Span& x) {
                          const auto y = std::get<sanku::Span>(b);
                          return kernels::comparable(x, y) &&
                                 kernels::base_units(x) <= kernels::base_units(y);
                        },
                        [](const auto&) { return false; },
                    },
                    a);
}

struct CheckedParam {
  std::vector<Expr> values; // its own, those of overlays, then least and most, if given
  bool bounded = false;
};

// What overlays make of a parameter, in the order of their layers.
using Local = std::vector<const NewValues*>;

Local new_values_of(const ast::Param& written, Declarations& pack, Diagnostics& diagnostics) {
  Local found;
  const auto names = [&](const std::string& name) {
    return name == written.names.first.text ||
           (written.names.second && name == written.names.second->text);
  };
  for (NewValues& values : pack.new_values) {
    if (!names(values.written->param.text) || !lies_on(pack, values.layer, pack.layer))
      continue;
    values.taken = true;
    for (const NewValues* other : found)
      if (other->layer == values.layer ||
          (!lies_on(pack, values.layer, other->layer) &&
           knowledge::overlap(pack.layers[other->layer].zones, pack.layers[values.layer].zones)))
        report_conflict(pack, values.written->span, values.layer, other->written->span,
                        other->layer, written.names.first.text, diagnostics);
    found.push_back(&values);
  }
  return found;
}

std::optional<CheckedParam> check_values(Scope& scope, const ast::Param& written,
                                         const Local& local, const std::optional<Type>& type) {
  CheckedParam checked;
  const auto add = [&](const ast::Expr& expr) {
    const Type* opposite = type                     ? &*type
                           : checked.values.empty() ? nullptr
                                                    : &checked.values.front().type;
    auto value = constant_of(scope, expr, opposite);
    if (!value)
      return false;
    const Type wanted = type                     ? *type
                        : checked.values.empty() ? value->type
                                                 : checked.values.front().type;
    const bool widens = value->type.kind == Kind::integer && wanted.kind == Kind::decimal;
    if (widens)
      *value =
          Expr{{.kind = Kind::decimal, .scale = 0, .digits = value->type.digits},
               value->span,
               Constant{Decimal{std::get<Integer>(std::get<Constant>(value->form).value).value}}};
    if (!fits(scope.pack.schema, wanted, value->type)) {
      const TypeName found = type_name(scope.pack.schema, value->type);
      const TypeName shown = type_name(scope.pack.schema, wanted);
      report<"set_type">(scope.diagnostics, expr.span, Words{found.zh, found.en},
                         Words{shown.zh, shown.en});
      return false;
    }
    checked.values.push_back(std::move(*value));
    return true;
  };
  bool fine = true;
  for (const ast::ParamValue& each : written.values)
    fine = add(*each.value) && fine;
  for (const NewValues* values : local)
    for (const ast::ParamValue& each : values->written->values)
      fine = add(*each.value) && fine;
  checked.bounded = written.least != nullptr;
  if (fine && checked.bounded)
    fine = add(*written.least) && add(*written.most);
  if (!fine || !align(checked.values))
    return std::nullopt;
  return checked;
}

void check_bounds(Scope& scope, const ast::Param& written, const Local& local,
                  const CheckedParam& checked) {
  if (!checked.bounded)
    return;
  const Expr& least = checked.values[checked.values.size() - 2];
  const Expr& most = checked.values.back();
  std::size_t at = 0;
  const auto look = [&](const std::vector<ast::ParamValue>& values) {
    for (const ast::ParamValue& each : values) {
      const Expr& value = checked.values[at++];
      if (!not_above(least, value) || !not_above(value, most))
        report<"param_bounds">(scope.diagnostics, each.value->span)
            .label(written.least->span, "界限在此", "the bounds are here");
    }
  };
  look(written.values);
  for (const NewValues* values : local)
    look(values->written->values);
}

// By day, each behind the one before; only the first may be from the beginning, and of a
// declaration has to be.
std::vector<std::optional<Date>> days_of(const std::vector<ast::ParamValue>& values, bool declared,
                                         Diagnostics& diagnostics) {
  std::vector<std::optional<Date>> days;
  std::string before;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string& from = values[i].from;
    const bool needs_none = i == 0 && declared, needs_one = i != 0;
    if ((needs_none && !from.empty()) || (needs_one && from.empty()) ||
        (!from.empty() && from <= before))
      report<"param_dates">(diagnostics, values[i].value->span);
    before = from;
    Date day{};
    days.emplace_back();
    if (!from.empty() && parse_date(from, day))
      days.back() = day;
  }
  return days;
}

const Value& value_of(const Expr& constant) { return std::get<Constant>(constant.form).value; }

void fill_param(const ast::Param& written, const Local& local, const CheckedParam& checked,
                NamedParam& made, Diagnostics& diagnostics) {
  made.type = checked.values.front().type;
  std::size_t at = 0;
  for (const std::optional<Date>& since : days_of(written.values, true, diagnostics))
    made.values.push_back({value_of(checked.values[at++]), since});
  for (const NewValues* values : local)
    for (const std::optional<Date>& since : days_of(values->written->values, false, diagnostics))
      made.local.push_back({.value = value_of(checked.values[at++]),
                            .from = since,
                            .layer = values->layer,
                            .span = values->written->span});
  if (checked.bounded) {
    made.least = value_of(checked.values[checked.values.size() - 2]);
    made.most = value_of(checked.values.back());
  }
}

void add_param(const ast::Param& written, Declarations& pack, Diagnostics& diagnostics) {
  const auto id = static_cast<std::uint32_t>(pack.params.size());
  static_cast<void>(claim(pack, pack.param_names, written.names, id, diagnostics));
  NamedParam made{.names = both_names(written.names),
                  .span = written.names.first.span,
                  .type = {},
                  .values = {},
                  .layer = pack.layer};
  const Local local = new_values_of(written, pack, diagnostics);
  std::optional<Type> type;
  bool fine = true;
  if (written.type) {
    type = type_from_ast(*written.type, pack.names, diagnostics);
    fine = type.has_value();
  }
  Outside outside(pack, diagnostics);
  std::optional<CheckedParam> checked;
  if (fine)
    checked = check_values(outside.scope, written, local, type);
  if (checked) {
    check_bounds(outside.scope, written, local, *checked);
    fill_param(written, local, *checked, made, diagnostics);
  }
  pack.params.push_back(std::move(made));
}

} // namespace

void add_function(NamedFunction made, Declarations& pack, Diagnostics& diagnostics) {
  made.layer = pack.layer;
  const auto id = static_cast<std::uint32_t>(pack.functions.size());
  static_cast<void>(claim(pack, pack.function_names, made.names(), id, diagnostics));
  pack.functions.push_back(made);
}

namespace {

template <class T, class Add>
void each_declaration(const std::vector<const ast::File*>& files, Add add) {
  for (const ast::File* file : files)
    for (const ast::Decl& decl : file->decls)
      if (const auto* found = std::get_if<T>(&decl))
        add(*found);
}

} // namespace

void add_values(const std::vector<const ast::File*>& files, Declarations& pack,
                Diagnostics& diagnostics) {
  each_declaration<ast::SetDecl>(
      files, [&](const ast::SetDecl& each) { add_set(each, pack, diagnostics); });
  each_declaration<ast::Param>(files,
                               [&](const ast::Param& each) { add_param(each, pack, diagnostics); });
  each_declaration<ast::Define>(
      files, [&](const ast::Define& each) { add_function({.form = &each}, pack, diagnostics); });
  each_declaration<ast::Decide>(
      files, [&](const ast::Decide& each) { add_function({.form = &each}, pack, diagnostics); });
}

} // namespace sanku::hir
