// The civil calendar as the generator needs it: days since 1970-01-01 and back, completed years,
// seconds. Days are proleptic Gregorian; a moment is seconds since 1970-01-01 00:00:00 local time,
// without a zone. Tested by tests/unit/tools/generate_test.cpp, which computes ages on its own from
// the written dates.
#pragma once

#include <chrono>
#include <cstdint>

namespace sanku::generate {

using Day = std::int32_t;
using Moment = std::int64_t;

inline constexpr Moment seconds_a_day = 86'400;
inline constexpr Moment hour_long = 3'600;

struct Civil {
  int year;
  int month;
  int day;
};

constexpr Day day_of(Civil civil) {
  const std::chrono::year_month_day date{std::chrono::year{civil.year},
                                         std::chrono::month{static_cast<unsigned>(civil.month)},
                                         std::chrono::day{static_cast<unsigned>(civil.day)}};
  return static_cast<Day>(std::chrono::sys_days{date}.time_since_epoch().count());
}

constexpr Civil civil_of(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

constexpr Day day_of(Moment moment) { return static_cast<Day>(moment / seconds_a_day); }

constexpr Moment at(Day day, int hour, int minute, int second = 0) {
  return day * seconds_a_day + hour * hour_long + minute * Moment{60} + second;
}

// Completed years (周岁). Someone born on 29 February completes a year on 28 February.
constexpr int completed_years(Day birth, Day on) {
  Civil born = civil_of(birth);
  if (born.month == 2 && born.day == 29)
    born.day = 28;
  const Civil now = civil_of(on);
  const bool before = now.month < born.month || (now.month == born.month && now.day < born.day);
  return now.year - born.year - (before ? 1 : 0);
}

// The generated year. It holds 28 February 2026, on which someone born on 29 February 2008
// turns 18.
inline constexpr Day first_day_of_data = day_of(Civil{2025, 7, 1});
inline constexpr Day days_of_data = 365;

} // namespace sanku::generate
