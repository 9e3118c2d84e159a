// The day before which nothing reaches back into a window errs on one side only: what it leaves out
// surely lies outside, for every length and every named window, and of days it leaves out all.
#include "runtime/kernels/time.h"

#include <gtest/gtest.h>

namespace sanku::kernels {
namespace {

constexpr std::int32_t leap_day = 19782; // 2024-02-29

// Every end around the window of every beginning around a leap day, at several times of day.
template <class Length> void leaves_out_nothing(Length length) {
  for (std::int32_t begin = leap_day - 40; begin <= leap_day + 400; begin += 7) {
    const std::int64_t earliest = earliest_reached(begin, length);
    if (earliest == since_always)
      continue;
    for (std::int64_t end = earliest - 3; end < earliest; ++end)
      for (const std::int64_t late : {0, 1, 43'200, 86'399})
        for (const std::int64_t early : {0, 1, 43'200, 86'399}) {
          const Maybe<Bool> reached =
              reaches_back(DateTime{end * 86'400 + late},
                           DateTime{std::int64_t{begin} * 86'400 + early}, length);
          ASSERT_TRUE(reached.known && !reached.value.value)
              << "begin " << begin << " end " << end << " length " << length.packed;
        }
  }
}

TEST(WindowFilter, leaves_out_only_what_lies_outside_of_a_length) {
  for (const SpanUnit unit :
       {SpanUnit::days, SpanUnit::months, SpanUnit::years, SpanUnit::hours, SpanUnit::minutes})
    for (const std::int64_t n : {0, 1, 2, 3, 12, 24, 31, 48, 365, 1441})
      leaves_out_nothing(make_span(n, unit));
}

TEST(WindowFilter, leaves_out_only_what_lies_outside_of_a_named_window) {
  for (const WindowUnit unit :
       {WindowUnit::days, WindowUnit::hours, WindowUnit::same_hour, WindowUnit::visit,
        WindowUnit::month, WindowUnit::quarter, WindowUnit::calendar_year})
    for (const std::int64_t n : {1, 2, 6, 14, 36})
      leaves_out_nothing(make_window(n, unit));
  for (const std::int64_t first_day : {101, 229, 701, 1231})
    leaves_out_nothing(make_window(first_day, WindowUnit::insurance_year));
}

TEST(WindowFilter, knows_no_first_day_of_all_times_and_of_lengths_backwards) {
  EXPECT_EQ(earliest_reached(leap_day, make_window(0, WindowUnit::lifetime)), since_always);
  EXPECT_EQ(earliest_reached(leap_day, make_span(-5, SpanUnit::hours)), since_always);
  EXPECT_EQ(earliest_reached(leap_day, make_span(5'000'000, SpanUnit::days)), since_always);
}

TEST(WindowFilter, is_exact_of_days) {
  EXPECT_EQ(earliest_reached(leap_day, make_span(15, SpanUnit::days)), leap_day - 15);
  EXPECT_EQ(earliest_reached(leap_day, make_window(7, WindowUnit::days)), leap_day - 7);
  EXPECT_EQ(earliest_reached(leap_day, make_span(1, SpanUnit::years)), leap_day - 366);
}

} // namespace
} // namespace sanku::kernels
