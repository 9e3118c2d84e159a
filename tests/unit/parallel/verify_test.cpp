// A pack file large enough that several threads look at its members: what is told stands in the
// order of the members, however the threads went.
#include "tools/pack/container.h"
#include "tools/pack/in_parallel.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>

namespace sanku::pack {
namespace {

using Members = std::map<std::string, std::string, std::less<>>;

std::string file_with(const Members& members) {
  return write(FileKind::pack,
               {{"name", "large"},
                {"version", "1"},
                {"edition", "1"},
                {"schema", "tiny 1.0"},
                {"layer", "national"},
                {"rules", "0"},
                {"tables", "0"},
                {"tests", "0"}},
               members);
}

// Codes and the members that they are about; empty: it was opened.
std::string told_of(const std::string& bytes) {
  diag::Diagnostics diagnostics;
  const auto file = open(bytes, {}, {}, diagnostics);
  EXPECT_EQ(file.has_value(), diagnostics.all.empty());
  std::string all;
  for (const diag::Diagnostic& each : diagnostics.all) {
    const std::size_t from = each.en.find('`') + 1;
    all += fmt::format("{} {} ", each.number, each.en.substr(from, each.en.find('`', from) - from));
  }
  return all;
}

TEST(Verify, members_are_told_of_in_their_order) {
  Members members;
  for (std::size_t i = 0; i < 40; ++i)
    members.emplace(fmt::format("{:02}.sanku", i), std::string(20'000 + 3'000 * i, 'x'));
  const std::string whole = file_with(members);
  ASSERT_GT(whole.size(), worth_threads);
  std::string damaged = whole;
  const std::size_t last = whole.size() - members["39.sanku"].size();
  for (const std::size_t at : {whole.size() - 1, last - 1, whole.find("xxxxx")})
    damaged[at] = 'y';
  for (const char* name : {"07.sanku", "31.sanku"})
    members[name] += "\u202e";
  members.emplace("10.csv", "a\n1\n");
  const std::string hidden = file_with(members);
  for (int round = 0; round < 20; ++round) {
    EXPECT_EQ(told_of(whole), "");
    EXPECT_EQ(told_of(damaged), "6106 00.sanku 6106 38.sanku 6106 39.sanku ");
    EXPECT_EQ(told_of(hidden), "6108 07.sanku 6110 10.columns 6108 31.sanku ");
  }
}

TEST(Verify, everything_is_done_once) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{1000}}) {
    std::vector<std::atomic<int>> times(count);
    in_parallel(count, worth_threads, [&](std::size_t i) { ++times[i]; });
    for (const std::atomic<int>& each : times)
      EXPECT_EQ(each, 1);
  }
}

} // namespace
} // namespace sanku::pack
