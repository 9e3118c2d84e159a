// The cache of machine code: what was kept is found again, and whatever could have been written by
// somebody else, or is not whole, is as if it were not there.
#include "tests/unit/runtime/io_folder.h"
#include "tools/engine/object_cache.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

class Cache : public testing::Test {
protected:
  Cache() : place_(folder_.path("cache")) {}

  [[nodiscard]] std::optional<ObjectCache> open(std::uint64_t most = 1u << 20) {
    return open_cache({.folder = place_, .most_bytes = most}, warn());
  }
  [[nodiscard]] Warn warn() {
    return [this](const Error& error) {
      EXPECT_FALSE(error.zh.empty());
      warnings_.push_back(error.en);
    };
  }
  // How many were told since the last time.
  [[nodiscard]] std::size_t warned() { return std::exchange(warnings_, {}).size(); }
  [[nodiscard]] fs::path entry(const std::string& name) const {
    return place_ / (name + ".object");
  }
  [[nodiscard]] static std::string contents(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  }

  io::TestFolder folder_;
  fs::path place_;
  std::vector<std::string> warnings_;
};

TEST_F(Cache, WhatWasKeptIsFoundByItsNameAndNoOther) {
  const auto cache = open();
  ASSERT_TRUE(cache);
  const std::string name = name_of({"a", "b"}), other = name_of({"ab", ""});
  EXPECT_NE(name, other);
  EXPECT_FALSE(fetch(*cache, name, warn()));
  keep(*cache, name, std::string("code\0more", 9), warn());
  EXPECT_EQ(fetch(*cache, name, warn()), std::string("code\0more", 9));
  EXPECT_FALSE(fetch(*cache, other, warn()));
  keep(*cache, name, "newer", warn());
  EXPECT_EQ(fetch(*open(), name, warn()), "newer");
  EXPECT_EQ(warned(), 0u);
}

TEST_F(Cache, EachByteThatIsChangedMakesAnEntryUnusable) {
  const auto cache = open();
  ASSERT_TRUE(cache);
  keep(*cache, "n", "a few bytes", warn());
  const std::string whole = contents(entry("n"));
  ASSERT_GT(whole.size(), 40u);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    write(entry("n"), damaged);
    EXPECT_FALSE(fetch(*cache, "n", warn())) << at;
    EXPECT_EQ(warned(), 1u) << at;
  }
  write(entry("n"), whole);
  EXPECT_EQ(fetch(*cache, "n", warn()), "a few bytes");
}

TEST_F(Cache, EachLengthButTheRightOneMakesAnEntryUnusable) {
  const auto cache = open();
  ASSERT_TRUE(cache);
  keep(*cache, "n", "a few bytes", warn());
  const std::string whole = contents(entry("n"));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write(entry("n"), whole.substr(0, length));
    EXPECT_FALSE(fetch(*cache, "n", warn())) << length;
    EXPECT_EQ(warned(), 1u) << length;
  }
  write(entry("n"), whole + 'x');
  EXPECT_FALSE(fetch(*cache, "n", warn()));
}

TEST_F(Cache, AnEntryUnderAnotherNameOrOfAnotherCacheIsNotUsed) {
  const auto cache = open();
  ASSERT_TRUE(cache);
  keep(*cache, "n", "code", warn());
  fs::copy_file(entry("n"), entry("m"));
  EXPECT_FALSE(fetch(*cache, "m", warn()));
  EXPECT_EQ(warned(), 1u);
  const fs::path first = place_;
  place_ = folder_.path("other");
  const auto other = open();
  ASSERT_TRUE(other);
  fs::copy_file(first / "n.object", entry("n"));
  EXPECT_FALSE(fetch(*other, "n", warn()));
  EXPECT_EQ(warned(), 1u);
}

TEST_F(Cache, AFolderThatOthersMayWriteIsRefused) {
  for (const mode_t mode : {0720, 0702, 0777}) {
    fs::create_directories(place_);
    ASSERT_EQ(::chmod(place_.c_str(), mode), 0);
    EXPECT_FALSE(open()) << mode;
    EXPECT_EQ(warned(), 1u);
  }
  ASSERT_EQ(::chmod(place_.c_str(), 0755), 0);
  EXPECT_TRUE(open());
  // Neither what a link points to, nor what is no folder.
  const fs::path real = place_;
  place_ = folder_.path("link");
  fs::create_directory_symlink(real, place_);
  EXPECT_FALSE(open());
  place_ = folder_.path("file");
  write(place_, "x");
  EXPECT_FALSE(open());
  EXPECT_EQ(warned(), 2u);
}

TEST_F(Cache, AKeyOrAnEntryThatOthersMayReadOrWriteIsRefused) {
  auto cache = open();
  ASSERT_TRUE(cache);
  keep(*cache, "n", "code", warn());
  ASSERT_EQ(::chmod(entry("n").c_str(), 0620), 0);
  EXPECT_FALSE(fetch(*cache, "n", warn()));
  ASSERT_EQ(::chmod((place_ / "key").c_str(), 0640), 0);
  EXPECT_FALSE(open());
  ASSERT_EQ(::chmod((place_ / "key").c_str(), 0600), 0);
  write(place_ / "key", "too short");
  EXPECT_FALSE(open());
  EXPECT_EQ(warned(), 3u);
}

TEST_F(Cache, WhatBelongsToSomebodyElseIsRefused) {
  if (::geteuid() != 0)
    GTEST_SKIP() << "only root can give files away";
  const auto cache = open();
  ASSERT_TRUE(cache);
  keep(*cache, "n", "code", warn());
  ASSERT_EQ(::chown(entry("n").c_str(), 12345, 12345), 0);
  EXPECT_FALSE(fetch(*cache, "n", warn()));
  ASSERT_EQ(::chown(place_.c_str(), 12345, 12345), 0);
  EXPECT_FALSE(open());
  EXPECT_EQ(warned(), 2u);
}

TEST_F(Cache, TheOldestGoWhenThereIsNoRoom) {
  const std::string code(1000, 'c');
  const auto cache = open(3500);
  ASSERT_TRUE(cache);
  for (const char* name : {"a", "b", "c"}) {
    keep(*cache, name, code, warn());
    // Ages that any clock can tell apart; `a` is the oldest.
    fs::last_write_time(entry(name),
                        fs::file_time_type::clock::now() - std::chrono::hours('z' - *name));
  }
  EXPECT_TRUE(fetch(*cache, "a", warn())); // now the youngest
  keep(*cache, "d", code, warn());
  EXPECT_FALSE(fs::exists(entry("b")));
  for (const char* name : {"a", "c", "d"})
    EXPECT_TRUE(fs::exists(entry(name))) << name;
  // One that is larger than all there may be stays until the next.
  keep(*cache, "large", std::string(5000, 'l'), warn());
  EXPECT_TRUE(fetch(*cache, "large", warn()));
  EXPECT_FALSE(fs::exists(entry("d")));
  EXPECT_EQ(warned(), 0u);
}

TEST_F(Cache, ProcessesAtTheSameTimeSeeWholeEntriesOnly) {
  const std::string code(20'000, 'c');
  std::vector<pid_t> processes;
  for (int i = 0; i < 2; ++i) {
    const pid_t process = ::fork();
    ASSERT_GE(process, 0);
    if (process != 0) {
      processes.push_back(process);
      continue;
    }
    bool good = true;
    const auto cache = open();
    for (int round = 0; round < 100 && good && cache; ++round) {
      keep(*cache, "n", code, warn());
      good = fetch(*cache, "n", warn()) == code;
    }
    ::_exit(good && cache && warnings_.empty() ? 0 : 1);
  }
  for (const pid_t process : processes) {
    int status = 0;
    ::waitpid(process, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  const auto cache = open();
  ASSERT_TRUE(cache);
  EXPECT_EQ(fetch(*cache, "n", warn()), code);
  for (const auto& each : fs::directory_iterator(place_))
    EXPECT_NE(each.path().extension(), ".part");
}

} // namespace
} // namespace sanku::engine
