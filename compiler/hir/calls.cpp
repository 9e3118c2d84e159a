// Operators and functions as calls: overload resolution, conversions as calls of their own, and
// what is said when nothing fits. Tested by tests/unit/compiler/check_test.cpp and
// tests/cases/errors/SK21*.
#include "compiler/hir/scope.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sanku::hir {
namespace {

using builtins::ArgumentStep;
using builtins::Conversion;
using builtins::Typing;
using diag::report;
using diag::Words;

constexpr unsigned most_scale = 18;

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> mirrored = {
    {{"equal", "equal"},
     {"not_equal", "not_equal"},
     {"less", "greater"},
     {"less_equal", "greater_equal"},
     {"greater", "less"},
     {"greater_equal", "less_equal"}}};

Type converted_type(const Type& type, Conversion conversion) {
  switch (conversion) {
  case Conversion::none:
  case Conversion::rescale:
    return type;
  case Conversion::widen_integer:
    return {.kind = Kind::decimal, .scale = 0, .digits = 19};
  case Conversion::exact_count:
    return {.kind = Kind::integer, .digits = 19};
  case Conversion::start_of_day:
    return {.kind = Kind::datetime};
  case Conversion::span_to_window:
    return {.kind = Kind::window};
  case Conversion::number_to_score:
  case Conversion::truth_to_score:
    return {.kind = Kind::score};
  }
  return type;
}

Expr call_of(const builtins::Builtin& builtin, Expr argument, Type type) {
  const Span span = argument.span;
  Call call{.builtin = &builtin, .arguments = {}};
  call.arguments.push_back(std::move(argument));
  return Expr{type, span, std::move(call)};
}

Int128 power_of_ten(unsigned n) {
  Int128 power = 1;
  for (unsigned i = 0; i < n; ++i)
    power *= 10;
  return power;
}

// Constants are brought to their type here, so that what the author wrote stays one leaf.
bool convert_constant(Expr& expr, const ArgumentStep& step) {
  auto* form = std::get_if<Constant>(&expr.form);
  if (!form)
    return false;
  if (step.conversion == Conversion::widen_integer) {
    form->value = Decimal{std::get<Integer>(form->value).value};
    expr.type.kind = Kind::decimal;
  } else if (step.conversion != Conversion::none) {
    return false;
  }
  if (step.rescale_by == 0)
    return true;
  // A literal has at most 18 digits before and 18 after the point, so 128 bits hold it at every
  // scale.
  std::get<Decimal>(form->value).units *= power_of_ten(step.rescale_by);
  expr.type.scale = static_cast<std::uint8_t>(expr.type.scale + step.rescale_by);
  expr.type.digits = static_cast<std::uint8_t>(expr.type.digits + step.rescale_by);
  return true;
}

Expr number_as_score(Expr expr) {
  if (expr.type.kind == Kind::integer) {
    if (!convert_constant(expr, {Conversion::widen_integer, 0}))
      expr = call_of(builtins::conversion_row(Conversion::widen_integer), std::move(expr),
                     converted_type(expr.type, Conversion::widen_integer));
  }
  const Span span = expr.span;
  const std::uint8_t scale = expr.type.scale;
  Expr made = call_of(builtins::conversion_row(Conversion::number_to_score), std::move(expr),
                      {.kind = Kind::score});
  std::get<Call>(made.form).arguments.push_back(
      constant({.kind = Kind::integer, .digits = 2}, Integer{scale}, span));
  return made;
}

Expr convert(Expr expr, const ArgumentStep& step) {
  if (step.conversion == Conversion::number_to_score)
    return number_as_score(std::move(expr));
  if (convert_constant(expr, step))
    return expr;
  if (step.conversion != Conversion::none && step.conversion != Conversion::rescale) {
    const Type type = converted_type(expr.type, step.conversion);
    expr = call_of(builtins::conversion_row(step.conversion), std::move(expr), type);
  }
  if (step.rescale_by == 0)
    return expr;
  Type type = expr.type;
  type.scale = static_cast<std::uint8_t>(type.scale + step.rescale_by);
  type.digits = static_cast<std::uint8_t>(std::min(type.digits + step.rescale_by, 200));
  const Span span = expr.span;
  Expr rescaled = call_of(builtins::conversion_row(Conversion::rescale), std::move(expr), type);
  std::get<Call>(rescaled.form)
      .arguments.push_back(
          constant({.kind = Kind::integer, .digits = 2}, Integer{step.rescale_by}, span));
  return rescaled;
}

bool is_numeric(Kind kind) {
  return is_number(kind) || kind == Kind::integer || kind == Kind::count;
}

Words words(const TypeName& name) { return {name.zh, name.en}; }

struct Mismatch {
  Scope& scope;
  const Operation& operation;
  const std::vector<Expr>& arguments;

  const Type& type(std::size_t i) const { return arguments[i].type; }
  TypeName name(std::size_t i) const { return type_name(scope.pack.schema, type(i)); }
  void label_types(diag::Diagnostic& found) const {
    for (std::size_t i = 0; i < arguments.size(); ++i)
      found.label(arguments[i].span, name(i).zh, name(i).en);
  }
  void label_system(diag::Diagnostic& found, std::size_t i) const {
    found.label(scope.pack.names.system_spans[type(i).domain],
                fmt::format("{}声明于此", name(i).zh),
                fmt::format("{} is declared here", name(i).en));
  }

  void code_systems() const {
    auto& found = report<"code_systems_differ">(scope.diagnostics, operation.span, words(name(0)),
                                                words(name(1)));
    label_types(found);
    label_system(found, 0);
    label_system(found, 1);
  }
  void money_and_number() const {
    const std::size_t number = type(0).kind == Kind::money ? 1 : 0;
    auto& found = report<"money_and_number">(scope.diagnostics, operation.span, operation.shown);
    label_types(found);
    const Span at = arguments[number].span;
    if (std::holds_alternative<Constant>(arguments[number].form))
      found.fix({at.file, at.end, at.end}, "元");
  }
  void age_and_number() const {
    const std::size_t number = type(0).kind == Kind::age ? 1 : 0;
    auto& found = report<"age_and_number">(scope.diagnostics, operation.span);
    label_types(found);
    const Span at = arguments[number].span;
    if (std::holds_alternative<Constant>(arguments[number].form))
      found.fix({at.file, at.end, at.end}, "岁");
  }
  void binary() const {
    const Kind a = type(0).kind, b = type(1).kind;
    if (a == Kind::code && b == Kind::code)
      return code_systems();
    if ((a == Kind::age && is_numeric(b)) || (b == Kind::age && is_numeric(a)))
      return age_and_number();
    if (operation.name == "multiply" && is_numeric(a) && is_numeric(b) &&
        unsigned{type(0).scale} + type(1).scale > most_scale) {
      label_types(report<"scale_too_long">(scope.diagnostics, operation.span));
      return;
    }
    if ((a == Kind::money && is_numeric(b) && b != Kind::money) ||
        (b == Kind::money && is_numeric(a) && a != Kind::money))
      return money_and_number();
    label_types(report<"operand_types">(scope.diagnostics, operation.span, operation.shown,
                                        words(name(0)), words(name(1))));
  }
  void other() const {
    std::string zh, en;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      zh += (i ? "、" : "") + name(i).zh;
      en += (i ? ", " : "") + name(i).en;
    }
    auto& found =
        report<"argument_types">(scope.diagnostics, operation.span, operation.shown, Words{zh, en});
    const auto rows = builtins::candidates(operation.name);
    if (!rows.empty())
      found.help(std::string(rows[0]->doc_zh), std::string(rows[0]->doc_en));
  }
};

// How many days lie between two dates says nothing of hours: they would be counted as 24 a day.
bool dates_have_hours(Scope& scope, const Operation& operation, const std::vector<Expr>& sides) {
  for (std::size_t i = 0; i < 2; ++i) {
    const auto* gap = std::get_if<Call>(&sides[i].form);
    const auto* fixed = std::get_if<Constant>(&sides[1 - i].form);
    const auto* span = fixed ? std::get_if<sanku::Span>(&fixed->value) : nullptr;
    const bool of_dates = gap && gap->builtin->typing == Typing::plain &&
                          gap->arguments.size() == 2 && gap->arguments[0].type.kind == Kind::date &&
                          gap->arguments[1].type.kind == Kind::date &&
                          sides[i].type.kind == Kind::span;
    if (!of_dates || !span ||
        (unit_of(*span) != SpanUnit::hours && unit_of(*span) != SpanUnit::minutes))
      continue;
    report<"dates_have_no_hours">(scope.diagnostics, operation.span)
        .label(sides[i].span, "日期之差", "a difference of dates");
    return false;
  }
  return true;
}

bool order_exists(Scope& scope, const Operation& operation, const Expr& argument) {
  if (argument.type.kind != Kind::enumeration)
    return true;
  const schema::EnumType& type = scope.pack.schema.enums[argument.type.domain];
  if (type.ordered)
    return true;
  report<"not_ordered">(scope.diagnostics, operation.span, Words{type.names.zh, type.names.en},
                        operation.shown)
      .label(scope.pack.names.enum_spans[argument.type.domain], "声明于此", "declared here");
  return false;
}

} // namespace

std::optional<Expr> as_score(Expr expr) {
  switch (expr.type.kind) {
  case Kind::score:
    return expr;
  case Kind::count:
    return number_as_score(convert(std::move(expr), {Conversion::exact_count, 0}));
  case Kind::integer:
  case Kind::decimal:
  case Kind::money:
    return number_as_score(std::move(expr));
  case Kind::boolean:
    return call_of(builtins::conversion_row(Conversion::truth_to_score), std::move(expr),
                   {.kind = Kind::score});
  case Kind::date:
  case Kind::datetime:
  case Kind::span:
  case Kind::window:
  case Kind::age:
  case Kind::code:
  case Kind::enumeration:
  case Kind::text:
  case Kind::reasons:
    break;
  }
  return std::nullopt;
}

TypeName type_name(const schema::Schema& schema, const Type& type) {
  if (type.kind == Kind::code)
    return {schema.systems[type.domain].names.zh, schema.systems[type.domain].names.en};
  if (type.kind == Kind::enumeration)
    return {schema.enums[type.domain].names.zh, schema.enums[type.domain].names.en};
  return {std::string(info(type.kind).zh), std::string(info(type.kind).en)};
}

bool codes_compare(const schema::Schema& schema, std::uint32_t a, std::uint32_t b) {
  const auto holds = [&](std::uint32_t whole, std::uint32_t part) {
    const auto& members = schema.systems[whole].members;
    return std::find(members.begin(), members.end(), part) != members.end();
  };
  return a == b || holds(a, b) || holds(b, a);
}

bool fits(const schema::Schema& schema, const Type& wanted, const Type& found) {
  if (wanted.kind != found.kind)
    return false;
  if (wanted.kind == Kind::code)
    return codes_compare(schema, wanted.domain, found.domain);
  return wanted.kind != Kind::enumeration || wanted.domain == found.domain;
}

std::optional<Expr> apply(Scope& scope, const Operation& operation, std::vector<Expr> arguments) {
  Operation chosen = operation;
  const bool pair = arguments.size() == 2;
  if (pair && arguments[0].type.kind == Kind::span && arguments[1].type.kind == Kind::age)
    for (const auto& [name, mirror] : mirrored)
      if (operation.name == name) {
        chosen.name = mirror;
        std::swap(arguments[0], arguments[1]);
        break;
      }
  // A count stands beside a number with a point only as an exact number.
  if (pair)
    for (std::size_t i = 0; i < 2; ++i)
      if (arguments[i].type.kind == Kind::count && is_number(arguments[1 - i].type.kind))
        arguments[i] = convert(std::move(arguments[i]), {Conversion::exact_count, 0});

  std::vector<Type> types;
  for (const Expr& argument : arguments)
    types.push_back(argument.type);
  const auto resolved = builtins::resolve(chosen.name, types);
  bool codes_fit = true;
  for (const Type& type : types)
    if (type.kind == Kind::code && types[0].kind == Kind::code)
      codes_fit = codes_fit && codes_compare(scope.pack.schema, types[0].domain, type.domain);
  if (!resolved || !codes_fit) {
    const Mismatch mismatch{scope, chosen, arguments};
    if (pair)
      mismatch.binary();
    else
      mismatch.other();
    return std::nullopt;
  }
  if (resolved->builtin->typing == Typing::ordered && !order_exists(scope, chosen, arguments[0]))
    return std::nullopt;
  if (pair && types[0].kind == Kind::span && types[1].kind == Kind::span &&
      !dates_have_hours(scope, chosen, arguments))
    return std::nullopt;

  // Resolved::may_overflow_18_digits is told to nobody: unit_price (16,6) × quantity (16,4) may
  // pass 18 digits by declaration and every national rule on prices multiplies them; 128-bit
  // arithmetic makes a real overflow unknown, with that reason.
  Call call{.builtin = resolved->builtin, .arguments = {}};
  call.arguments.reserve(arguments.size() + resolved->extra_integers.size());
  for (std::size_t i = 0; i < arguments.size(); ++i)
    call.arguments.push_back(convert(std::move(arguments[i]), resolved->steps[i]));
  const Span at = place(scope, operation.span);
  for (const std::int64_t extra : resolved->extra_integers)
    call.arguments.push_back(constant({.kind = Kind::integer, .digits = 2}, Integer{extra}, at));
  return Expr{resolved->result, at, std::move(call)};
}

} // namespace sanku::hir
