// Exact numbers. Integers and 128-bit decimals never wrap: what does not fit is unknown, and so is
// a quotient by zero. Rounding is half away from zero everywhere.
#pragma once

#include "runtime/types/scalar.h"

namespace sanku::kernels {

constexpr Maybe<Integer> add(Integer a, Integer b) {
  std::int64_t sum = 0;
  const bool overflow = __builtin_add_overflow(a.value, b.value, &sum);
  return {Integer{sum}, !overflow};
}
constexpr Maybe<Integer> subtract(Integer a, Integer b) {
  std::int64_t difference = 0;
  const bool overflow = __builtin_sub_overflow(a.value, b.value, &difference);
  return {Integer{difference}, !overflow};
}
constexpr Maybe<Integer> multiply(Integer a, Integer b) {
  std::int64_t product = 0;
  const bool overflow = __builtin_mul_overflow(a.value, b.value, &product);
  return {Integer{product}, !overflow};
}
constexpr Maybe<Integer> negate(Integer a) { return subtract(Integer{0}, a); }

constexpr Maybe<Decimal> add(Decimal a, Decimal b) {
  Int128 sum = 0;
  const bool overflow = __builtin_add_overflow(a.units, b.units, &sum);
  return {Decimal{sum}, !overflow};
}
constexpr Maybe<Decimal> subtract(Decimal a, Decimal b) {
  Int128 difference = 0;
  const bool overflow = __builtin_sub_overflow(a.units, b.units, &difference);
  return {Decimal{difference}, !overflow};
}
// Most numbers have 64 bits, and then their product always fits.
constexpr bool is_narrow(Int128 number) { return number == static_cast<std::int64_t>(number); }
constexpr Maybe<Decimal> multiply(Decimal a, Decimal b) {
  if (is_narrow(a.units) && is_narrow(b.units))
    return {
        Decimal{Int128{static_cast<std::int64_t>(a.units)} * static_cast<std::int64_t>(b.units)},
        true};
  Int128 product = 0;
  const bool overflow = __builtin_mul_overflow(a.units, b.units, &product);
  return {Decimal{product}, !overflow};
}
constexpr Maybe<Decimal> negate(Decimal a) { return subtract(Decimal{0}, a); }

// 10^n for 0 <= n <= 38; 0 outside. Out of a table, so that code that knows n knows the power.
struct PowersOfTen {
  Int128 powers[39];
};
inline constexpr PowersOfTen powers_of_ten = [] {
  PowersOfTen table{};
  Int128 power = 1;
  for (Int128& each : table.powers) {
    each = power;
    if (&each != &table.powers[38])
      power *= 10;
  }
  return table;
}();
constexpr Int128 power_of_ten(std::int64_t n) {
  return n < 0 || n > 38 ? 0 : powers_of_ten.powers[n];
}
constexpr Maybe<Decimal> rescale(Decimal a, Integer power) {
  return multiply(a, Decimal{power_of_ten(power.value)});
}
constexpr Decimal widen_integer(Integer a) { return Decimal{a.value}; }

// The nearest double of a number: exact up to 2^53 units, then divided once. Beyond 64 bits the two
// halves are rounded by themselves.
constexpr Score number_to_score(Decimal a, Integer scale) {
  double power = 1;
  for (std::int64_t i = 0; i < scale.value && i < 18; ++i)
    power *= 10;
  const auto low = static_cast<std::int64_t>(a.units);
  const bool narrow = Int128{low} == a.units;
  const double wide = static_cast<double>(static_cast<std::int64_t>(a.units >> 64)) * 0x1p64 +
                      static_cast<double>(static_cast<std::uint64_t>(a.units));
  return {(narrow ? static_cast<double>(low) : wide) / power};
}
constexpr Score truth_to_score(Bool a) { return {a.value ? 1.0 : 0.0}; }

constexpr Int128 divide_half_away(Int128 dividend, Int128 divisor) {
  const Int128 quotient = dividend / divisor;
  const Int128 rest = dividend % divisor;
  const Int128 rest_size = rest < 0 ? -rest : rest;
  const Int128 divisor_size = divisor < 0 ? -divisor : divisor;
  const bool away = rest_size >= divisor_size - rest_size;
  if (!away)
    return quotient;
  return (dividend < 0) != (divisor < 0) ? quotient - 1 : quotient + 1;
}
// a ÷ b with `shift` = result scale + scale of b - scale of a, so that a × 10^shift ÷ b is at the
// result's scale; a negative shift enlarges the divisor instead.
constexpr Maybe<Decimal> divide(Decimal a, Decimal b, Integer shift) {
  const Int128 enlarged = power_of_ten(shift.value < 0 ? -shift.value : shift.value);
  const Maybe<Decimal> dividend =
      shift.value < 0 ? Maybe<Decimal>{a, true} : multiply(a, Decimal{enlarged});
  const Maybe<Decimal> divisor =
      shift.value < 0 ? multiply(b, Decimal{enlarged}) : Maybe<Decimal>{b, true};
  // The least number has no opposite, so the sizes below could not be computed.
  constexpr Int128 least = -(((Int128{1} << 126) - 1) * 2 + 1) - 1;
  const bool fits = dividend.known && divisor.known && dividend.value.units != least &&
                    divisor.value.units != least;
  if (!fits || enlarged == 0 || divisor.value.units == 0)
    return {Decimal{0}, false};
  return {Decimal{divide_half_away(dividend.value.units, divisor.value.units)}, true};
}
// Drops `places` digits.
constexpr Decimal round_off(Decimal a, Integer places) {
  const Int128 unit = power_of_ten(places.value);
  return Decimal{unit == 0 ? 0 : divide_half_away(a.units, unit)};
}

template <class T> constexpr T smaller(T a, T b);
template <> constexpr Integer smaller(Integer a, Integer b) { return a.value <= b.value ? a : b; }
template <> constexpr Decimal smaller(Decimal a, Decimal b) { return a.units <= b.units ? a : b; }
template <> constexpr Date smaller(Date a, Date b) { return a.days <= b.days ? a : b; }
template <> constexpr DateTime smaller(DateTime a, DateTime b) {
  return a.seconds <= b.seconds ? a : b;
}
template <class T> constexpr T larger(T a, T b);
template <> constexpr Integer larger(Integer a, Integer b) { return a.value >= b.value ? a : b; }
template <> constexpr Decimal larger(Decimal a, Decimal b) { return a.units >= b.units ? a : b; }
template <> constexpr Date larger(Date a, Date b) { return a.days >= b.days ? a : b; }
template <> constexpr DateTime larger(DateTime a, DateTime b) {
  return a.seconds >= b.seconds ? a : b;
}

// A count is a plain number only when nothing about it is unknown.
constexpr Maybe<Integer> exact_count(Count a) { return {Integer{a.low}, a.low == a.high}; }

} // namespace sanku::kernels
