// The order in which entries come into groups: of many as of few, also where nearly all have one
// key, as elements have that lack it, and whatever their ranks.
#include "runtime/abi/hooks.h"
#include "runtime/exec/worker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

namespace sanku::abi {
namespace {

TEST(Groups, EntriesStandByKeyRankAndRowHoweverManyThereAre) {
  std::mt19937_64 random(3);
  std::size_t most_of_one = 0;
  for (int round = 0; round < 60; ++round) {
    const std::uint32_t count =
        round % 3 == 0 ? 200 : 300 + static_cast<std::uint32_t>(random() % 3000);
    // Ranks within visits, over all of a block, or far apart.
    const std::uint32_t step = round % 4 == 3 ? 1000 : 1;
    std::vector<std::uint32_t> order(count);
    for (std::uint32_t row = 0; row < count; ++row)
      order[row] = random() % 10 == 0 ? no_rank
                   : round % 2 == 0   ? static_cast<std::uint32_t>(random() % 20)
                                      : (count - row) * step;
    Scratch scratch;
    for (std::uint32_t row = 0; row < count; ++row) {
      const bool lacks = random() % 10 < static_cast<unsigned>(round % 11);
      scratch.entries.push_back({lacks ? 0x7fff'0000'0000'0001u : random() >> (round % 5), row,
                                 static_cast<std::uint32_t>(random() % 3), !lacks, false});
    }
    if (round % 5 == 4) // an element in several groups
      for (std::uint32_t i = 0; i + 1 < count; i += 2)
        scratch.entries[i + 1].row = scratch.entries[i].row;
    const RelationView relation{
        .columns = nullptr, .offsets = nullptr, .order = order.data(), .rows = count};
    Frame frame{};
    frame.relations = &relation;
    frame.scratch = &scratch;
    frame.entries = scratch.entries.data();
    std::vector<GroupEntry> expected = scratch.entries;
    const auto key = [&](const GroupEntry& entry) {
      return std::tuple(entry.hash, order[entry.row], entry.row, entry.entered);
    };
    std::ranges::sort(expected, {}, key);
    sanku_group_sort(&frame, 0, count);
    for (std::uint32_t i = 0; i < count; ++i)
      ASSERT_EQ(key(scratch.entries[i]), key(expected[i])) << round << " " << i;
    most_of_one =
        std::max(most_of_one, static_cast<std::size_t>(std::ranges::count_if(
                                  expected, [](const auto& entry) { return !entry.complete; })));
  }
  EXPECT_GT(most_of_one, 1000u);
}

} // namespace
} // namespace sanku::abi
