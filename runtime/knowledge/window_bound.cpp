// See window_bound.h.
#include "runtime/knowledge/window_bound.h"

#include "runtime/types/check.h"

namespace sanku::knowledge {

bool is_within(Window window, Span bound) {
  constexpr std::int64_t hours_a_day = 24, shortest_month = 28, shortest_year = 365;
  constexpr std::int64_t longest_month = 31, longest_quarter = 92, longest_year = 366;
  const std::int64_t n = number_of(bound);
  const bool years = unit_of(bound) == SpanUnit::years;
  const bool months = years || unit_of(bound) == SpanUnit::months;
  const std::int64_t in_months = years ? n * 12 : n;
  std::int64_t hours = n * hours_a_day;
  if (months)
    hours = hours_a_day * (in_months / 12 * shortest_year + in_months % 12 * shortest_month);
  else if (unit_of(bound) == SpanUnit::hours)
    hours = n;
  else if (unit_of(bound) == SpanUnit::minutes)
    hours = n / 60;
  const auto calendar = [&](std::int64_t count, std::int64_t days) {
    return months ? count <= in_months : days * hours_a_day <= hours;
  };
  switch (unit_of(window)) {
  case WindowUnit::days:
    return number_of(window) * hours_a_day <= hours;
  case WindowUnit::hours:
    return number_of(window) <= hours;
  case WindowUnit::same_hour:
    return hours >= 1;
  case WindowUnit::visit:
    return true; // reaches no other visit
  case WindowUnit::month:
    return calendar(1, longest_month);
  case WindowUnit::quarter:
    return calendar(3, longest_quarter);
  case WindowUnit::calendar_year:
  case WindowUnit::insurance_year:
    return calendar(12, longest_year);
  case WindowUnit::lifetime:
    return false;
  }
  unreachable("a window has a unit");
}

} // namespace sanku::knowledge
