// Dates, times, ages and windows. Proleptic Gregorian calendar; a DateTime at exactly midnight has
// day precision.
#pragma once

#include "runtime/types/scalar.h"

namespace sanku::kernels {

struct CivilDate {
  std::int64_t year;
  std::int64_t month; // 1..12
  std::int64_t day;   // 1..31
};

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return quotient - static_cast<std::int64_t>(a % b != 0 && (a < 0) != (b < 0));
}

// Years run from March, so that the leap day is the last of its year; 400 years have 146,097 days.
constexpr CivilDate civil(Date date) {
  const std::int64_t shifted = static_cast<std::int64_t>(date.days) + 719468;
  const std::int64_t era = floor_divide(shifted, 146097);
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {year_of_era + era * 400 + static_cast<std::int64_t>(month <= 2), month, day};
}
constexpr Date from_civil(CivilDate civil_date) {
  const std::int64_t year = civil_date.year - static_cast<std::int64_t>(civil_date.month <= 2);
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t shifted_month =
      civil_date.month > 2 ? civil_date.month - 3 : civil_date.month + 9;
  const std::int64_t day_of_year = (153 * shifted_month + 2) / 5 + civil_date.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return Date{static_cast<std::int32_t>(era * 146097 + day_of_era - 719468)};
}
constexpr bool is_leap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
constexpr std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  if (month == 2)
    return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

inline constexpr std::int64_t seconds_a_day = 86400;
constexpr Date date_of(DateTime time) {
  return Date{static_cast<std::int32_t>(floor_divide(time.seconds, seconds_a_day))};
}
// The first day of its calendar month.
constexpr Date month_of(Date date) {
  CivilDate day = civil(date);
  day.day = 1;
  return from_civil(day);
}
// A period by its first and last day, in one number; days_of_packed gives them back.
constexpr Integer packed_period(Date first, Date last) {
  return Integer{static_cast<std::int64_t>(first.days) * (std::int64_t{1} << 32) +
                 static_cast<std::uint32_t>(last.days)};
}
struct Days {
  std::int64_t first, last;
};
constexpr Days days_of_packed(std::int64_t packed) {
  return {packed >> 32, static_cast<std::int32_t>(static_cast<std::uint32_t>(packed))};
}
constexpr DateTime start_of_day(Date date) {
  return DateTime{static_cast<std::int64_t>(date.days) * seconds_a_day};
}
constexpr bool has_day_precision(DateTime time) { return time.seconds % seconds_a_day == 0; }

// Month arithmetic clamps to the month's end.
constexpr Date add_months(Date date, std::int64_t months) {
  const CivilDate from = civil(date);
  const std::int64_t count = from.year * 12 + from.month - 1 + months;
  const std::int64_t year = floor_divide(count, 12);
  const std::int64_t month = count - year * 12 + 1;
  const std::int64_t last = days_in_month(year, month);
  return from_civil({year, month, from.day < last ? from.day : last});
}

// ---- ages

// Before birth there is no age.
constexpr Maybe<Age> age_at(Date birth, Date at) {
  return {make_age(birth, at), birth.days <= at.days};
}

// Completed months; someone born on the 31st completes a month on the last day of a shorter one,
// someone born on 29 February a year on 28 February.
constexpr std::int64_t completed_months(Age age) {
  const CivilDate from = civil(birth_of(age));
  const CivilDate to = civil(reference_of(age));
  const std::int64_t months = (to.year - from.year) * 12 + to.month - from.month;
  const std::int64_t last = days_in_month(to.year, to.month);
  const bool completed = to.day >= (from.day < last ? from.day : last);
  return months - static_cast<std::int64_t>(!completed);
}
// The age in the unit of the span it is compared with: days from birth as day 0, months and years
// as completed.
constexpr std::int64_t age_in(Age age, SpanUnit unit) {
  if (unit == SpanUnit::years)
    return floor_divide(completed_months(age), 12);
  if (unit == SpanUnit::months)
    return completed_months(age);
  return static_cast<std::int64_t>(reference_of(age).days) - birth_of(age).days;
}
template <SpanUnit unit> constexpr Integer age_in_unit(Age age) { return {age_in(age, unit)}; }
constexpr bool counts_age(SpanUnit unit) {
  return unit == SpanUnit::years || unit == SpanUnit::months || unit == SpanUnit::days;
}

// ---- spans

// Minutes for days, hours and minutes; months for months and years. Lengths of the two families do
// not compare.
constexpr bool is_calendar(SpanUnit unit) {
  return unit == SpanUnit::months || unit == SpanUnit::years;
}
constexpr std::int64_t base_units(Span span) {
  const std::int64_t n = number_of(span);
  switch (unit_of(span)) {
  case SpanUnit::days:
    return n * 1440;
  case SpanUnit::hours:
    return n * 60;
  case SpanUnit::minutes:
    return n;
  case SpanUnit::months:
    return n;
  case SpanUnit::years:
    return n * 12;
  }
  return 0;
}
// Whole units that the span holds; unknown across the two families.
template <SpanUnit unit> constexpr Maybe<Integer> span_in_unit(Span span) {
  const std::int64_t one = base_units(make_span(1, unit));
  return {Integer{floor_divide(base_units(span), one)},
          is_calendar(unit_of(span)) == is_calendar(unit)};
}
constexpr bool comparable(Span a, Span b) {
  return is_calendar(unit_of(a)) == is_calendar(unit_of(b));
}

constexpr Span difference(Date a, Date b) {
  return make_span(static_cast<std::int64_t>(a.days) - b.days, SpanUnit::days);
}
// At day precision on either side the difference is in whole days, else in minutes, cut towards the
// earlier instant.
constexpr Span difference(DateTime a, DateTime b) {
  if (has_day_precision(a) || has_day_precision(b))
    return difference(date_of(a), date_of(b));
  return make_span(floor_divide(a.seconds - b.seconds, 60), SpanUnit::minutes);
}
inline constexpr std::int64_t farthest_span =
    4'000'000; // days: well beyond every date that can be read
constexpr Maybe<Date> shift(Date date, Span span, std::int64_t sign) {
  const std::int64_t n = number_of(span) * sign;
  if (n > farthest_span || n < -farthest_span)
    return {Date{0}, false};
  switch (unit_of(span)) {
  case SpanUnit::days:
    return {Date{static_cast<std::int32_t>(date.days + n)}, true};
  case SpanUnit::months:
    return {add_months(date, n), true};
  case SpanUnit::years:
    return {add_months(date, n * 12), true};
  case SpanUnit::hours:
  case SpanUnit::minutes:
    break;
  }
  return {Date{0}, false};
}
// Days, months and years keep the time of day; hours and minutes behind a bare date nobody knows.
constexpr Maybe<DateTime> shift(DateTime time, Span span, std::int64_t sign) {
  const SpanUnit unit = unit_of(span);
  const std::int64_t start = start_of_day(date_of(time)).seconds;
  if (unit != SpanUnit::hours && unit != SpanUnit::minutes) {
    const Maybe<Date> date = shift(date_of(time), span, sign);
    return {DateTime{start_of_day(date.value).seconds + time.seconds - start}, date.known};
  }
  const std::int64_t n = number_of(span) * sign;
  const std::int64_t one = unit == SpanUnit::hours ? 3600 : 60;
  const std::int64_t most = farthest_span * (seconds_a_day / one);
  if (has_day_precision(time) || n > most || n < -most)
    return {DateTime{0}, false};
  return {DateTime{time.seconds + n * one}, true};
}
constexpr Maybe<Date> add(Date date, Span span) { return shift(date, span, 1); }
constexpr Maybe<Date> subtract(Date date, Span span) { return shift(date, span, -1); }
constexpr Maybe<DateTime> add(DateTime time, Span span) { return shift(time, span, 1); }
constexpr Maybe<DateTime> subtract(DateTime time, Span span) { return shift(time, span, -1); }

// ---- windows

// Whether a window may hold what is of other visits.
constexpr Bool reaches_beyond(Window window) { return Bool{unit_of(window) != WindowUnit::visit}; }

// An insurance year begins when the area says; other windows are what they are, wherever it is.
constexpr Maybe<Window> insured_window(Window window, Maybe<Window> year) {
  return unit_of(window) == WindowUnit::insurance_year ? year : Maybe<Window>{window, true};
}

constexpr Maybe<Window> span_to_window(Span span) {
  if (unit_of(span) == SpanUnit::days)
    return {make_window(number_of(span), WindowUnit::days), true};
  if (unit_of(span) == SpanUnit::hours)
    return {make_window(number_of(span), WindowUnit::hours), true};
  return {Window{0}, false};
}

// Instants at most n hours apart. An instant known only to the day may lie anywhere in it.
constexpr Maybe<Bool> within_hours(DateTime a, DateTime b, std::int64_t hours) {
  const std::int64_t slack_a = has_day_precision(a) ? seconds_a_day - 1 : 0;
  const std::int64_t slack_b = has_day_precision(b) ? seconds_a_day - 1 : 0;
  const std::int64_t limit = hours * 3600;
  const std::int64_t lowest = a.seconds - (b.seconds + slack_b);
  const std::int64_t highest = a.seconds + slack_a - b.seconds;
  const bool surely = lowest >= -limit && highest <= limit;
  const bool never = lowest > limit || highest < -limit;
  return {Bool{surely}, surely || never};
}
constexpr Maybe<Bool> within_same_hour(DateTime a, DateTime b) {
  const bool same_day = date_of(a).days == date_of(b).days;
  const bool precise = !has_day_precision(a) && !has_day_precision(b);
  const bool same = floor_divide(a.seconds, 3600) == floor_divide(b.seconds, 3600);
  return {Bool{same_day && precise && same}, !same_day || precise};
}
constexpr bool within_months(DateTime a, DateTime b, std::int64_t months) {
  const CivilDate x = civil(date_of(a));
  const CivilDate y = civil(date_of(b));
  return x.year == y.year && (x.month - 1) / months == (y.month - 1) / months;
}
// The calendar year in which the insurance year of that instant began.
constexpr std::int64_t insurance_year(DateTime time, std::int64_t first_day) {
  const CivilDate day = civil(date_of(time));
  const std::int64_t in_year = static_cast<std::int64_t>(day.month) * 100 + day.day;
  return day.year - (in_year < first_day ? 1 : 0);
}
constexpr Maybe<Bool> within(DateTime a, DateTime b, Window window) {
  const std::int64_t n = number_of(window);
  const std::int64_t days = static_cast<std::int64_t>(date_of(a).days) - date_of(b).days;
  switch (unit_of(window)) {
  case WindowUnit::days:
    return {Bool{(days < 0 ? -days : days) < n}, true};
  case WindowUnit::hours:
    return within_hours(a, b, n);
  case WindowUnit::same_hour:
    return within_same_hour(a, b);
  case WindowUnit::visit:
  case WindowUnit::lifetime:
    return {Bool{true}, true};
  case WindowUnit::month:
    return {Bool{within_months(a, b, 1)}, true};
  case WindowUnit::quarter:
    return {Bool{within_months(a, b, 3)}, true};
  case WindowUnit::calendar_year:
    return {Bool{within_months(a, b, 12)}, true};
  case WindowUnit::insurance_year:
    return {Bool{insurance_year(a, n) == insurance_year(b, n)}, true};
  }
  return {Bool{false}, false};
}

// ---- visits in time order

// Does one visit begin before another? On the same day nobody knows while either begin is a bare
// date.
constexpr Maybe<Bool> begins_before(DateTime a, DateTime b) {
  if (date_of(a).days != date_of(b).days)
    return {Bool{a.seconds < b.seconds}, true};
  const bool precise = !has_day_precision(a) && !has_day_precision(b);
  return {Bool{precise && a.seconds < b.seconds}, precise};
}

// Is `late` at most so many seconds after `early`? An instant known only to the day may lie
// anywhere in it.
constexpr Maybe<Bool> at_most_after(DateTime late, DateTime early, std::int64_t seconds) {
  const std::int64_t slack_late = has_day_precision(late) ? seconds_a_day - 1 : 0;
  const std::int64_t slack_early = has_day_precision(early) ? seconds_a_day - 1 : 0;
  const bool surely = late.seconds + slack_late - early.seconds <= seconds;
  const bool never = late.seconds - (early.seconds + slack_early) > seconds;
  return {Bool{surely}, surely || never};
}
// Is `late` no later than `early` and the span together? Days, months and years count from day to
// day.
constexpr Maybe<Bool> reaches(DateTime early, DateTime late, Span span, std::int64_t sign) {
  const SpanUnit unit = unit_of(span);
  if (unit == SpanUnit::hours || unit == SpanUnit::minutes)
    return at_most_after(late, early, number_of(span) * (unit == SpanUnit::hours ? 3600 : 60));
  if (sign > 0) {
    const Maybe<Date> last = shift(date_of(early), span, 1);
    return {Bool{date_of(late).days <= last.value.days}, last.known};
  }
  const Maybe<Date> first = shift(date_of(late), span, -1);
  return {Bool{date_of(early).days >= first.value.days}, first.known};
}
// The number of the calendar period of the window in which an instant lies.
constexpr std::int64_t period_number(DateTime time, Window window) {
  const CivilDate day = civil(date_of(time));
  switch (unit_of(window)) {
  case WindowUnit::month:
    return day.year * 12 + day.month;
  case WindowUnit::quarter:
    return day.year * 4 + (day.month - 1) / 3;
  case WindowUnit::insurance_year:
    return insurance_year(time, number_of(window));
  default:
    return day.year;
  }
}
constexpr Maybe<Bool> reaches(DateTime early, DateTime late, Window window, std::int64_t sign) {
  const std::int64_t n = number_of(window);
  switch (unit_of(window)) {
  case WindowUnit::days:
    return reaches(early, late, make_span(n, SpanUnit::days), sign);
  case WindowUnit::hours:
    return at_most_after(late, early, n * 3600);
  case WindowUnit::same_hour: {
    const bool precise = !has_day_precision(early) && !has_day_precision(late);
    const std::int64_t days = static_cast<std::int64_t>(date_of(late).days) - date_of(early).days;
    if (days != 0)
      return {Bool{days < 0}, true};
    return {Bool{precise && floor_divide(late.seconds, 3600) <= floor_divide(early.seconds, 3600)},
            precise};
  }
  case WindowUnit::visit:
    return {Bool{false}, true};
  case WindowUnit::lifetime:
    return {Bool{true}, true};
  default:
    return {Bool{period_number(late, window) <= period_number(early, window)}, true};
  }
}

// Does a visit that ends then reach into the window before a visit that begins then: does it end on
// or after the beginning minus the window?
template <class Length>
constexpr Maybe<Bool> reaches_back(DateTime end, DateTime begin, Length window) {
  return reaches(end, begin, window, -1);
}
// Does a visit begin on or before the end of another plus the window?
template <class Length>
constexpr Maybe<Bool> reaches_on(DateTime begin, DateTime end, Length window) {
  return reaches(end, begin, window, 1);
}
// A day before which nothing ends that reaches back so far from a beginning on `begin`: what ends
// earlier surely does not, what ends later still has to be asked. Windows over all times have none.
constexpr std::int64_t since_always = INT64_MIN;
constexpr std::int64_t earliest_reached(std::int64_t begin, Span span) {
  const std::int64_t n = number_of(span);
  if (unit_of(span) == SpanUnit::hours)
    return n < 0 ? since_always : begin - n / 24 - 1;
  if (unit_of(span) == SpanUnit::minutes)
    return n < 0 ? since_always : begin - n / 1440 - 1;
  const Maybe<Date> first = shift(Date{static_cast<std::int32_t>(begin)}, span, -1);
  return first.known ? first.value.days : since_always;
}
constexpr std::int64_t earliest_reached(std::int64_t begin, Window window) {
  constexpr std::int64_t month = 31, quarter = 92, year = 366;
  const std::int64_t n = number_of(window);
  switch (unit_of(window)) {
  case WindowUnit::days:
    return earliest_reached(begin, make_span(n, SpanUnit::days));
  case WindowUnit::hours:
    return earliest_reached(begin, make_span(n, SpanUnit::hours));
  case WindowUnit::same_hour:
  case WindowUnit::visit:
    return begin - 1;
  case WindowUnit::month:
    return begin - month;
  case WindowUnit::quarter:
    return begin - quarter;
  case WindowUnit::calendar_year:
  case WindowUnit::insurance_year:
    return begin - year;
  case WindowUnit::lifetime:
    return since_always;
  }
  return since_always;
}
// A supplier that knows everything says so by this day.
inline constexpr Date since_ever{-25567}; // 1900-01-01
// Does who knows all visits from that day on know all that the window before the beginning holds?
template <class Length>
constexpr Maybe<Bool> known_since(Date since, DateTime begin, Length window) {
  const DateTime before{start_of_day(since).seconds - 1};
  const Maybe<Bool> reached = reaches(before, begin, window, -1);
  const bool ever = since.days <= since_ever.days;
  return {Bool{ever || (reached.known && !reached.value.value)}, ever || reached.known};
}
// Does who knows all visits until that day know all that the window behind the end holds?
template <class Length> constexpr Maybe<Bool> known_until(Date until, DateTime end, Length window) {
  const DateTime after{start_of_day(Date{until.days + 1}).seconds + 1};
  const Maybe<Bool> reached = reaches(end, after, window, 1);
  return {Bool{reached.known && !reached.value.value}, reached.known};
}

} // namespace sanku::kernels
