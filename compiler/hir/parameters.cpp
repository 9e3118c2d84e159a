// What the pack's own names become where they are used: a parameter its value on the date of the
// element in scope, a call of a definition or a decision table the body with its arguments in
// place. Tested by tests/unit/compiler/check_test.cpp and tests/cases/values.
#include "compiler/hir/decisions.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <utility>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

// A parameter of a definition that stands for an element or the settlement, by the record's name.
std::optional<RelationId> record_named(const Declarations& pack, const std::string& name) {
  for (RelationId id = 0; id < pack.schema.relations.size(); ++id) {
    const schema::Names& record = pack.names.records[id];
    if (record.en == name || record.zh == name)
      return id;
  }
  return std::nullopt;
}

std::optional<Local> element_argument(Scope& scope, const ast::Parameter& parameter, RelationId of,
                                      const ast::Expr& argument) {
  auto meaning = meaning_of(scope, argument);
  if (!meaning)
    return std::nullopt;
  const auto* element = std::get_if<ElementRef>(&*meaning);
  if (element && element->whole && scope.rule.binder_relations[element->binder] == of)
    return Local{parameter.name.span, *element, true};
  const schema::Names& wanted = scope.pack.names.records[of];
  report<"argument_element">(scope.diagnostics, argument.span, parameter.name.text,
                             Words{wanted.zh, wanted.en});
  return std::nullopt;
}

std::optional<Local> value_argument(Scope& scope, const ast::Parameter& parameter,
                                    const ast::Expr& argument) {
  const auto type = type_from_ast(parameter.type, scope.pack.names, scope.diagnostics);
  if (!type)
    return std::nullopt;
  auto value = check_value(scope, argument, &*type);
  if (!value)
    return std::nullopt;
  const bool number = value->type.kind == Kind::integer && type->kind == Kind::decimal;
  if (!number && !fits(scope.pack.schema, *type, value->type)) {
    const TypeName found = type_name(scope.pack.schema, value->type);
    const TypeName wanted = type_name(scope.pack.schema, *type);
    report<"set_type">(scope.diagnostics, argument.span, Words{found.zh, found.en},
                       Words{wanted.zh, wanted.en});
    return std::nullopt;
  }
  scope.arguments.push_back(std::move(*value));
  return Local{parameter.name.span,
               ArgumentName{static_cast<std::uint32_t>(scope.arguments.size() - 1)}, true};
}

// The body sees its parameters and the pack's names, nothing of the rule that calls it.
template <class Body> auto inside(Scope& scope, Span at, const Body& body) {
  const auto outer_use = scope.use;
  const auto outer_record = std::exchange(scope.record, std::nullopt);
  const auto outer_first = std::exchange(scope.first, std::nullopt);
  const bool outer_function = std::exchange(scope.in_function, true);
  // A declaration that is checked by itself is not used anywhere: what is told of it points into
  // it.
  const bool by_itself = scope.declaring && scope.calling.size() == 1;
  if (!scope.use && !by_itself)
    scope.use = at;
  auto value = body();
  scope.in_function = outer_function;
  scope.first = outer_first;
  scope.record = outer_record;
  scope.use = outer_use;
  return value;
}

std::optional<Expr> check_body(Scope& scope, const NamedFunction& function, Span at) {
  return inside(scope, at, [&] {
    return std::visit(match{
                          [&](const ast::Define* define) {
                            std::optional<Type> type;
                            if (define->type)
                              type =
                                  type_from_ast(*define->type, scope.pack.names, scope.diagnostics);
                            return check_value(scope, *define->body, type ? &*type : nullptr);
                          },
                          [&](const ast::Decide* decide) { return check_decision(scope, *decide); },
                          // Without a parameter of its own a model looks at the visit by the names
                          // that rules on settlements have.
                          [&](const NamedModel& model) {
                            const bool visit = !model.written->parameter;
                            scope.in_function = !visit;
                            const bool subject =
                                std::exchange(scope.subject_known, !visit && scope.subject_known);
                            auto value = check_model(scope, model);
                            scope.subject_known = subject;
                            return value;
                          },
                      },
                      function.form);
  });
}

// `body` while the call's arguments stand for the parameters.
template <class Body>
auto called(Scope& scope, const ast::Expr& expr, const ast::Call& call, std::uint32_t number,
            const Body& body) -> decltype(body()) {
  const NamedFunction& function = scope.pack.functions[number];
  const std::vector<ast::Parameter>& parameters = function.parameters();
  if (call.arguments.size() != parameters.size()) {
    report<"argument_count">(scope.diagnostics, expr.span, call.function.text, parameters.size(),
                             call.arguments.size())
        .label(function.names().first.span, "声明于此", "declared here");
    return std::nullopt;
  }
  if (const auto first = std::ranges::find(scope.calling, number); first != scope.calling.end()) {
    // A circle is one mistake: it is told where the first of its definitions stands.
    if (scope.declaring && first == scope.calling.begin() &&
        number == *std::min_element(first, scope.calling.end()))
      report<"define_cycle">(scope.diagnostics, call.function.span, call.function.text);
    return std::nullopt;
  }
  if (!may_expand(scope, function) || !may_nest(scope, call.function, call.function.span))
    return std::nullopt;
  std::map<std::string, Local, std::less<>> locals;
  bool fine = true;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto record = record_named(scope.pack, parameters[i].type.name.text);
    auto local = record ? element_argument(scope, parameters[i], *record, *call.arguments[i])
                        : value_argument(scope, parameters[i], *call.arguments[i]);
    fine = fine && local;
    if (local)
      locals.emplace(parameters[i].name.text, std::move(*local));
  }
  decltype(body()) value;
  // Arguments are the caller's: `f(f(x))` is no circle.
  if (fine) {
    scope.calling.push_back(number);
    std::swap(scope.locals, locals);
    value = body();
    std::swap(scope.locals, locals);
    scope.calling.pop_back();
  }
  return value;
}

bool has_type(Scope& scope, const std::optional<ast::ColumnType>& declared, const Expr& value) {
  if (!declared)
    return true;
  const auto type = type_from_ast(*declared, scope.pack.names, scope.diagnostics);
  if (!type)
    return false;
  const bool number = is_number(type->kind) && value.type.kind == type->kind;
  if (number || fits(scope.pack.schema, *type, value.type))
    return true;
  const TypeName found = type_name(scope.pack.schema, value.type);
  const TypeName wanted = type_name(scope.pack.schema, *type);
  report<"set_type">(scope.diagnostics, declared->span, Words{found.zh, found.en},
                     Words{wanted.zh, wanted.en});
  return false;
}

// A count is no value of a definition's: it becomes its number.
Expr exact(Expr value) {
  if (value.type.kind != Kind::count)
    return value;
  const Span span = value.span;
  Call call{.builtin = &builtins::conversion_row(builtins::Conversion::exact_count),
            .arguments = {}};
  call.arguments.push_back(std::move(value));
  return Expr{{.kind = Kind::integer, .digits = 19}, span, std::move(call)};
}

} // namespace

namespace {

// One of a parameter's values; those of layers follow its own, as in hir::Param.
Expr value_of(Scope& scope, const NamedParam& param, std::size_t number, Span at) {
  const std::size_t own = param.values.size();
  Expr made = constant(param.type,
                       number < own ? param.values[number].value : param.local[number - own].value,
                       place(scope, at));
  std::get<Constant>(made.form).of = {
      .param = static_cast<std::uint32_t>(&param - scope.pack.params.data()),
      .value = static_cast<std::uint32_t>(number)};
  return made;
}

// `later` where the condition holds, else `earlier`.
std::optional<Expr> replaced(Scope& scope, const NamedParam& param, std::optional<Expr> condition,
                             Expr later, Expr earlier, Span at) {
  if (!condition)
    return std::nullopt;
  auto chosen = apply(scope, {"pick", "param", at},
                      list_of(std::move(*condition), std::move(later), std::move(earlier)));
  if (chosen)
    chosen->type = param.type;
  return chosen;
}

} // namespace

std::optional<Expr> check_param(Scope& scope, const NamedParam& param, Span at) {
  if (param.values.empty())
    return std::nullopt; // its declaration was told to be wrong
  std::optional<Expr> value = value_of(scope, param, 0, at);
  for (std::size_t i = 1; i < param.values.size() && value; ++i)
    value = replaced(scope, param, in_force(scope, param.values[i].from, std::nullopt, at),
                     value_of(scope, param, i, at), std::move(*value), at);
  for (std::size_t i = 0; i < param.local.size(); ++i) {
    const ParamValue& local = param.local[i];
    if (!value)
      return std::nullopt;
    auto here = in_layer(scope, local.layer, at, param.region);
    if (here && local.from)
      here = both(scope, std::move(*here), in_force(scope, local.from, std::nullopt, at), at);
    value = replaced(scope, param, std::move(here),
                     value_of(scope, param, param.values.size() + i, at), std::move(*value), at);
  }
  return value;
}

std::optional<Expr> check_function(Scope& scope, const ast::Expr& expr, const ast::Call& call,
                                   std::uint32_t number) {
  const NamedFunction& function = scope.pack.functions[number];
  auto value =
      called(scope, expr, call, number, [&] { return check_body(scope, function, expr.span); });
  if (!value)
    return std::nullopt;
  value = exact(std::move(*value));
  if (!has_type(scope, function.type(), *value))
    return std::nullopt;
  value->span = place(scope, expr.span);
  return value;
}

std::optional<Decision> decision_called(Scope& scope, const ast::Expr& expr, const ast::Call& call,
                                        std::uint32_t number) {
  const auto* decide = std::get<const ast::Decide*>(scope.pack.functions[number].form);
  return called(scope, expr, call, number, [&] {
    return inside(scope, expr.span, [&] { return decision_rows(scope, *decide); });
  });
}

void check_functions(Declarations& pack, diag::Diagnostics& diagnostics) {
  std::size_t all = 0;
  for (const std::uint32_t number : functions_in_order(pack, diagnostics)) {
    NamedFunction& function = pack.functions[number];
    if (function.is_too_far)
      continue;
    show_names(pack, function.layer);
    Rule rule;
    rule.span = function.names().first.span;
    rule.binder_relations = {0, 0};
    rule.binder_names = {"", ""};
    Scope scope{.pack = pack, .diagnostics = diagnostics, .rule = rule};
    scope.declaring = true;
    scope.calling.push_back(number);
    bool fine = true;
    for (const ast::Parameter& parameter : function.parameters()) {
      const auto record = record_named(pack, parameter.type.name.text);
      if (record) {
        const BinderId binder =
            *record == 0 ? settlement_binder : fresh_binder(rule, *record, parameter.name.text);
        fine = declare(scope, parameter.name,
                       ElementRef{binder, pack.names.of_relation[*record], true}) &&
               fine;
        continue;
      }
      const auto type = type_from_ast(parameter.type, pack.names, diagnostics);
      fine = fine && type;
      if (!type)
        continue;
      // Stands for any value of its type while the body is checked by itself: a column of a binder
      // of its own, so that it is told from the other parameters.
      const BinderId binder = fresh_binder(rule, 0, parameter.name.text);
      scope.arguments.push_back(Expr{*type, parameter.name.span, FieldOf{binder, 0, 0}});
      fine = declare(scope, parameter.name,
                     ArgumentName{static_cast<std::uint32_t>(scope.arguments.size() - 1)}) &&
             fine;
    }
    if (!fine)
      continue;
    auto value = check_body(scope, function, function.names().first.span);
    if (value)
      static_cast<void>(has_type(scope, function.type(), exact(std::move(*value))));
    function.size = scope.written_out;
    all += function.size;
    if (all > most_declared && !scope.overflowed)
      report<"expands_too_far">(diagnostics, rule.span, most_declared);
    function.is_too_far = scope.overflowed || all > most_declared;
    if (all > most_declared)
      break;
  }
}

} // namespace sanku::hir
