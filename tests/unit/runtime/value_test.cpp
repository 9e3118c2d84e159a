// How values read for a person, and when two are the same.
#include "runtime/types/value.h"
#include "runtime/types/value_order.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace sanku {
namespace {

DateTime at(std::string_view text) {
  DateTime time{};
  EXPECT_TRUE(parse_datetime(text, time)) << text;
  return time;
}
Date on(std::string_view text) {
  Date date{};
  EXPECT_TRUE(parse_date(text, date)) << text;
  return date;
}

TEST(DecimalText, KeepsTheDigitsAskedForAndDropsOtherZeros) {
  struct Case {
    Int128 units;
    unsigned scale, keep;
    std::string_view text;
  };
  const Int128 lowest = static_cast<Int128>(1) << 127;
  const std::vector<Case> cases = {{3500, 2, 2, "35.00"},
                                   {3500, 2, 0, "35"},
                                   {3550, 2, 0, "35.5"},
                                   {1, 4, 2, "0.0001"},
                                   {-5, 2, 2, "-0.05"},
                                   {0, 2, 2, "0.00"},
                                   {0, 0, 0, "0"},
                                   {35, 0, 2, "35.00"},
                                   {123456, 6, 2, "0.123456"},
                                   {-100, 2, 0, "-1"},
                                   {lowest, 0, 0, "-170141183460469231731687303715884105728"}};
  for (const Case& c : cases)
    EXPECT_EQ(decimal_text(c.units, c.scale, c.keep), c.text);
}

TEST(ToText, SpeaksBothLanguages) {
  struct Case {
    Value value;
    Type type;
    std::string_view zh, en;
  };
  const Type money{.kind = Kind::money, .scale = 2, .digits = 16},
      number{.kind = Kind::decimal, .scale = 4, .digits = 16};
  const std::vector<Case> cases = {
      {Unknown{}, money, "不明", "unknown"},
      {Bool{true}, {.kind = Kind::boolean}, "是", "yes"},
      {Bool{false}, {.kind = Kind::boolean}, "否", "no"},
      {Integer{-3}, {.kind = Kind::integer}, "-3", "-3"},
      {Decimal{123400}, money, "1234.00", "1234.00"},
      {Decimal{25000}, number, "2.5", "2.5"},
      {on("2026-03-05"), {.kind = Kind::date}, "2026-03-05", "2026-03-05"},
      {at("2026-03-05 00:00"), {.kind = Kind::datetime}, "2026-03-05", "2026-03-05"},
      {at("1969-12-31 23:00:01"),
       {.kind = Kind::datetime},
       "1969-12-31 23:00:01",
       "1969-12-31 23:00:01"},
      {make_span(15, SpanUnit::days), {.kind = Kind::span}, "15天", "15 days"},
      {make_span(-1, SpanUnit::days), {.kind = Kind::span}, "-1天", "-1 days"},
      {make_span(1, SpanUnit::years), {.kind = Kind::span}, "1年", "1 year"},
      {make_window(6, WindowUnit::hours), {.kind = Kind::window}, "6小时", "6 hours"},
      {make_window(1, WindowUnit::visit), {.kind = Kind::window}, "单次就诊", "same visit"},
      {make_age(on("1980-03-05"), on("2026-03-05")), {.kind = Kind::age}, "46岁", "46 years"},
      {make_age(on("1980-03-06"), on("2026-03-05")), {.kind = Kind::age}, "45岁", "45 years"},
      // Someone born on 29 February completes a year on 28 February.
      {make_age(on("2020-02-29"), on("2025-02-28")), {.kind = Kind::age}, "5岁", "5 years"},
      {make_age(on("2020-02-29"), on("2025-02-27")), {.kind = Kind::age}, "4岁", "4 years"},
      {make_age(on("2026-01-31"), on("2026-02-28")), {.kind = Kind::age}, "1个月", "1 month"},
      {make_age(on("2026-02-20"), on("2026-03-05")), {.kind = Kind::age}, "13天", "13 days"},
      {Count{.low = 2, .high = 2}, {.kind = Kind::count}, "2", "2"},
      {Count{.low = 2, .high = 5}, {.kind = Kind::count}, "2至5", "2 to 5"},
      {CodeText{"XG03"}, {.kind = Kind::code}, "XG03", "XG03"},
      {EnumValue{.id = 2, .unlisted = {}}, {.kind = Kind::enumeration}, "女", "女"},
      {EnumValue{.id = 0, .unlisted = "2101"}, {.kind = Kind::enumeration}, "2101", "2101"},
      {std::string("黄体酮"), {.kind = Kind::text}, "黄体酮", "黄体酮"},
      {Score{0.85314999}, {.kind = Kind::score}, "0.8531", "0.8531"},
      {Score{90}, {.kind = Kind::score}, "90", "90"},
      {Score{-0.00001}, {.kind = Kind::score}, "0", "0"},
      {std::string("年龄\x1f"
                   "age\x1f"
                   "72\x1f+0.3\x1e"
                   "天数\x1f"
                   "days\x1f?\x1f-1\x1e"),
       {.kind = Kind::reasons},
       "年龄 72（+0.3）、天数 缺失（-1）",
       "age 72 (+0.3), days missing (-1)"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(to_text(c.value, c.type, Language::zh, "女"), c.zh);
    EXPECT_EQ(to_text(c.value, c.type, Language::en, "女"), c.en);
  }
}

TEST(Same, ComparesFormAndContent) {
  // All different from one another.
  const std::vector<Value> values = {Unknown{},
                                     Bool{false},
                                     Bool{true},
                                     Integer{0},
                                     Integer{1},
                                     Decimal{0},
                                     Decimal{1},
                                     Date{0},
                                     DateTime{0},
                                     make_span(1, SpanUnit::days),
                                     make_span(1, SpanUnit::hours),
                                     make_window(1, WindowUnit::days),
                                     make_window(1, WindowUnit::hours),
                                     make_age({0}, {0}),
                                     make_age({0}, {1}),
                                     Score{0},
                                     Score{0.5},
                                     Count{.low = 0, .high = 0},
                                     Count{.low = 0, .high = 1},
                                     CodeText{""},
                                     CodeText{"A"},
                                     EnumValue{.id = 0, .unlisted = "1"},
                                     EnumValue{.id = 1, .unlisted = {}},
                                     std::string(),
                                     std::string("A")};
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      EXPECT_EQ(same(values[i], values[j]), i == j) << i << " and " << j;
      EXPECT_EQ(before(values[i], values[j]) || before(values[j], values[i]), i != j);
      EXPECT_FALSE(before(values[i], values[j]) && before(values[j], values[i]));
    }
  }
}

TEST(DateText, ClampsWhatFourDigitsCannotSay) {
  EXPECT_EQ(date_text({std::numeric_limits<std::int32_t>::max()}), "9999-12-31");
  EXPECT_EQ(date_text({std::numeric_limits<std::int32_t>::min()}), "0001-01-01");
  EXPECT_EQ(datetime_text({std::numeric_limits<std::int64_t>::min() + 1}).substr(0, 10),
            "0001-01-01");
}

} // namespace
} // namespace sanku
