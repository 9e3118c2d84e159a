// Literals take their exact type from their unit and from what stands opposite: `30天` is a length
// of time, opposite a window a window; a text opposite a code is a code, whose form is checked.
// Tested by tests/unit/compiler/check_test.cpp.
#include "compiler/hir/scope.h"
#include "runtime/types/check.h"

namespace sanku::hir {
namespace {

using ast::Unit;
using diag::report;

constexpr std::size_t most_whole_digits = 18, most_places = 18;
constexpr std::int64_t longest_span = 1'000'000;
constexpr std::size_t longest_code = 64;
// Where the insured area does not say otherwise, its insurance year is the calendar's; where it
// does, insured_window puts its own in place of this.
constexpr std::int64_t first_of_january = 101;

struct Digits {
  Int128 units = 0;
  std::uint8_t places = 0;
  std::uint8_t count = 0;
};

// `digits` is ASCII with at most one point; empty when it has more digits than a number can carry.
std::optional<Digits> read_digits(std::string_view digits) {
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t leading = std::min(digits.find_first_not_of('0'), point);
  const std::size_t places = point == digits.size() ? 0 : digits.size() - point - 1;
  if (point - leading > most_whole_digits || places > most_places)
    return std::nullopt;
  Digits read;
  for (const char digit : digits)
    if (digit != '.')
      read.units = read.units * 10 + (digit - '0');
  read.places = static_cast<std::uint8_t>(places); // at most 18
  read.count = static_cast<std::uint8_t>(std::max<std::size_t>(point - leading + places, 1));
  return read;
}

std::optional<SpanUnit> span_unit(Unit unit) {
  switch (unit) {
  case Unit::days:
  case Unit::weeks:
    return SpanUnit::days;
  case Unit::months:
    return SpanUnit::months;
  case Unit::years:
  case Unit::years_of_age:
    return SpanUnit::years;
  case Unit::hours:
    return SpanUnit::hours;
  case Unit::minutes:
    return SpanUnit::minutes;
  case Unit::none:
  case Unit::yuan:
  case Unit::percent:
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Expr> length_of_time(Scope& scope, const ast::Expr& expr, const Digits& digits,
                                   Unit unit, const Type* opposite) {
  if (digits.places != 0) {
    report<"fraction_of_unit">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  const Int128 number = digits.units * (unit == Unit::weeks ? 7 : 1);
  if (number > longest_span) {
    report<"number_too_long">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  const SpanUnit in = *span_unit(unit);
  const auto n = static_cast<std::int64_t>(number); // checked above
  const Span at = place(scope, expr.span);
  if (!opposite || opposite->kind != Kind::window)
    return constant({.kind = Kind::span}, make_span(n, in), at);
  if ((in != SpanUnit::days && in != SpanUnit::hours) || n < 1) {
    report<"no_window">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  const WindowUnit window = in == SpanUnit::days ? WindowUnit::days : WindowUnit::hours;
  return constant({.kind = Kind::window}, make_window(n, window), at);
}

// The first few values of an enum, as help shows them.
std::string listed(const schema::EnumType& type, bool chinese) {
  constexpr std::size_t shown = 6;
  std::string text;
  for (std::size_t i = 0; i < type.members.size() && i < shown; ++i) {
    if (i)
      text += ", ";
    text += fmt::format("`{}`", chinese ? type.members[i].names.zh : type.members[i].names.en);
  }
  if (type.members.size() > shown)
    text += ", …";
  return text;
}

void report_text_for_enum(Scope& scope, const ast::Expr& expr, const std::string& text,
                          std::uint32_t domain) {
  const schema::EnumType& type = scope.pack.schema.enums[domain];
  auto& found = report<"text_for_enum">(scope.diagnostics, expr.span, text,
                                        diag::Words{type.names.zh, type.names.en});
  found.label(scope.pack.names.enum_spans[domain], "声明于此", "declared here");
  found.help(fmt::format("可以写 {}", listed(type, true)),
             fmt::format("write one of {}", listed(type, false)));
  for (const schema::EnumMember& member : type.members)
    for (const std::string& code : member.codes)
      if (code == text || member.names.zh == text || member.names.en == text) {
        found.fix(expr.span, member.names.zh == text ? member.names.zh : member.names.en);
        return;
      }
}

void help_with_form(diag::Diagnostic& found, const schema::CodeSystem& system) {
  if (system.form.empty())
    return;
  found.help(fmt::format("{}的形式为 `{}`", system.names.zh, system.form),
             fmt::format("{} has the form `{}`", system.names.en, system.form));
}

} // namespace

Expr constant(Type type, Value value, Span span) {
  return Expr{type, span, Constant{std::move(value)}};
}

std::optional<sanku::Span> whole_span(const ast::NumberLiteral& literal) {
  const auto digits = read_digits(literal.digits);
  const auto unit = span_unit(literal.unit);
  if (!digits || !unit || digits->places != 0)
    return std::nullopt;
  const Int128 number = digits->units * (literal.unit == Unit::weeks ? 7 : 1);
  if (number < 1 || number > longest_span)
    return std::nullopt;
  return make_span(static_cast<std::int64_t>(number), *unit); // at most a million
}

std::optional<Expr> check_number(Scope& scope, const ast::Expr& expr,
                                 const ast::NumberLiteral& literal, const Type* opposite) {
  const auto digits = read_digits(literal.digits);
  if (!digits) {
    report<"number_too_long">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  const Span at = place(scope, expr.span);
  if (span_unit(literal.unit))
    return length_of_time(scope, expr, *digits, literal.unit, opposite);
  if (literal.unit == Unit::none && digits->places == 0)
    return constant({.kind = Kind::integer, .digits = digits->count},
                    Integer{static_cast<std::int64_t>(digits->units)}, at); // at most 18 digits
  const bool percent = literal.unit == Unit::percent;
  const Type type{.kind = literal.unit == Unit::yuan ? Kind::money : Kind::decimal,
                  .scale = static_cast<std::uint8_t>(digits->places + (percent ? 2 : 0)),
                  .digits = static_cast<std::uint8_t>(digits->count + (percent ? 2 : 0))};
  if (type.scale > most_places) {
    report<"number_too_long">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  return constant(type, Decimal{digits->units}, at);
}

bool code_fits(const Declarations& pack, std::uint32_t system, const std::string& code) {
  if (code.empty() || code.size() > longest_code)
    return false;
  for (const std::uint32_t member : pack.schema.systems[system].members)
    if (code_fits(pack, member, code))
      return true;
  if (!pack.schema.systems[system].members.empty())
    return false;
  const auto& form = pack.code_forms[system];
  return !form || form->fits(code);
}

std::optional<Expr> check_text(Scope& scope, const ast::Expr& expr, const ast::TextLiteral& literal,
                               const Type* opposite) {
  const Span at = place(scope, expr.span);
  if (!opposite)
    return constant({.kind = Kind::text}, literal.text, at);
  if (opposite->kind == Kind::code) {
    if (code_fits(scope.pack, opposite->domain, literal.text))
      return constant(*opposite, CodeText{literal.text}, at);
    const schema::CodeSystem& system = scope.pack.schema.systems[opposite->domain];
    auto& found = report<"code_form">(scope.diagnostics, expr.span, literal.text,
                                      diag::Words{system.names.zh, system.names.en});
    found.label(scope.pack.names.system_spans[opposite->domain], "编码体系声明于此",
                "the code system is declared here");
    help_with_form(found, system);
    for (const std::uint32_t member : system.members)
      help_with_form(found, scope.pack.schema.systems[member]);
    return std::nullopt;
  }
  if (opposite->kind == Kind::enumeration) {
    report_text_for_enum(scope, expr, literal.text, opposite->domain);
    return std::nullopt;
  }
  if (opposite->kind == Kind::date || opposite->kind == Kind::datetime) {
    auto& found = report<"text_for_date">(scope.diagnostics, expr.span, literal.text);
    if (Date date; parse_date(literal.text, date))
      found.fix(expr.span, date_text(date));
    return std::nullopt;
  }
  return constant({.kind = Kind::text}, literal.text, at);
}

std::optional<Expr> check_date(Scope& scope, const ast::Expr& expr,
                               const ast::DateLiteral& literal) {
  Date date{};
  if (parse_date(literal.text, date))
    return constant({.kind = Kind::date}, date, place(scope, expr.span));
  report<"no_such_date">(scope.diagnostics, expr.span, literal.text);
  return std::nullopt;
}

Expr window_constant(Span span, ast::WindowWord word) {
  const auto window = [&] {
    switch (word) {
    case ast::WindowWord::same_day:
      return make_window(1, WindowUnit::days);
    case ast::WindowWord::same_visit:
      return make_window(1, WindowUnit::visit);
    case ast::WindowWord::same_hour:
      return make_window(1, WindowUnit::same_hour);
    case ast::WindowWord::month:
      return make_window(1, WindowUnit::month);
    case ast::WindowWord::quarter:
      return make_window(1, WindowUnit::quarter);
    case ast::WindowWord::calendar_year:
      return make_window(1, WindowUnit::calendar_year);
    case ast::WindowWord::insurance_year:
      return make_window(first_of_january, WindowUnit::insurance_year);
    case ast::WindowWord::lifetime:
      return make_window(1, WindowUnit::lifetime);
    }
    unreachable("a window word without a window");
  };
  return constant({.kind = Kind::window}, window(), span);
}

} // namespace sanku::hir
