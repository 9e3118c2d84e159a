// Readers of single cells, by tables with the boundaries of every form.
#include "runtime/types/value.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace sanku {
namespace {

std::optional<std::string> decimal(std::string_view text, unsigned scale) {
  Int128 units = 0;
  if (!parse_decimal(text, scale, units))
    return std::nullopt;
  return decimal_text(units, 0, 0);
}

TEST(ParseDecimal, IsExactOrRefuses) {
  struct Case {
    std::string text;
    unsigned scale;
    std::optional<std::string> units;
  };
  const std::string nines(38, '9');
  const std::vector<Case> cases = {
      {"0", 2, "0"},
      {"35", 2, "3500"},
      {"35.00", 2, "3500"},
      {"35.5", 2, "3550"},
      {"-35.05", 2, "-3505"},
      {"+1", 0, "1"},
      {".5", 1, "5"},
      {"5.", 0, "5"},
      {"-0", 2, "0"},
      {"-0.00", 2, "0"},
      {"007", 0, "7"},
      {"1e2", 0, "100"},
      {"1.25E+1", 1, "125"},
      {"125e-2", 2, "125"},
      {"1E2", 2, "10000"},
      {"1e-2", 2, "1"},
      {"100e-2", 0, "1"},
      {"0.1", 18, "100000000000000000"},
      {"0.10000", 1, "1"},
      {"0.10001", 4, std::nullopt},
      {"35.005", 2, std::nullopt},
      {"1e-3", 2, std::nullopt},
      {"0.30000000000000004", 17, "30000000000000004"},
      {"999999999999999999", 0, "999999999999999999"},
      {nines, 0, nines},
      {nines + "9", 0, std::nullopt},
      {"1e37", 0, "1" + std::string(37, '0')},
      {"1e38", 0, std::nullopt},
      {"0e999999999999999999999999", 2, "0"},
      {"1e999999999999999999999999", 0, std::nullopt},
      {"1e-99999999999999999999999", 18, std::nullopt},
      {"", 2, std::nullopt},
      {"-", 2, std::nullopt},
      {".", 2, std::nullopt},
      {"+-1", 2, std::nullopt},
      {"1,000", 2, std::nullopt},
      {"1 ", 2, std::nullopt},
      {" 1", 2, std::nullopt},
      {"1e", 2, std::nullopt},
      {"1e+", 2, std::nullopt},
      {"e5", 2, std::nullopt},
      {"0x10", 2, std::nullopt},
      {"NaN", 2, std::nullopt},
      {"1.2.3", 2, std::nullopt},
      {"35元", 2, std::nullopt},
  };
  for (const Case& c : cases)
    EXPECT_EQ(decimal(c.text, c.scale), c.units) << c.text << " at scale " << c.scale;
}

TEST(ParseDecimal, TakesAMillionDigitsInItsStride) {
  EXPECT_EQ(decimal(std::string(1'000'000, '0') + "7", 0), "7");
  EXPECT_EQ(decimal("7." + std::string(1'000'000, '0'), 0), "7");
  EXPECT_EQ(decimal("0." + std::string(999'999, '0') + "1e1000000", 0), "1");
  EXPECT_EQ(decimal(std::string(1'000'000, '1'), 0), std::nullopt);
}

TEST(ParseInteger, KeepsToSixtyFourBits) {
  struct Case {
    std::string_view text;
    std::optional<std::int64_t> value;
  };
  const std::vector<Case> cases = {{"3", 3},
                                   {"3.0", 3},
                                   {"-12", -12},
                                   {"9223372036854775807", INT64_MAX},
                                   {"-9223372036854775808", INT64_MIN},
                                   {"9223372036854775808", std::nullopt},
                                   {"-9223372036854775809", std::nullopt},
                                   {"3.5", std::nullopt},
                                   {"三", std::nullopt}};
  for (const Case& c : cases) {
    std::int64_t value = 0;
    const bool is_integer = parse_integer(c.text, value);
    EXPECT_EQ(is_integer, c.value.has_value()) << c.text;
    if (is_integer && c.value) {
      EXPECT_EQ(value, *c.value) << c.text;
    }
  }
}

TEST(ParseBool, KnowsTheFlagsOfTheInterfaces) {
  struct Case {
    std::string_view text;
    std::optional<bool> value;
  };
  const std::vector<Case> cases = {{"1", true},         {"0", false},      {"true", true},
                                   {"False", false},    {"是", true},      {"否", false},
                                   {"Y", true},         {"n", false},      {"１", std::nullopt},
                                   {"2", std::nullopt}, {"", std::nullopt}};
  for (const Case& c : cases) {
    bool value = false;
    const bool is_bool = parse_bool(c.text, value);
    EXPECT_EQ(is_bool, c.value.has_value()) << c.text;
    if (is_bool && c.value) {
      EXPECT_EQ(value, *c.value) << c.text;
    }
  }
}

TEST(ParseDate, ChecksTheCalendar) {
  struct Case {
    std::string_view text;
    std::optional<std::string> date;
  };
  const std::vector<Case> cases = {{"2026-03-05", "2026-03-05"}, {"20260305", "2026-03-05"},
                                   {"2026/3/5", "2026-03-05"},   {"2026-3-5", "2026-03-05"},
                                   {"2024-02-29", "2024-02-29"}, {"2000-02-29", "2000-02-29"},
                                   {"1900-02-29", std::nullopt}, {"2026-02-29", std::nullopt},
                                   {"1800-01-01", "1800-01-01"}, {"1799-12-31", std::nullopt},
                                   {"2200-12-31", "2200-12-31"}, {"2201-01-01", std::nullopt},
                                   {"1970-01-01", "1970-01-01"}, {"2026-13-01", std::nullopt},
                                   {"2026-00-01", std::nullopt}, {"2026-01-00", std::nullopt},
                                   {"2026-04-31", std::nullopt}, {"2026-03/05", std::nullopt},
                                   {"2026-03", std::nullopt},    {"202603", std::nullopt},
                                   {"26-03-05", std::nullopt},   {"2026-03-05 09:30", std::nullopt},
                                   {"202603051", std::nullopt},  {"", std::nullopt},
                                   {"9999-12-31", std::nullopt}, {"2026.03.05", std::nullopt}};
  for (const Case& c : cases) {
    Date date{};
    const bool is_date = parse_date(c.text, date);
    EXPECT_EQ(is_date ? std::optional(date_text(date)) : std::nullopt, c.date) << c.text;
  }
}

TEST(ParseDate, CountsDaysFromTheEpoch) {
  struct Case {
    std::string_view text;
    std::int32_t days;
  };
  // Days by Julian day number minus 2440588.
  const std::vector<Case> cases = {{"1970-01-01", 0},
                                   {"1969-12-31", -1},
                                   {"2000-03-01", 11017},
                                   {"2026-03-05", 20517},
                                   {"1800-01-01", -62091}};
  for (const Case& c : cases) {
    Date date{};
    ASSERT_TRUE(parse_date(c.text, date)) << c.text;
    EXPECT_EQ(date.days, c.days) << c.text;
  }
}

TEST(ParseDateTime, ReadsWhatSendersWrite) {
  struct Case {
    std::string_view text;
    std::optional<std::string> time;
  };
  const std::vector<Case> cases = {{"2026-03-05", "2026-03-05"},
                                   {"2026-03-05 00:00:00", "2026-03-05"},
                                   {"2026-03-05 09:30", "2026-03-05 09:30"},
                                   {"2026-03-05T09:30:15", "2026-03-05 09:30:15"},
                                   {"2026-03-05 9:30:15.250", "2026-03-05 09:30:15"},
                                   {"20260305093015", "2026-03-05 09:30:15"},
                                   {"2026/3/5 23:59:59", "2026-03-05 23:59:59"},
                                   {"1969-12-31 23:59:59", "1969-12-31 23:59:59"},
                                   {"2026-03-05T09:30:15.000+08:00", "2026-03-05 09:30:15"},
                                   {"2026-03-05T09:30:15+0800", "2026-03-05 09:30:15"},
                                   {"2026-03-05T09:30:15Z", std::nullopt},
                                   {"2026-03-05T09:30:15+09:00", std::nullopt},
                                   {"2026-03-05 24:00:00", std::nullopt},
                                   {"2026-03-05 09:60", std::nullopt},
                                   {"2026-03-05 09:30:60", std::nullopt},
                                   {"2026-03-05 09", std::nullopt},
                                   {"2026-03-05  09:30", std::nullopt},
                                   {"2026-03-05 09:30:", std::nullopt},
                                   {"2026-03-05 09:30:15.", std::nullopt},
                                   {"2026-03-05093015", std::nullopt},
                                   {"202603050930", std::nullopt},
                                   {"1741138200000", std::nullopt},
                                   {"", std::nullopt}};
  for (const Case& c : cases) {
    DateTime time{};
    const bool is_time = parse_datetime(c.text, time);
    EXPECT_EQ(is_time ? std::optional(datetime_text(time)) : std::nullopt, c.time) << c.text;
  }
}

TEST(ParseWindow, KnowsTheWindowsOfTheNationalSheets) {
  struct Case {
    std::string_view text;
    std::int64_t number; // 0: no window
    WindowUnit unit;
  };
  const std::vector<Case> cases = {{"单日", 1, WindowUnit::days},
                                   {"同一天", 1, WindowUnit::days},
                                   {"自然日", 1, WindowUnit::days},
                                   {"same day", 1, WindowUnit::days},
                                   {"14天", 14, WindowUnit::days},
                                   {"14日", 14, WindowUnit::days},
                                   {"14 days", 14, WindowUnit::days},
                                   {"1 day", 1, WindowUnit::days},
                                   {"2周", 14, WindowUnit::days},
                                   {"１４天", 14, WindowUnit::days},
                                   {"6小时", 6, WindowUnit::hours},
                                   {"6 hours", 6, WindowUnit::hours},
                                   {"1 Hour", 1, WindowUnit::hours},
                                   {"同一小时", 1, WindowUnit::same_hour},
                                   {"same hour", 1, WindowUnit::same_hour},
                                   {"单次就诊", 1, WindowUnit::visit},
                                   {"当次就诊", 1, WindowUnit::visit},
                                   {"same visit", 1, WindowUnit::visit},
                                   {"自然月", 1, WindowUnit::month},
                                   {"month", 1, WindowUnit::month},
                                   {"季度", 1, WindowUnit::quarter},
                                   {"自然年", 1, WindowUnit::calendar_year},
                                   {"calendar year", 1, WindowUnit::calendar_year},
                                   {"终身", 1, WindowUnit::lifetime},
                                   {"lifetime", 1, WindowUnit::lifetime},
                                   {"0天", 0, WindowUnit::days},
                                   {"天", 0, WindowUnit::days},
                                   {"-1天", 0, WindowUnit::days},
                                   {"1.5天", 0, WindowUnit::days},
                                   {"3个月", 0, WindowUnit::days},
                                   {"30分钟", 0, WindowUnit::days},
                                   {"99999999999天", 0, WindowUnit::days},
                                   {"", 0, WindowUnit::days},
                                   {"单日内", 0, WindowUnit::days}};
  for (const Case& c : cases) {
    Window window{};
    const bool is_window = parse_window(c.text, window);
    EXPECT_EQ(is_window, c.number != 0) << c.text;
    if (!is_window)
      continue;
    EXPECT_EQ(number_of(window), c.number) << c.text;
    EXPECT_EQ(unit_of(window), c.unit) << c.text;
  }
}

TEST(ParseWindow, ReadsBackWhatToTextWrites) {
  const std::vector<Window> windows = {
      make_window(1, WindowUnit::days),    make_window(14, WindowUnit::days),
      make_window(6, WindowUnit::hours),   make_window(1, WindowUnit::same_hour),
      make_window(1, WindowUnit::visit),   make_window(1, WindowUnit::month),
      make_window(1, WindowUnit::quarter), make_window(1, WindowUnit::calendar_year),
      make_window(1, WindowUnit::lifetime)};
  for (const Window& window : windows) {
    for (const Language language : {Language::zh, Language::en}) {
      const std::string text = to_text(window, Type{.kind = Kind::window}, language, {});
      Window read{};
      ASSERT_TRUE(parse_window(text, read)) << text;
      EXPECT_EQ(read.packed, window.packed) << text;
    }
  }
}

TEST(ParseSpan, ReadsNumberAndUnit) {
  struct Case {
    std::string_view text;
    std::optional<std::string> span;
  };
  const std::vector<Case> cases = {{"28天", "28 days"},    {"18岁", "18 years"},
                                   {"18周岁", "18 years"}, {"6个月", "6 months"},
                                   {"2 hours", "2 hours"}, {"1 minute", "1 minute"},
                                   {"0天", "0 days"},      {"2周", "14 days"},
                                   {"28", std::nullopt},   {"天", std::nullopt}};
  for (const Case& c : cases) {
    Span span{};
    const bool is_span = parse_span(c.text, span);
    EXPECT_EQ(is_span ? std::optional(to_text(span, Type{.kind = Kind::span}, Language::en, {}))
                      : std::nullopt,
              c.span)
        << c.text;
  }
}

} // namespace
} // namespace sanku
