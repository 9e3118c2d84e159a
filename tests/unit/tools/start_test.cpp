// Starting: code out of the cache or made anew, a better tier behind; the findings are the same
// whatever happens, and nothing waits for what is not needed any more.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/start.h"

#include <set>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* rules_text = R"(
rule T1 "dear item" { on item when item.amount > 100元 report suspected "{item.name}" }
rule T2 "same twice" {
  on items by code
  when count(group.items) > 1
  report suspected on group.items "{count(group.items)}"
}
)";

class Starting : public testing::Test {
protected:
  void SetUp() override {
    folder_.write("rules.sanku", rules_text);
    rules_ = rules_at(folder_.path());
    ASSERT_TRUE(rules_);
    for (int i = 0; i < 40; ++i)
      claims_ += claim(std::to_string(i), R"("gend":"1")",
                       item("a", "001100000000001", "1", std::to_string(90 + i) + ".00") + "," +
                           item("b", "001100000000001", "1", "1.00"));
  }
  [[nodiscard]] StartOptions options(std::optional<jit::Level> level = {}) {
    StartOptions options{.level = level};
    options.cache = CacheOptions{.folder = folder_.path("cache")};
    options.warn = [this](const Error& error) { warnings_.push_back(error.en); };
    return options;
  }
  [[nodiscard]] std::string findings(const Started& started) const {
    const auto engine =
        make_engine(program(*rules_), rules_->checked->tables, started.image.get(), {});
    const auto ran = run_text(*engine, claims_, {.threads = 2, .batch = 3, .chunk_bytes = 2000});
    EXPECT_TRUE(ran);
    return ran ? ran->written : std::string();
  }
  [[nodiscard]] std::set<std::string> entries() const {
    std::set<std::string> names;
    for (const auto& each : fs::directory_iterator(folder_.path("cache")))
      if (each.path().extension() == ".object")
        names.insert(each.path().filename().string());
    return names;
  }

  PackFolder folder_;
  std::unique_ptr<Rules> rules_;
  std::string claims_;
  std::vector<std::string> warnings_;
};

TEST_F(Starting, TheSecondTimeCodeComesOutOfTheCache) {
  const auto first = start(*rules_, options(jit::Level::optimised));
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->from_cache);
  const auto second = start(*rules_, options(jit::Level::optimised));
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->from_cache);
  // The better tier is there: nothing is made behind.
  const auto third = start(*rules_, options());
  ASSERT_TRUE(third);
  EXPECT_TRUE(third->from_cache);
  EXPECT_FALSE(third->behind.joinable());
  const std::string found = findings(*first);
  EXPECT_FALSE(found.empty());
  EXPECT_EQ(findings(*second), found);
  EXPECT_EQ(findings(*third), found);
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(Starting, WhateverDecidesTheCodeIsPartOfItsName) {
  ASSERT_TRUE(start(*rules_, options(jit::Level::optimised)));
  EXPECT_EQ(entries().size(), 1u);
  ASSERT_TRUE(start(*rules_, options(jit::Level::none)));
  EXPECT_EQ(entries().size(), 2u);
  StartOptions other = options(jit::Level::none);
  other.cpu = "x86-64-v2";
  ASSERT_TRUE(start(*rules_, other));
  EXPECT_EQ(entries().size(), 3u);
  folder_.write("rules.sanku", std::string(rules_text) + "// one more line\n");
  rules_ = rules_at(folder_.path());
  ASSERT_TRUE(rules_);
  ASSERT_TRUE(start(*rules_, options(jit::Level::none)));
  EXPECT_EQ(entries().size(), 4u);
}

TEST_F(Starting, AnUnknownProcessorIsRefused) {
  StartOptions unknown = options();
  unknown.cpu = "abacus";
  EXPECT_FALSE(start(*rules_, unknown));
}

TEST_F(Starting, ADamagedEntryIsToldOnceAndMadeAnew) {
  ASSERT_TRUE(start(*rules_, options(jit::Level::none)));
  const fs::path entry = fs::path(folder_.path("cache")) / *entries().begin();
  fs::resize_file(entry, fs::file_size(entry) - 1);
  const auto again = start(*rules_, options(jit::Level::none));
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->from_cache);
  EXPECT_EQ(warnings_.size(), 1u);
  EXPECT_TRUE(start(*rules_, options(jit::Level::none))->from_cache);
  EXPECT_EQ(warnings_.size(), 1u);
}

TEST_F(Starting, TheBetterTierIsPutInForceBehindAndKept) {
  auto started = start(*rules_, options());
  ASSERT_TRUE(started);
  const std::string before = findings(*started);
  started->behind.join();
  EXPECT_EQ(started->image->tiers.size(), 2u);
  EXPECT_EQ(started->image->tier.load(), started->image->tiers.back().get());
  EXPECT_EQ(findings(*started), before);
  EXPECT_EQ(entries().size(), 2u);
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(Starting, WhatIsNotWantedAnyMoreIsNotFinished) {
  const plan::Plan planned = plan::plan(program(*rules_));
  for (const jit::Level level : {jit::Level::none, jit::Level::optimised}) {
    int asked = 0;
    const auto stopped = jit::build(program(*rules_), planned,
                                    {.level = level, .stopped = [&] { return ++asked > 2; }});
    ASSERT_TRUE(stopped);
    EXPECT_TRUE(stopped->objects.empty());
    EXPECT_GT(asked, 2);
  }
  // Dropped at once, some of them in the middle of being made.
  for (int i = 0; i < 5; ++i) {
    StartOptions without = options();
    without.cache.reset();
    ASSERT_TRUE(start(*rules_, without));
  }
}

// Whenever it is dropped: what was finished of it is taken up, and in the end one entry a level is
// left.
TEST_F(Starting, PartsThatWereFinishedAreNotMadeAgain) {
  const std::string expected = findings(*start(*rules_, options(jit::Level::none)));
  StartOptions in_parts = options();
  in_parts.part = 1;
  const std::size_t before = entries().size();
  for (int patience = 1; entries().size() == before; ++patience) {
    const auto dropped = start(*rules_, in_parts);
    ASSERT_TRUE(dropped);
    for (int i = 0; i < patience; ++i)
      EXPECT_EQ(findings(*dropped), expected);
  }
  auto finished = start(*rules_, in_parts);
  ASSERT_TRUE(finished);
  if (finished->behind.joinable()) {
    finished->behind.join();
    EXPECT_EQ(findings(*finished), expected);
  }
  EXPECT_EQ(entries().size(), 2u);
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(Starting, WhatIsTooLargeIsNotOptimisedAndFindsTheSame) {
  StartOptions limited = options(jit::Level::optimised);
  const std::string whole = findings(*start(*rules_, limited));
  EXPECT_TRUE(start(*rules_, limited)->too_large.empty());
  limited.limits.function = 10;
  auto started = start(*rules_, limited);
  ASSERT_TRUE(started);
  EXPECT_EQ(started->too_large, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(findings(*started), whole);
  // The larger of the two does not fit beside the other.
  limited.limits = {};
  std::uint64_t most = 1;
  for (; start(*rules_, limited)->too_large.size() != 1 && most < 1'000'000; most *= 2)
    limited.limits.program = most;
  started = start(*rules_, limited);
  EXPECT_EQ(started->too_large, (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(findings(*started), whole);
}

} // namespace
} // namespace sanku::engine
