// Equality and order for every type that has them.
#pragma once

#include "runtime/kernels/time.h"
#include "runtime/types/scalar.h"

namespace sanku::kernels {

enum class Relation : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

template <Relation R, class T> constexpr bool holds(const T& a, const T& b) {
  if constexpr (R == Relation::equal)
    return a == b;
  if constexpr (R == Relation::not_equal)
    return a != b;
  if constexpr (R == Relation::less)
    return a < b;
  if constexpr (R == Relation::less_equal)
    return a <= b;
  if constexpr (R == Relation::greater)
    return a > b;
  if constexpr (R == Relation::greater_equal)
    return a >= b;
}

template <Relation R> constexpr Bool compare(Bool a, Bool b) {
  return {holds<R>(a.value, b.value)};
}
template <Relation R> constexpr Bool compare(Integer a, Integer b) {
  return {holds<R>(a.value, b.value)};
}
template <Relation R> constexpr Bool compare(Decimal a, Decimal b) {
  return {holds<R>(a.units, b.units)};
}
template <Relation R> constexpr Bool compare(Score a, Score b) {
  return {holds<R>(a.value, b.value)};
}
template <Relation R> constexpr Bool compare(Date a, Date b) { return {holds<R>(a.days, b.days)}; }
template <Relation R> constexpr Bool compare(Code a, Code b) { return {holds<R>(a.id, b.id)}; }

// Instants known only to the day: equal days leave the order open unless both are at day precision.
template <Relation R> constexpr Maybe<Bool> compare(DateTime a, DateTime b) {
  const bool coarse =
      has_day_precision(a) != has_day_precision(b) && date_of(a).days == date_of(b).days;
  return {Bool{holds<R>(a.seconds, b.seconds)}, !coarse};
}

template <Relation R> constexpr Maybe<Bool> compare(Span a, Span b) {
  return {Bool{holds<R>(base_units(a), base_units(b))}, comparable(a, b)};
}
template <Relation R> constexpr Maybe<Bool> compare(Age a, Span b) {
  return {Bool{holds<R>(age_in(a, unit_of(b)), number_of(b))}, counts_age(unit_of(b))};
}

// A code that the schema does not list equals itself and is unknown against everything else.
constexpr bool is_listed(Enum a) { return a.id < first_unlisted; }
template <Relation R> constexpr Maybe<Bool> compare(Enum a, Enum b) {
  const bool known = (is_listed(a) && is_listed(b)) || a.id == b.id;
  return {Bool{holds<R>(a.id, b.id)}, known};
}

// Counts with a lower and an upper bound: decided where the bounds decide.
template <Relation R> constexpr Maybe<Bool> compare(Count a, Count b) {
  if constexpr (R == Relation::less)
    return {Bool{a.high < b.low}, a.high < b.low || a.low >= b.high};
  if constexpr (R == Relation::less_equal)
    return {Bool{a.high <= b.low}, a.high <= b.low || a.low > b.high};
  if constexpr (R == Relation::greater)
    return compare<Relation::less>(b, a);
  if constexpr (R == Relation::greater_equal)
    return compare<Relation::less_equal>(b, a);
  const bool apart = a.high < b.low || b.high < a.low;
  const bool exact = a.low == a.high && b.low == b.high;
  return {Bool{(R == Relation::not_equal) == apart}, apart || exact};
}
template <Relation R> constexpr Maybe<Bool> compare(Count a, Integer b) {
  return compare<R>(a, Count{b.value, b.value});
}
template <Relation R> constexpr Maybe<Bool> compare(Integer a, Count b) {
  return compare<R>(Count{a.value, a.value}, b);
}

} // namespace sanku::kernels
