// Days, months and years as terms, and division that rounds: the same formulas as
// runtime/kernels/time.h and number.h, with variables for what would be a quotient. See logic.h.
#include "compiler/prove/logic.h"
#include "runtime/kernels/number.h"
#include "runtime/kernels/time.h"

namespace sanku::prove {
namespace {

Term is_leap(Logic& logic, const Term& year) {
  const auto divides = [&](int by) {
    return equal(z3::mod(year, logic.context.int_val(by)), logic.number(0));
  };
  if (!logic.all_years)
    return divides(4);
  return both(divides(4), either(negated(divides(100)), divides(400)));
}

} // namespace

Term Logic::floor_divide(const Term& dividend, std::int64_t divisor) {
  if (const auto value = constant(dividend))
    return number(kernels::floor_divide(*value, divisor));
  return divisor == 1 ? dividend : dividend / context.int_val(divisor);
}

Term Logic::days_in_month(const Term& year, const Term& month) {
  const auto is = [&](int wanted) { return equal(month, number(wanted)); };
  const Term short_month = any_of(*this, {is(4), is(6), is(9), is(11)});
  return choose(is(2), choose(is_leap(*this, year), number(29), number(28)),
                choose(short_month, number(30), number(31)));
}

Term Logic::day_of(const Civil& date) {
  // Days of the year before the month, of a year without a leap day.
  constexpr int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  Term days = number(before[11]);
  for (int month = 11; month >= 1; --month)
    days = choose(equal(date.month, number(month)), number(before[month - 1]), days);
  const Term leap =
      choose(both(less(number(2), date.month), is_leap(*this, date.year)), number(1), number(0));
  Term years = plus(times(minus(date.year, number(1970)), number(365)),
                    floor_divide(minus(date.year, number(1969)), 4));
  if (all_years)
    years = plus(minus(years, floor_divide(minus(date.year, number(1901)), 100)),
                 floor_divide(minus(date.year, number(1601)), 400));
  return plus(plus(years, plus(days, leap)), minus(date.day, number(1)));
}

Civil Logic::civil(const Term& day) {
  if (const auto value = constant(day)) {
    const kernels::CivilDate date = kernels::civil(Date{static_cast<std::int32_t>(*value)});
    return {number(date.year), number(date.month), number(date.day)};
  }
  const unsigned id = day.id();
  if (const auto known = civils_.find(id); known != civils_.end())
    return known->second;
  const Civil made{fresh_int("year"), fresh_int("month"), fresh_int("day")};
  facts.push_back(less_equal(number(1), made.month) && less_equal(made.month, number(12)));
  facts.push_back(less_equal(number(1), made.day) &&
                  less_equal(made.day, days_in_month(made.year, made.month)));
  facts.push_back(equal(day, day_of(made)));
  kept_.push_back(day);
  civils_.emplace(id, made);
  return made;
}

Term Logic::add_months(const Term& day, const Term& months) {
  if (constant(months) == 0)
    return day;
  const Civil from = civil(day);
  const Term count = plus(plus(times(from.year, number(12)), minus(from.month, number(1))), months);
  const Term year = floor_divide(count, 12);
  const Term month = plus(minus(count, times(year, number(12))), number(1));
  return day_of({year, month, smaller(from.day, days_in_month(year, month))});
}

Term Logic::divide_half_away(const Term& dividend, Int128 divisor) {
  if (divisor == 1)
    return dividend;
  const Term whole = number(divisor), twice = number(divisor * 2);
  const Term two = number(2);
  if (const auto value = constant(dividend); value && divisor < INT64_MAX)
    return number(kernels::divide_half_away(*value, divisor));
  // Half away from zero: of what is negative the opposite of its opposite's.
  const auto up = [&](const Term& size) { return plus(times(two, size), whole) / twice; };
  return choose(less_equal(number(0), dividend), up(dividend), -up(-dividend));
}

Term Logic::divide_half_away(const Term& dividend, const Term& divisor) {
  if (const auto value = constant(divisor); value && *value != 0) {
    const Term by = divide_half_away(dividend, Int128{*value < 0 ? -*value : *value});
    return *value < 0 ? -by : by;
  }
  const auto size = [&](const Term& of) { return choose(less_equal(number(0), of), of, -of); };
  const Term over = size(dividend), under = size(divisor), two = number(2);
  const Term quotient = fresh_int("quotient");
  // The quotient of the sizes: (2q - 1) × under <= 2 × over < (2q + 1) × under.
  const Term fits = less_equal(number(0), quotient) && (two * quotient - 1) * under <= two * over &&
                    two * over < (two * quotient + 1) * under;
  facts.push_back(either(equal(divisor, number(0)), fits));
  const Term opposite = less(dividend, number(0)) != less(divisor, number(0));
  return choose(opposite, -quotient, quotient);
}

} // namespace sanku::prove
