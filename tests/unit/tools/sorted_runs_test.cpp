// Texts put in order of place through a temporary file.
#include "tools/engine/sorted_runs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace sanku::engine {
namespace {

TEST(SortedRuns, puts_texts_in_order_of_place_however_many_runs_it_takes) {
  constexpr unsigned seed = 29;
  std::mt19937 random(seed);
  std::vector<batch::Origin> places;
  for (std::uint32_t i = 0; i < 60000; ++i)
    places.push_back({.file = i % 2, .offset = i / 4, .line = i, .part = (i / 2) % 2});
  SortedRuns runs(1);
  std::vector<batch::Origin> mixed = places;
  std::ranges::shuffle(mixed, random);
  std::ranges::sort(places, comes_before);
  for (const batch::Origin& place : places)
    if (place.line % 3 == 0) {
      ASSERT_TRUE(runs.add_in_order(place, fmt::format("{} a", place.line)));
    }
  for (const batch::Origin& place : mixed)
    if (place.line % 3 != 0) {
      ASSERT_TRUE(runs.add(place, fmt::format("{:0100}", place.line)));
      ASSERT_TRUE(runs.add(place, fmt::format("{} second", place.line)));
    }
  std::vector<std::string> found, expected;
  ASSERT_TRUE(runs.drain([&](const batch::Origin& place, std::string_view text) -> Result<void> {
    found.push_back(fmt::format("{} {}", place.line, text));
    return {};
  }));
  for (const batch::Origin& place : places) {
    if (place.line % 3 == 0) {
      expected.push_back(fmt::format("{} {} a", place.line, place.line));
    } else {
      expected.push_back(fmt::format("{} {:0100}", place.line, place.line));
      expected.push_back(fmt::format("{} {} second", place.line, place.line));
    }
  }
  EXPECT_TRUE(found == expected) << found.size() << " " << expected.size();
}

} // namespace
} // namespace sanku::engine
