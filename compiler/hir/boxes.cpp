// See boxes.h. Tested by tests/unit/compiler/decision_test.cpp.
#include "compiler/hir/boxes.h"

#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sanku::hir {
namespace {

constexpr std::size_t most_boxes = 64;

// What is read, for telling and for showing; none: nothing that a line can be.
struct Reading {
  std::string key, name;
};
std::optional<Reading> reading_of(const Scope& scope, const Expr& expr) {
  if (const auto* field = std::get_if<FieldOf>(&expr.form)) {
    const std::string key = fmt::format("{}.{}.{}", field->binder, field->relation, field->column);
    const std::string& binder = scope.rule.binder_names[field->binder];
    // A parameter's own value stands as column 0 of a binder of its own (check_functions).
    const schema::Column& column = relation(scope.pack, field->relation).columns[field->column];
    const bool parameter = !(column.type.kind == expr.type.kind && field->binder == 0) &&
                           scope.locals.contains(binder) &&
                           std::holds_alternative<ArgumentName>(scope.locals.at(binder).meaning);
    const std::string path = column.path.en;
    return Reading{key, parameter ? binder : binder.empty() ? path : binder + "." + path};
  }
  const auto* call = std::get_if<Call>(&expr.form);
  if (!call)
    return std::nullopt;
  const std::string_view row = call->builtin->name;
  // The same value at another scale or as another kind of number.
  if (row == "widen_integer" || row == "rescale" || row == "start_of_day")
    return reading_of(scope, call->arguments[0]);
  Reading made{std::string(row) + "(", std::string(row) + "("};
  for (std::size_t i = 0; i < call->arguments.size(); ++i) {
    const auto* constant = std::get_if<Constant>(&call->arguments[i].form);
    const auto part =
        constant ? std::optional(Reading{
                       to_text(constant->value, call->arguments[i].type, Language::en, "?"), ""})
                 : reading_of(scope, call->arguments[i]);
    if (!part)
      return std::nullopt;
    made.key += part->key + ",";
    // An age is that of a birth, on a day that goes without saying.
    if (i == 0 || row != "age_at")
      made.name += (i ? ", " : "") + (constant ? part->key : part->name);
  }
  made.key += ")";
  made.name += ")";
  return made;
}

// The columns that a reading names.
void leaves(const Expr& expr, std::set<std::string>& into) {
  if (const auto* field = std::get_if<FieldOf>(&expr.form))
    into.insert(fmt::format("{}.{}.{}", field->binder, field->relation, field->column));
  if (const auto* call = std::get_if<Call>(&expr.form))
    for (const Expr& argument : call->arguments)
      leaves(argument, into);
}

std::optional<Axis> line_for(const Scope& scope, const Expr& value, const Reading& reading) {
  Axis made{.key = reading.key, .name = reading.name, .type = value.type, .span = value.span};
  switch (value.type.kind) {
  case Kind::boolean:
    made.domain = {0, 1};
    return made;
  case Kind::enumeration:
    made.domain = {1,
                   static_cast<Int128>(scope.pack.schema.enums[value.type.domain].members.size())};
    return made;
  case Kind::integer:
  case Kind::date:
    return made;
  case Kind::decimal:
  case Kind::money:
    made.dense = true;
    return made;
  case Kind::age:
    made.domain.low = 0;
    return made;
  case Kind::datetime:
  case Kind::span:
  case Kind::window:
  case Kind::count:
  case Kind::code:
  case Kind::text:
  case Kind::score:
  case Kind::reasons:
    return std::nullopt;
  }
  return std::nullopt;
}

// Beside whole numbers: between two of them, where nothing lies.
std::optional<Interval> number_at(const Axis& on, const Decimal& x, unsigned scale) {
  if (scale > common_scale || x.units > far / (4 * power_of_ten(common_scale - scale)) ||
      x.units < -far / (4 * power_of_ten(common_scale - scale)))
    return std::nullopt;
  if (on.dense) {
    const Int128 at = 2 * x.units * power_of_ten(common_scale - scale);
    return Interval{at, at};
  }
  const Int128 one = power_of_ten(scale);
  const Int128 floor = x.units / one - (x.units % one < 0 ? 1 : 0);
  const bool whole = x.units % one == 0;
  return Interval{whole ? floor : floor + 1, floor}; // empty where no whole number equals it
}

// In completed months, a year its twelve; or in days. An age in both is not judged.
std::optional<Interval> age_at(Axis& on, const sanku::Span& x) {
  const SpanUnit unit = unit_of(x);
  const Int128 n = number_of(x);
  const bool months = unit == SpanUnit::years || unit == SpanUnit::months;
  if (!months && unit != SpanUnit::days)
    return std::nullopt;
  (months ? on.in_months : on.in_days) = true;
  if (on.in_months && on.in_days)
    return std::nullopt;
  if (unit == SpanUnit::years)
    return Interval{n * 12, n * 12 + 11};
  return Interval{n, n};
}

Boxes product(const Boxes& left, const Boxes& right) {
  Boxes made;
  for (const Box& a : left)
    for (const Box& b : right) {
      Box both = a;
      bool some = true;
      for (const auto& [number, part] : b) {
        const auto [at, added] = both.try_emplace(number, part);
        if (!added)
          at->second = {std::max(at->second.low, part.low), std::min(at->second.high, part.high)};
        some = some && at->second.low <= at->second.high;
      }
      if (some)
        made.push_back(std::move(both));
    }
  return made;
}

} // namespace

Int128 power_of_ten(unsigned n) {
  Int128 power = 1;
  for (unsigned i = 0; i < n; ++i)
    power *= 10;
  return power;
}

// The line of that value; two lines that read the same column would not be independent.
std::optional<std::size_t> Conditions::line_of(const Expr& expr) {
  const Expr* value = &expr;
  while (const auto* call = std::get_if<Call>(&value->form)) {
    const std::string_view row = call->builtin->name;
    if (row != "widen_integer" && row != "rescale" && row != "start_of_day")
      break;
    value = &call->arguments[0];
  }
  const auto reading = reading_of(scope, *value);
  if (!reading)
    return std::nullopt;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (lines[i].key == reading->key)
      return i;
  std::set<std::string> columns;
  leaves(*value, columns);
  for (const auto& others : read)
    for (const std::string& column : columns)
      if (others.contains(column))
        return std::nullopt;
  auto made = line_for(scope, *value, *reading);
  if (!made)
    return std::nullopt;
  lines.push_back(std::move(*made));
  read.push_back(std::move(columns));
  return lines.size() - 1;
}

// What of the line is smaller than, equal to and greater than the constant; none: it has no place
// on the line.
std::optional<Interval> Conditions::place_of(std::size_t number, const Value& value,
                                             const Type& type) {
  Axis& on = lines[number];
  return std::visit(
      match{
          [](const Bool& x) -> std::optional<Interval> {
            return Interval{x.value ? 1 : 0, x.value ? 1 : 0};
          },
          [](const EnumValue& x) -> std::optional<Interval> {
            return x.id == 0 ? std::nullopt : std::optional(Interval{x.id, x.id});
          },
          [&](const Integer& x) -> std::optional<Interval> {
            const Int128 at = on.dense ? 2 * x.value * power_of_ten(common_scale) : x.value;
            return Interval{at, at};
          },
          [&](const Decimal& x) -> std::optional<Interval> { return number_at(on, x, type.scale); },
          [](const Date& x) -> std::optional<Interval> { return Interval{x.days, x.days}; },
          [&](const sanku::Span& x) -> std::optional<Interval> { return age_at(on, x); },
          [](const auto&) -> std::optional<Interval> { return std::nullopt; },
      },
      value);
}

Boxes Conditions::within(std::size_t number, const std::vector<Interval>& parts) const {
  Boxes boxes;
  for (const Interval& part : parts) {
    const Interval cut{std::max(part.low, lines[number].domain.low),
                       std::min(part.high, lines[number].domain.high)};
    if (cut.low <= cut.high)
      boxes.push_back({{number, cut}});
  }
  return boxes;
}

// Everything that the condition (or its opposite) holds for; none: it is not judged.
std::optional<Boxes> Conditions::boxes_of(const Expr& expr, bool holds) {
  if (const auto* constant = std::get_if<Constant>(&expr.form)) {
    const auto* truth = std::get_if<Bool>(&constant->value);
    if (!truth)
      return std::nullopt;
    return truth->value == holds ? Boxes{Box{}} : Boxes{};
  }
  const auto* call = std::get_if<Call>(&expr.form);
  const std::string_view row = call ? std::string_view(call->builtin->name) : "";
  if (row == "not")
    return boxes_of(call->arguments[0], !holds);
  if (row == "and" || row == "or")
    return combined(*call, holds, (row == "and") == holds);
  if (row == "in_set")
    return in_set_boxes(*call, holds);
  constexpr std::array comparisons = {"equal",      "not_equal", "less",
                                      "less_equal", "greater",   "greater_equal"};
  if (call && std::ranges::find(comparisons, row) != comparisons.end())
    return compared(*call, row, holds);
  const auto number = line_of(expr); // a truth by itself
  if (!number)
    return std::nullopt;
  const Int128 wanted = holds ? 1 : 0;
  return within(*number, {{wanted, wanted}});
}

std::optional<Boxes> Conditions::combined(const Call& call, bool holds, bool both) {
  std::optional<Boxes> made;
  for (const Expr& argument : call.arguments) {
    auto part = boxes_of(argument, holds);
    if (!part)
      return std::nullopt;
    if (!made)
      made = std::move(part);
    else if (both)
      made = product(*made, *part);
    else
      made->insert(made->end(), part->begin(), part->end());
    if (made->size() > most_boxes)
      return std::nullopt;
  }
  return made;
}

std::optional<Boxes> Conditions::compared(const Call& call, std::string_view row, bool holds) {
  const bool swapped = std::holds_alternative<Constant>(call.arguments[0].form);
  const Expr& value = call.arguments[swapped ? 1 : 0];
  const Expr& other = call.arguments[swapped ? 0 : 1];
  const auto* constant = std::get_if<Constant>(&other.form);
  if (!constant)
    return std::nullopt;
  const auto number = line_of(value);
  const auto at = number ? place_of(*number, constant->value, other.type) : std::nullopt;
  if (!at)
    return std::nullopt;
  const Interval below{-far, at->low - 1}, above{at->high + 1, far};
  bool less = row.starts_with("less"), greater = row.starts_with("greater");
  if (swapped)
    std::swap(less, greater);
  const bool equal = row == "equal" || row.ends_with("_equal");
  const bool differs = row == "not_equal";
  std::vector<Interval> parts;
  if ((less || differs) == holds)
    parts.push_back(below);
  if ((greater || differs) == holds)
    parts.push_back(above);
  if ((equal && !differs) == holds)
    parts.push_back(*at);
  return within(*number, std::move(parts));
}

// Elements of enums and whole numbers in a set text, `1|3..5`.
std::optional<Boxes> Conditions::in_set_boxes(const Call& call, bool holds) {
  const auto* constant = std::get_if<Constant>(&call.arguments[1].form);
  const auto* text = constant ? std::get_if<std::string>(&constant->value) : nullptr;
  const auto number = text ? line_of(call.arguments[0]) : std::nullopt;
  if (!number)
    return std::nullopt;
  std::vector<Interval> parts;
  for (std::size_t from = 0; from < text->size();) {
    const std::size_t bar = std::min(text->find('|', from), text->size());
    const std::string each = text->substr(from, bar - from);
    const std::size_t dots = each.find("..");
    std::int64_t low = 0, high = 0;
    if (!parse_integer(each.substr(0, dots), low) ||
        !parse_integer(dots == std::string::npos ? each : each.substr(dots + 2), high))
      return std::nullopt;
    parts.push_back({low, high});
    from = bar + 1;
  }
  if (!holds) {
    std::ranges::sort(parts, {}, &Interval::low);
    std::vector<Interval> others;
    Int128 next = -far;
    for (const Interval& part : parts) {
      others.push_back({next, part.low - 1});
      next = std::max(next, part.high + 1);
    }
    others.push_back({next, far});
    parts = std::move(others);
  }
  return within(*number, std::move(parts));
}

} // namespace sanku::hir
