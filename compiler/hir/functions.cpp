// Functions by name: `within`, `smaller`, `age_at` and whatever else the table of built-ins lets
// authors call; and `rounded to`. Tested by tests/unit/compiler/check_test.cpp.
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"
#include "compiler/hir/walk.h"

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

// An argument of `within` may be an element and then means its time.
std::optional<Expr> check_instant(Scope& scope, const ast::Expr& expr) {
  auto meaning = meaning_of(scope, expr);
  if (!meaning)
    return std::nullopt;
  if (auto* value = std::get_if<Expr>(&*meaning))
    return std::move(*value);
  if (const auto* element = std::get_if<ElementRef>(&*meaning))
    if (element->whole)
      if (auto time = time_of(scope, element->binder, expr.span))
        return time;
  report<"within_needs_time">(scope.diagnostics, expr.span);
  return std::nullopt;
}

// All of them are of this visit.
std::optional<Expr> of_this_visit(Scope& scope, const std::set<BinderId>& binders, Span at) {
  std::optional<Expr> all;
  for (const BinderId binder : binders) {
    Expr own{{.kind = Kind::boolean}, at, OfVisit{binder, scope.rule.binder_relations[binder]}};
    all = all ? apply(scope, {"and", "within", at}, list_of(std::move(*all), std::move(own)))
              : std::optional<Expr>(std::move(own));
    if (!all)
      return std::nullopt;
  }
  return all;
}

std::optional<Expr> check_within(Scope& scope, const ast::Expr& expr, const ast::Call& call) {
  const Type window{.kind = Kind::window};
  auto first = check_instant(scope, *call.arguments[0]);
  auto second = check_instant(scope, *call.arguments[1]);
  auto third = check_value(scope, *call.arguments[2], &window);
  if (!first || !second || !third)
    return std::nullopt;
  // What is read of other visits: the names that stand on it.
  std::set<BinderId> elsewhere = read_in(scope, *first, scope.elsewhere);
  elsewhere.merge(read_in(scope, *second, scope.elsewhere));
  const auto* fixed = std::get_if<Constant>(&third->form);
  const auto* literal = fixed ? std::get_if<Window>(&fixed->value) : nullptr;
  const bool crosses = literal ? unit_of(*literal) != WindowUnit::visit : fixed != nullptr;
  third = insured_window(scope, std::move(*third), call.arguments[2]->span);
  if (!third)
    return std::nullopt;
  Renamed none;
  Expr window_again = copy(*third, scope.rule, none);
  auto near = apply(scope, {"within", call.function.text, expr.span},
                    list_of(std::move(*first), std::move(*second), std::move(*third)));
  if (!near || crosses || elsewhere.empty())
    return near;
  // Only times are compared: that `same visit` means one visit is said beside.
  const Span at = place(scope, expr.span);
  auto wide = apply(scope, {"reaches_beyond", "within", at}, list_of(std::move(window_again)));
  auto same = of_this_visit(scope, elsewhere, at);
  if (!wide || !same)
    return std::nullopt;
  auto either = apply(scope, {"or", "within", at}, list_of(std::move(*wide), std::move(*same)));
  if (!either)
    return std::nullopt;
  return apply(scope, {"and", "within", at}, list_of(std::move(*near), std::move(*either)));
}

const builtins::Builtin* callable(std::string_view name) {
  for (const builtins::Builtin* row : builtins::candidates(name))
    if (row->callable)
      return row;
  return nullptr;
}

// `day(settled)`: the calendar day of an instant.
bool is_day(const Scope& scope, const ast::Call& call) {
  return (call.function.text == "day" || call.function.text == "日") &&
         call.arguments.size() == 1 && !scope.pack.function_names.contains(call.function.text);
}

bool is_previous(const Scope& scope, const ast::Call& call) {
  return (call.function.text == "previous" || call.function.text == "上期") &&
         !scope.pack.function_names.contains(call.function.text);
}

} // namespace

std::optional<Expr> check_call(Scope& scope, const ast::Expr& expr, const ast::Call& call) {
  if (is_past(scope, expr)) {
    report<"past_is_a_list">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  if (is_day(scope, call)) {
    auto day = as_date(scope, check_value(scope, *call.arguments[0]), expr.span);
    if (!day || day->type.kind == Kind::date)
      return day;
    const TypeName found = type_name(scope.pack.schema, day->type);
    report<"argument_types">(scope.diagnostics, expr.span, "day", Words{found.zh, found.en});
    return std::nullopt;
  }
  if (is_previous(scope, call))
    return check_previous(scope, expr, call);
  if (call.function.text == "ask")
    return check_ask(scope, expr, call);
  if (call.function.text == "reasons" && !scope.pack.function_names.contains("reasons"))
    return check_reasons(scope, expr, call);
  if (const auto defined = scope.pack.function_names.find(call.function.text);
      defined != scope.pack.function_names.end())
    return check_function(scope, expr, call, defined->second);
  const builtins::Builtin* row = callable(call.function.text);
  if (!row) {
    std::vector<std::string_view> near;
    for (const builtins::Builtin& known : builtins::rows())
      if (known.callable)
        near.insert(near.end(), {known.name, known.name_zh});
    for (const auto& [name, id] : scope.pack.function_names)
      near.push_back(name);
    suggest(report<"unknown_function">(scope.diagnostics, call.function.span, call.function.text),
            call.function, near);
    return std::nullopt;
  }
  if (row->name == "within" && call.arguments.size() == 3)
    return check_within(scope, expr, call);
  std::vector<std::optional<Expr>> values(call.arguments.size());
  const Type* opposite = nullptr;
  bool failed = false;
  for (const bool flexible : {false, true})
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (is_flexible(scope, *call.arguments[i]) != flexible || (flexible && failed))
        continue;
      values[i] = check_value(scope, *call.arguments[i], opposite);
      failed = failed || !values[i];
      if (values[i] && !opposite)
        opposite = &values[i]->type;
    }
  if (failed)
    return std::nullopt;
  std::vector<Expr> arguments;
  for (auto& value : values)
    arguments.push_back(std::move(*value));
  if (row->name == "month") {
    auto day = as_date(scope, std::move(arguments.front()), expr.span);
    if (!day)
      return std::nullopt;
    arguments.front() = std::move(*day);
  }
  if (row->name == "age_at" && arguments.size() == 1) {
    auto at = scope_date(scope, expr.span);
    if (!at)
      return std::nullopt;
    arguments.push_back(std::move(*at));
  }
  return apply(scope, {row->name, call.function.text, expr.span}, std::move(arguments));
}

namespace {

// A quotient is rounded once, from its exact value: its own last argument says how many places it
// has.
bool round_quotient(Expr& value, std::uint32_t places) {
  auto* call = std::get_if<Call>(&value.form);
  if (call == nullptr || call->builtin->typing != builtins::Typing::quotient)
    return false;
  const auto dropped = static_cast<std::uint8_t>(value.type.scale - places);
  auto& shift = std::get<Integer>(std::get<Constant>(call->arguments.back().form).value);
  shift.value -= dropped;
  value.type.scale = static_cast<std::uint8_t>(places); // below the scale it had
  value.type.digits =
      static_cast<std::uint8_t>(value.type.digits > dropped ? value.type.digits - dropped + 1 : 1);
  return true;
}

} // namespace

std::optional<Expr> check_rounded(Scope& scope, const ast::Expr& expr,
                                  const ast::Rounded& rounded) {
  auto value = check_value(scope, *rounded.value);
  if (!value || value->type.kind == Kind::integer)
    return value;
  if (!is_number(value->type.kind)) {
    const TypeName found = type_name(scope.pack.schema, value->type);
    report<"argument_types">(scope.diagnostics, expr.span, "rounded to", Words{found.zh, found.en});
    return std::nullopt;
  }
  if (rounded.places >= value->type.scale)
    return value;
  if (round_quotient(*value, rounded.places))
    return value;
  const auto dropped = static_cast<std::uint8_t>(value->type.scale - rounded.places);
  Type type = value->type;
  type.scale = static_cast<std::uint8_t>(rounded.places); // below the scale it had
  type.digits = static_cast<std::uint8_t>(type.digits > dropped ? type.digits - dropped + 1 : 1);
  const Span at = place(scope, expr.span);
  Call call{.builtin = builtins::find("round"), .arguments = {}};
  call.arguments = list_of(std::move(*value),
                           constant({.kind = Kind::integer, .digits = 2}, Integer{dropped}, at));
  return Expr{type, at, std::move(call)};
}

} // namespace sanku::hir
