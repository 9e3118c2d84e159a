// Distances (distance.h): what a comparison demands of its left operand, and how far that is, one
// measure a type.
#include "compiler/evaluate/distance.h"

#include "runtime/kernels/time.h"

#include <fmt/format.h>

#include <cmath>

namespace sanku::evaluate {
namespace {

// A comparison as what it asks of the left operand.
struct Demand {
  bool at_least = false, at_most = false; // both: equality
  bool exclusive = false;
};

std::optional<Demand> demand_of(std::string_view symbol) {
  if (symbol == "=")
    return Demand{.at_least = true, .at_most = true, .exclusive = false};
  if (symbol == "<")
    return Demand{.at_least = false, .at_most = true, .exclusive = true};
  if (symbol == "<=")
    return Demand{.at_least = false, .at_most = true, .exclusive = false};
  if (symbol == ">")
    return Demand{.at_least = true, .at_most = false, .exclusive = true};
  if (symbol == ">=")
    return Demand{.at_least = true, .at_most = false, .exclusive = false};
  return std::nullopt;
}

// left - right, far enough in the wrong direction to fail the demand; its size is the distance.
std::optional<Int128> gap(const Demand& demand, Int128 left, Int128 right) {
  Int128 difference = 0;
  if (__builtin_sub_overflow(left, right, &difference))
    return std::nullopt;
  const bool too_small =
      demand.at_least && (difference < 0 || (demand.exclusive && difference == 0));
  const bool too_large =
      demand.at_most && (difference > 0 || (demand.exclusive && difference == 0));
  if (!too_small && !too_large)
    return std::nullopt;
  return difference < 0 ? -difference : difference;
}

// Of things that come in whole units `more than 2` is `at least 3`.
std::optional<Distance> counted(const Demand& demand, std::int64_t left, std::int64_t right) {
  const std::optional<Int128> size = gap(demand, left, right);
  const Int128 needed = size.value_or(0) + static_cast<Int128>(demand.exclusive);
  if (!size || needed > INT64_MAX)
    return std::nullopt;
  return Distance{.value = Integer{static_cast<std::int64_t>(needed)},
                  .type = Type{.kind = Kind::integer},
                  .exclusive = false};
}

std::optional<Distance> timed(const Demand& demand, std::int64_t left, std::int64_t right,
                              SpanUnit unit) {
  const std::optional<Distance> number = counted(demand, left, right);
  if (!number)
    return std::nullopt;
  const Span span = make_span(std::get<Integer>(number->value).value, unit);
  return Distance{.value = span, .type = Type{.kind = Kind::span}, .exclusive = false};
}

// The day on which someone born at `birth` reaches an age of n units.
Date day_of_age(Date birth, std::int64_t n, SpanUnit unit) {
  if (unit == SpanUnit::days)
    return Date{static_cast<std::int32_t>(birth.days + n)};
  return kernels::add_months(birth, unit == SpanUnit::years ? n * 12 : n);
}

// An age holds still for a whole unit, so the distance is to the first or last day that would do.
std::optional<Distance> aged(const Demand& demand, Age age, Span limit) {
  const std::int64_t n = number_of(limit);
  if (!kernels::counts_age(unit_of(limit)) || n < 0 || n > kernels::farthest_span / 366)
    return std::nullopt;
  const Demand inclusive{
      .at_least = demand.at_least, .at_most = demand.at_most, .exclusive = false};
  const std::int64_t first =
      day_of_age(birth_of(age), demand.at_least && demand.exclusive ? n + 1 : n, unit_of(limit))
          .days;
  const std::int64_t last =
      day_of_age(birth_of(age), demand.at_most && demand.exclusive ? n : n + 1, unit_of(limit))
          .days -
      1;
  const std::int64_t today = reference_of(age).days;
  if (demand.at_least && today < first)
    return timed(inclusive, today, first, SpanUnit::days);
  if (demand.at_most && today > last)
    return timed(inclusive, today, last, SpanUnit::days);
  return std::nullopt;
}

std::optional<Distance> between_times(const Demand& demand, DateTime left, DateTime right) {
  const std::optional<Int128> seconds = gap(demand, left.seconds, right.seconds);
  if (!seconds)
    return std::nullopt;
  const auto minutes = static_cast<std::int64_t>((*seconds + 59) / 60);
  const bool whole_days = *seconds % kernels::seconds_a_day == 0;
  const Span span = whole_days ? make_span(minutes / 1440, SpanUnit::days)
                               : make_span(minutes, SpanUnit::minutes);
  return Distance{.value = span, .type = Type{.kind = Kind::span}, .exclusive = demand.exclusive};
}

std::optional<Distance> between_spans(const Demand& demand, Span left, Span right) {
  if (!kernels::comparable(left, right))
    return std::nullopt;
  if (unit_of(left) == unit_of(right))
    return timed(demand, number_of(left), number_of(right), unit_of(left));
  const SpanUnit unit = kernels::is_calendar(unit_of(left)) ? SpanUnit::months : SpanUnit::minutes;
  return timed(demand, kernels::base_units(left), kernels::base_units(right), unit);
}

// A whole number, or a count that is exactly known.
std::optional<std::int64_t> whole(const Value& value) {
  if (const auto* integer = std::get_if<Integer>(&value))
    return integer->value;
  const auto* count = std::get_if<Count>(&value);
  return count != nullptr && count->low == count->high ? std::optional(count->low) : std::nullopt;
}

std::optional<Distance> scored(const Demand& demand, double left, double right, const Type& type) {
  const double difference = left - right;
  const bool equal = demand.exclusive && difference == 0;
  if (!(demand.at_least && (difference < 0 || equal)) &&
      !(demand.at_most && (difference > 0 || equal)))
    return std::nullopt;
  return Distance{
      .value = Score{std::abs(difference)}, .type = type, .exclusive = demand.exclusive};
}

} // namespace

std::optional<Distance> distance(std::string_view symbol, const Value& left, const Value& right,
                                 const Type& type) {
  const std::optional<Demand> demand = demand_of(symbol);
  if (!demand)
    return std::nullopt;
  const std::optional<std::int64_t> a = whole(left), b = whole(right);
  if (a && b)
    return counted(*demand, *a, *b);
  if (std::holds_alternative<Age>(left) && std::holds_alternative<Span>(right))
    return aged(*demand, std::get<Age>(left), std::get<Span>(right));
  if (left.index() != right.index())
    return std::nullopt;
  // Of an ordered enum how many steps; equality has none.
  if (const auto* x = std::get_if<EnumValue>(&left)) {
    const EnumValue& y = std::get<EnumValue>(right);
    const bool listed = x->unlisted.empty() && y.unlisted.empty();
    return symbol != "=" && listed ? counted(*demand, x->id, y.id) : std::nullopt;
  }
  if (const auto* x = std::get_if<Score>(&left))
    return scored(*demand, x->value, std::get<Score>(right).value, type);
  if (const auto* x = std::get_if<Decimal>(&left)) {
    const std::optional<Int128> size = gap(*demand, x->units, std::get<Decimal>(right).units);
    if (!size)
      return std::nullopt;
    return Distance{.value = Decimal{*size}, .type = type, .exclusive = demand->exclusive};
  }
  if (const auto* x = std::get_if<Date>(&left))
    return timed(*demand, x->days, std::get<Date>(right).days, SpanUnit::days);
  if (const auto* x = std::get_if<DateTime>(&left))
    return between_times(*demand, *x, std::get<DateTime>(right));
  if (const auto* x = std::get_if<Span>(&left))
    return between_spans(*demand, *x, std::get<Span>(right));
  return std::nullopt;
}

std::string exact_age(Age age, Language language) {
  const std::int64_t years = kernels::age_in(age, SpanUnit::years);
  const std::int64_t birthday = day_of_age(birth_of(age), years, SpanUnit::years).days;
  const std::int64_t days = reference_of(age).days - birthday;
  const bool chinese = language == Language::zh;
  const std::string rest =
      chinese ? fmt::format("{}天", days) : fmt::format("{} day{}", days, days == 1 ? "" : "s");
  if (years == 0)
    return rest;
  const std::string full =
      chinese ? fmt::format("{}岁", years) : fmt::format("{} year{}", years, years == 1 ? "" : "s");
  if (days == 0)
    return full;
  return chinese ? full + rest : full + " " + rest;
}

} // namespace sanku::evaluate
