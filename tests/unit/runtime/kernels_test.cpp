// Kernels against tables of arguments and results worked out by hand: both executions share them,
// so they need judges of their own.
#include "runtime/kernels/compare.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/logic.h"
#include "runtime/kernels/number.h"
#include "runtime/kernels/text.h"
#include "runtime/kernels/time.h"
#include "runtime/types/value.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <string>
#include <string_view>

namespace sanku::kernels {
namespace {

constexpr Maybe<Bool> yes{Bool{true}, true};
constexpr Maybe<Bool> no{Bool{false}, true};
constexpr Maybe<Bool> unknown{Bool{false}, false};

char shown(Maybe<Bool> value) { return !value.known ? '?' : value.value.value ? 'T' : 'F'; }

DateTime at(const char* text) {
  DateTime time{};
  EXPECT_TRUE(parse_datetime(text, time)) << text;
  return time;
}
Date day(const char* text) {
  Date date{};
  EXPECT_TRUE(parse_date(text, date)) << text;
  return date;
}

TEST(Kernels, AndOrFollowKleenesTables) {
  const Maybe<Bool> values[] = {yes, no, unknown};
  std::string conjunctions, disjunctions;
  for (const auto& a : values)
    for (const auto& b : values) {
      conjunctions += shown(logical_and(a, b));
      disjunctions += shown(logical_or(a, b));
    }
  EXPECT_EQ(conjunctions, "TF?FFF?F?");
  EXPECT_EQ(disjunctions, "TTTTF?T??");
}

TEST(Kernels, NumbersBecomeTheNearestScore) {
  EXPECT_EQ(number_to_score(Decimal{85}, Integer{2}).value, 0.85);
  EXPECT_EQ(number_to_score(Decimal{-1}, Integer{18}).value, -1e-18);
  EXPECT_EQ(number_to_score(Decimal{9007199254740993}, Integer{0}).value, 9007199254740992.0);
  EXPECT_EQ(number_to_score(Decimal{-power_of_ten(38)}, Integer{18}).value, -1e20);
  EXPECT_EQ(truth_to_score(Bool{true}).value, 1);
  EXPECT_EQ(truth_to_score(Bool{false}).value, 0);
  EXPECT_TRUE(compare<Relation::greater_equal>(Score{0.85}, Score{0.85}).value);
  EXPECT_FALSE(compare<Relation::less>(Score{0.85}, Score{0.85}).value);
}

TEST(Kernels, ArithmeticIsExactAndNeverWraps) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(add(Integer{2}, Integer{3}).value.value, 5);
  EXPECT_FALSE(add(Integer{most}, Integer{1}).known);
  EXPECT_FALSE(subtract(Integer{-most - 1}, Integer{1}).known);
  EXPECT_FALSE(multiply(Integer{most}, Integer{2}).known);
  EXPECT_FALSE(negate(Integer{-most - 1}).known);
  const Decimal large{power_of_ten(38)};
  EXPECT_FALSE(add(large, large).known);
  EXPECT_FALSE(multiply(large, Decimal{10}).known);
  EXPECT_TRUE(multiply(Decimal{power_of_ten(19)}, Decimal{power_of_ten(18)}).known);
  EXPECT_FALSE(rescale(large, Integer{1}).known);
  EXPECT_EQ(power_of_ten(39), 0);
  EXPECT_EQ(power_of_ten(-1), 0);
}

TEST(Kernels, RoundingIsHalfAwayFromZero) {
  struct Row {
    std::int64_t value, places, expected;
  };
  for (const Row& row :
       {Row{125, 1, 13}, Row{124, 1, 12}, Row{-125, 1, -13}, Row{-124, 1, -12}, Row{5, 1, 1},
        Row{-5, 1, -1}, Row{4, 1, 0}, Row{0, 2, 0}, Row{149, 2, 1}, Row{150, 2, 2}})
    EXPECT_EQ(static_cast<std::int64_t>(round_off(Decimal{row.value}, Integer{row.places}).units),
              row.expected)
        << row.value;
}

TEST(Kernels, DivisionByZeroIsUnknown) {
  EXPECT_FALSE(divide(Decimal{1}, Decimal{0}, Integer{10}).known);
  EXPECT_EQ(static_cast<std::int64_t>(divide(Decimal{1}, Decimal{3}, Integer{10}).value.units),
            3333333333);
  EXPECT_EQ(static_cast<std::int64_t>(divide(Decimal{2}, Decimal{3}, Integer{10}).value.units),
            6666666667);
  EXPECT_EQ(static_cast<std::int64_t>(divide(Decimal{-2}, Decimal{3}, Integer{10}).value.units),
            -6666666667);
  EXPECT_FALSE(divide(Decimal{power_of_ten(38)}, Decimal{1}, Integer{10}).known);
  // 12.345 ÷ 2 at no place: the divisor is enlarged, the quotient rounded once.
  EXPECT_EQ(static_cast<std::int64_t>(divide(Decimal{12345}, Decimal{2}, Integer{-3}).value.units),
            6);
  EXPECT_EQ(static_cast<std::int64_t>(divide(Decimal{13000}, Decimal{2}, Integer{-3}).value.units),
            7);
}

TEST(Kernels, CalendarAgreesWithKnownDays) {
  struct Row {
    const char* text;
    std::int32_t days;
  };
  for (const Row& row :
       {Row{"1970-01-01", 0}, Row{"1969-12-31", -1}, Row{"2000-02-29", 11016},
        Row{"2026-03-05", 20517}, Row{"1900-03-01", -25508}, Row{"2100-02-28", 47540}}) {
    EXPECT_EQ(day(row.text).days, row.days) << row.text;
    const CivilDate back = civil(Date{row.days});
    EXPECT_EQ(from_civil(back).days, row.days);
  }
  for (std::int32_t days = -100000; days < 100000; days += 37)
    EXPECT_EQ(from_civil(civil(Date{days})).days, days);
}

TEST(Kernels, MonthArithmeticClampsToTheMonthsEnd) {
  struct Row {
    const char* from;
    std::int64_t months;
    const char* to;
  };
  for (const Row& row : {Row{"2026-01-31", 1, "2026-02-28"}, Row{"2024-01-31", 1, "2024-02-29"},
                         Row{"2026-03-31", -1, "2026-02-28"}, Row{"2024-02-29", 12, "2025-02-28"},
                         Row{"2025-12-15", 1, "2026-01-15"}, Row{"2026-01-15", -13, "2024-12-15"}})
    EXPECT_EQ(add_months(day(row.from), row.months).days, day(row.to).days) << row.from;
}

TEST(Kernels, AgesCountCompletedYearsMonthsAndDays) {
  struct Row {
    const char* birth;
    const char* at;
    SpanUnit unit;
    std::int64_t expected;
  };
  for (const Row& row : {Row{"2008-03-06", "2026-03-05", SpanUnit::years, 17},
                         Row{"2008-03-05", "2026-03-05", SpanUnit::years, 18},
                         Row{"2008-02-29", "2026-02-28", SpanUnit::years, 18},
                         Row{"2008-02-29", "2026-02-27", SpanUnit::years, 17},
                         Row{"2008-02-29", "2024-02-28", SpanUnit::years, 15},
                         Row{"2008-02-29", "2024-02-29", SpanUnit::years, 16},
                         Row{"2026-01-31", "2026-02-28", SpanUnit::months, 1},
                         Row{"2026-01-31", "2026-03-30", SpanUnit::months, 1},
                         Row{"2026-03-05", "2026-03-05", SpanUnit::days, 0},
                         Row{"2026-02-05", "2026-03-05", SpanUnit::days, 28}}) {
    const Maybe<Age> age = age_at(day(row.birth), day(row.at));
    ASSERT_TRUE(age.known);
    EXPECT_EQ(age_in(age.value, row.unit), row.expected) << row.birth << " " << row.at;
  }
  EXPECT_FALSE(age_at(day("2026-03-06"), day("2026-03-05")).known);
}

TEST(Kernels, AgesCompareInTheSpansUnit) {
  const Age age = age_at(day("2008-03-06"), day("2026-03-05")).value;
  EXPECT_EQ(shown(compare<Relation::less>(age, make_span(18, SpanUnit::years))), 'T');
  EXPECT_EQ(shown(compare<Relation::greater_equal>(age, make_span(216, SpanUnit::months))), 'F');
  EXPECT_EQ(shown(compare<Relation::equal>(age, make_span(17, SpanUnit::years))), 'T');
  EXPECT_EQ(shown(compare<Relation::equal>(age, make_span(17, SpanUnit::hours))), '?');
}

TEST(Kernels, WindowsAreAsTheNationalSheetsNameThem) {
  struct Row {
    const char* a;
    const char* b;
    Window window;
    char expected;
  };
  const auto days = [](std::int64_t n) { return make_window(n, WindowUnit::days); };
  const auto hours = [](std::int64_t n) { return make_window(n, WindowUnit::hours); };
  const Window same_hour = make_window(0, WindowUnit::same_hour);
  for (const Row& row :
       {Row{"2026-03-05 00:30", "2026-03-05 23:59", days(1), 'T'},
        Row{"2026-03-05 23:59", "2026-03-06 00:01", days(1), 'F'},
        Row{"2026-03-05", "2026-03-06", days(2), 'T'},
        Row{"2026-03-05", "2026-03-07", days(2), 'F'},
        Row{"2026-03-05 08:00", "2026-03-05 14:00", hours(6), 'T'},
        Row{"2026-03-05 08:00", "2026-03-05 14:00:01", hours(6), 'F'},
        Row{"2026-03-05 23:00", "2026-03-06 04:00", hours(6), 'T'},
        Row{"2026-03-05", "2026-03-05 14:00", hours(6), '?'},
        Row{"2026-03-05", "2026-03-07", hours(6), 'F'},
        Row{"2026-03-05", "2026-03-06 08:00", hours(6), 'F'},
        Row{"2026-03-05", "2026-03-05", hours(24), 'T'},
        Row{"2026-03-05 09:01", "2026-03-05 09:59", same_hour, 'T'},
        Row{"2026-03-05 09:59", "2026-03-05 10:00", same_hour, 'F'},
        Row{"2026-03-05", "2026-03-05 10:00", same_hour, '?'},
        Row{"2026-03-05", "2026-03-06 10:00", same_hour, 'F'},
        Row{"2026-01-31", "2026-02-01", make_window(0, WindowUnit::month), 'F'},
        Row{"2026-01-31", "2026-03-01", make_window(0, WindowUnit::quarter), 'T'},
        Row{"2025-12-31", "2026-01-01", make_window(0, WindowUnit::calendar_year), 'F'},
        Row{"2020-01-01", "2026-01-01", make_window(0, WindowUnit::visit), 'T'}}) {
    EXPECT_EQ(shown(within(at(row.a), at(row.b), row.window)), row.expected)
        << row.a << " | " << row.b;
    EXPECT_EQ(shown(within(at(row.b), at(row.a), row.window)), row.expected)
        << "turned round: " << row.a << " | " << row.b;
  }
}

TEST(Kernels, CountsCompareByTheirBounds) {
  struct Row {
    Count count;
    std::int64_t limit;
    char less, less_equal, equal, greater, greater_equal;
  };
  for (const Row& row :
       {Row{{2, 2}, 2, 'F', 'T', 'T', 'F', 'T'}, Row{{1, 3}, 2, '?', '?', '?', '?', '?'},
        Row{{3, 5}, 2, 'F', 'F', 'F', 'T', 'T'}, Row{{0, 1}, 2, 'T', 'T', 'F', 'F', 'F'},
        Row{{2, 4}, 2, 'F', '?', '?', '?', 'T'}, Row{{0, 2}, 2, '?', 'T', '?', 'F', '?'}}) {
    const Integer limit{row.limit};
    EXPECT_EQ(shown(compare<Relation::less>(row.count, limit)), row.less);
    EXPECT_EQ(shown(compare<Relation::less_equal>(row.count, limit)), row.less_equal);
    EXPECT_EQ(shown(compare<Relation::equal>(row.count, limit)), row.equal);
    EXPECT_EQ(shown(compare<Relation::greater>(row.count, limit)), row.greater);
    EXPECT_EQ(shown(compare<Relation::greater_equal>(row.count, limit)), row.greater_equal);
  }
}

TEST(Kernels, UnlistedCodesEqualThemselvesAndAreUnknownOtherwise) {
  const Enum listed{1}, other{2}, strange{first_unlisted}, stranger{first_unlisted + 1};
  EXPECT_EQ(shown(compare<Relation::equal>(listed, listed)), 'T');
  EXPECT_EQ(shown(compare<Relation::equal>(listed, other)), 'F');
  EXPECT_EQ(shown(compare<Relation::equal>(strange, strange)), 'T');
  EXPECT_EQ(shown(compare<Relation::not_equal>(strange, listed)), '?');
  EXPECT_EQ(shown(compare<Relation::equal>(strange, stranger)), '?');
}

TEST(Kernels, InstantsOfDayPrecisionLeaveTheOrderOpenWithinTheDay) {
  EXPECT_EQ(shown(compare<Relation::less>(at("2026-03-05"), at("2026-03-05 10:00"))), '?');
  EXPECT_EQ(shown(compare<Relation::less>(at("2026-03-05"), at("2026-03-06 10:00"))), 'T');
  EXPECT_EQ(shown(compare<Relation::equal>(at("2026-03-05"), at("2026-03-05"))), 'T');
}

TEST(Kernels, SpansOfTwoFamiliesDoNotCompare) {
  EXPECT_EQ(
      shown(compare<Relation::equal>(make_span(1, SpanUnit::days), make_span(24, SpanUnit::hours))),
      'T');
  EXPECT_EQ(shown(compare<Relation::less>(make_span(11, SpanUnit::months),
                                          make_span(1, SpanUnit::years))),
            'T');
  EXPECT_EQ(
      shown(compare<Relation::less>(make_span(30, SpanUnit::days), make_span(1, SpanUnit::months))),
      '?');
}

TEST(Kernels, TextsCompareAfterWidthFolding) {
  const auto text = [](std::string_view view) { return Text{view.data(), view.size()}; };
  EXPECT_TRUE(equal_text(text("ＡＢ１"), text("AB1")).value);
  EXPECT_TRUE(contains(text("复方（甲）片"), text("(甲)")).value);
  EXPECT_FALSE(contains(text("复方片"), text("片剂")).value);
  EXPECT_TRUE(contains(text("x"), text("")).value);
  EXPECT_TRUE(starts_with(text("注射用　头孢"), text("注射用 ")).value);
  EXPECT_FALSE(equal_text(text("甲"), text("甲乙")).value);
}

// Every row of the table, called natively with unknown arguments: a strict kernel's result is
// unknown and all zero.
TEST(Kernels, EveryStrictRowIsUnknownOnUnknownArgumentsWithZeroBytes) {
  for (std::uint32_t i = 0; i < sanku_kernel_count; ++i) {
    const KernelRow& row = sanku_kernels[i];
    bool strict = row.arity > 0;
    for (std::uint32_t p = 0; p < row.arity; ++p)
      strict = strict && !row.params[p].maybe;
    if (!strict)
      continue;
    alignas(32) unsigned char arguments[4][32];
    std::memset(arguments, 0, sizeof arguments);
    const void* pointers[] = {arguments[0], arguments[1], arguments[2], arguments[3]};
    alignas(32) unsigned char result[32];
    std::memset(result, 0xff, sizeof result);
    row.call(pointers, result);
    unsigned char some = 0;
    const std::size_t width = row.result == Tag::boolean ? 2 : row.result == Tag::decimal ? 17 : 0;
    for (std::size_t byte = 0; byte < width; ++byte)
      some = static_cast<unsigned char>(some | result[byte]);
    EXPECT_EQ(some, 0) << row.name;
  }
}

} // namespace
} // namespace sanku::kernels
