// Lanes of bytes: what goes in comes out lane by lane, in memory and on disk.
#include "runtime/io/spill.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace sanku::io {
namespace {

std::string read_lane(const Spill& spill, std::size_t lane) {
  LaneReader reader(spill, lane);
  std::string all;
  while (true) {
    const auto front = reader.front(1000);
    EXPECT_TRUE(front);
    if (!front || front->empty())
      return all;
    const std::size_t taken = std::min<std::size_t>(front->size(), 1000);
    all += front->substr(0, taken);
    reader.skip(taken);
  }
}

TEST(Spill, GivesEachLaneBackInMemoryAndOnDisk) {
  for (const std::size_t memory : {std::size_t{0}, std::size_t{200'000}, std::size_t{1} << 30}) {
    std::mt19937 random(7);
    Spill spill(5, memory);
    std::vector<std::string> expected(5);
    for (int i = 0; i < 20'000; ++i) {
      const std::size_t lane = random() % 4; // one stays empty
      const std::string piece = fmt::format("{}:{};", i, std::string(random() % 90, 'x'));
      expected[lane] += piece;
      ASSERT_TRUE(spill.append(lane, piece));
    }
    EXPECT_EQ(spill.on_disk(), memory < (1u << 30)) << memory;
    for (std::size_t lane = 0; lane < 5; ++lane)
      EXPECT_EQ(read_lane(spill, lane), expected[lane]) << lane;
  }
}

TEST(Spill, SaysWhichFolderRefuses) {
  ::setenv("TMPDIR", "/proc", 1);
  Spill spill(1, 0);
  const auto refused = spill.append(0, std::string(100'000, 'x'));
  ::unsetenv("TMPDIR");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().en.find("/proc"), std::string::npos) << refused.error().en;
  EXPECT_NE(refused.error().zh.find("TMPDIR"), std::string::npos);
}

} // namespace
} // namespace sanku::io
