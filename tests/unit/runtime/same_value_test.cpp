// Elements by the value of a column: those with it, those without any, and how often each occurs.
#include "runtime/exec/same_value.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

namespace sanku::exec {
namespace {

TEST(ByValue, FindsEachValueAndTheElementsWithoutOne) {
  const std::vector<std::int32_t> days{5, 7, 5, 9, 5, 7};
  const std::uint8_t validity = 0b110111; // the fourth is not known
  const abi::ColumnView cells{days.data(), &validity, nullptr};
  ByValue values;
  values.build(cells, Physical::day32, {.rows = nullptr, .first = 0, .count = 6});
  const auto rows = [&](std::uint64_t value) {
    const auto found = values.with(value);
    std::vector<std::uint32_t> sorted(found.begin(), found.end());
    std::ranges::sort(sorted);
    return sorted;
  };
  EXPECT_EQ(rows(5), (std::vector<std::uint32_t>{0, 2, 4}));
  EXPECT_EQ(rows(7), (std::vector<std::uint32_t>{1, 5}));
  EXPECT_TRUE(rows(9).empty());
  EXPECT_EQ(std::vector(values.without().begin(), values.without().end()),
            std::vector<std::uint32_t>{3});
  EXPECT_EQ(values.counts().elements, 6u);
  EXPECT_EQ(values.counts().unknown, 1u);
  EXPECT_EQ(values.counts().most, 3u);
}

TEST(ByValue, TextsAreTheSameWhateverTheirWidth) {
  const std::string bytes = "A1Ａ１B1";
  const std::vector<std::uint32_t> ends{0, 2, 8, 10};
  const abi::ColumnView cells{bytes.data(), nullptr, ends.data()};
  std::uint64_t narrow = 0, wide = 0, other = 0;
  ASSERT_TRUE(value_of_cell(cells, Physical::bytes, 0, narrow));
  ASSERT_TRUE(value_of_cell(cells, Physical::bytes, 1, wide));
  ASSERT_TRUE(value_of_cell(cells, Physical::bytes, 2, other));
  EXPECT_EQ(narrow, wide);
  EXPECT_NE(narrow, other);
}

TEST(ByValues, AreMadeWhenAskedForOftenEnoughAndAgainForTheNextVisit) {
  const std::vector<std::int64_t> amounts{100, 200, 100, 300};
  const abi::ColumnView cells{amounts.data(), nullptr, nullptr};
  const ByValues::Of of{.relation = 1, .column = 2};
  const Elements first{.rows = nullptr, .first = 0, .count = 3}, second{.first = 2, .count = 2};
  ByValues values;
  EXPECT_EQ(values.find(of, 0, 1, cells, Physical::word64, first), nullptr);
  const ByValue* made = values.find(of, 0, 1, cells, Physical::word64, first);
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(made->with(100).size(), 2u);
  EXPECT_EQ(values.find(of, 1, 1, cells, Physical::word64, second), nullptr);
  made = values.find(of, 1, 1, cells, Physical::word64, second);
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(made->with(100).size(), 1u);
  values.forget();
  EXPECT_EQ(values.find(of, 1, 1, cells, Physical::word64, second), nullptr);
}

TEST(ValueCounts, SayWhatALoopTakesOnTheAverage) {
  EXPECT_EQ(same_most({.elements = 100, .unknown = 2, .most = 5}, {.elements = 10}), 7u);
  // One of ten looks at all.
  EXPECT_EQ(same_most({.elements = 100, .unknown = 2, .most = 5}, {.elements = 10, .unknown = 1}),
            17u);
  EXPECT_EQ(same_most({.elements = 4, .unknown = 2, .most = 3}, {.elements = 4}), 4u);
}

} // namespace
} // namespace sanku::exec
