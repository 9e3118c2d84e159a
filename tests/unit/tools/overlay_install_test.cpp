// Overlays in a store: they come into force on what they are pinned to, and neither goes without
// the other.
#include "tests/unit/tools/overlay_fixture.h"
#include "tests/unit/tools/store_disk.h"
#include "tools/deploy/install.h"

namespace sanku::engine {
namespace {

using deploy::codes_of;
using deploy::noon;
using deploy::opened;

class OverlayInstall : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_TRUE(pack::make_store(disk(), key_, packed_.keys.trust(), noon));
    next_version();
  }
  // national-2, zhejiang-2 on it, hangzhou-2 on that.
  void next_version() const {
    const Folders& folders = packed_.folders;
    const auto raise = [&](const std::string& file, const std::string& from,
                           const std::string& to) {
      std::string text = packed_.bytes(file);
      text.replace(text.find(from), from.size(), to);
      folders.write(file, text);
    };
    raise("national/pack.toml", "version = \"1\"", "version = \"2\"");
    raise("national/rules.sanku", "= 10 between", "= 11 between");
    raise("overlays/zhejiang/pack.toml", "version = \"2\"", "version = \"2.1\"");
    raise("overlays/hangzhou/pack.toml", "version = \"3\"", "version = \"3.1\"");
    ASSERT_EQ(packed_.build("national", "national-2.pack"), "");
    ASSERT_EQ(packed_.build("overlays/zhejiang", "zhejiang-2.pack", {"national-2.pack"}), "");
    ASSERT_EQ(packed_.build("overlays/hangzhou", "hangzhou-2.pack",
                            {"zhejiang-2.pack", "national-2.pack"}),
              "");
  }
  [[nodiscard]] pack::Disk disk() const { return pack::real_disk(packed_.folders.path("store")); }
  [[nodiscard]] deploy::Where where() const { return {.disk = disk(), .key = key_, .now = noon}; }
  std::string install(const std::vector<std::string>& names) {
    std::vector<deploy::Coming> coming;
    for (const std::string& name : names)
      coming.push_back({.bytes = packed_.bytes(name), .place = name});
    deploy::Told told;
    return outcome(deploy::install(where(), std::move(coming), told), told);
  }
  std::string roll_back(const std::vector<deploy::Wanted>& wanted) {
    deploy::Told told;
    return outcome(deploy::roll_back(where(), wanted, told), told);
  }
  std::string outcome(const deploy::Outcome& done, const deploy::Told& told) {
    EXPECT_TRUE(done) << (done ? "" : done.error().en);
    if (!done)
      return "error";
    EXPECT_EQ(done->has_value(), !diag::has_errors(told.diagnostics));
    if (*done)
      last_ = **done;
    return codes_of(told.diagnostics);
  }
  // `hangzhou 3 national.core 1 …`: in the order of name and layer.
  [[nodiscard]] std::string serving() const {
    diag::Diagnostics diagnostics;
    const auto store = pack::open_store(disk(), {}, diagnostics);
    if (!store || !*store)
      return codes_of(diagnostics);
    std::string all;
    for (const pack::LogEntry& each : pack::serving(**store))
      all += fmt::format("{}{} {}", all.empty() ? "" : " ", each.name, each.version);
    return all;
  }

  Packed packed_;
  pack::PrivateKey key_ = pack::make_key(pack::Algorithm::ed25519);
  std::vector<deploy::Installed> last_;
};

TEST_F(OverlayInstall, comes_into_force_on_what_it_is_pinned_to) {
  EXPECT_EQ(install({"zhejiang.pack"}), "SK6115") << "nothing is there to lie on";
  EXPECT_EQ(install({"national-2.pack"}), "");
  EXPECT_EQ(install({"zhejiang.pack"}), "SK6116") << "another version serves";
  EXPECT_EQ(serving(), "national.core 2");
  EXPECT_EQ(install({"zhejiang-2.pack"}), "");
  EXPECT_EQ(last_.front().tests, 2u);
  EXPECT_EQ(last_.front().entry.layer, "330000");
  EXPECT_EQ(install({"hangzhou.pack"}), "SK6116");
  EXPECT_EQ(install({"hangzhou-2.pack"}), "");
  EXPECT_EQ(serving(), "hangzhou 3.1 national.core 2 zhejiang 2.1");
  EXPECT_EQ(install({"hangzhou-2.pack"}), "");
  EXPECT_TRUE(last_.front().was_there);
  // A store is where commands find the whole chain.
  const auto city =
      ready(packed_.folders.path("store/hangzhou"), {.trust = {.root = {}, .now = noon}});
  ASSERT_TRUE(city);
  EXPECT_EQ(city->layers.size(), 3u);
  const auto folder = ready(packed_.folders.path("overlays/hangzhou"));
  ASSERT_TRUE(folder);
  const std::vector<std::string> places = {"330100", "330200", "110000", ""};
  EXPECT_EQ(outcomes(*city, places), outcomes(*folder, places));
  const auto beside =
      ready(packed_.folders.path("store/national.core"),
            {.trust = {.root = {}, .now = noon},
             .overlays = packed_.paths({"store/zhejiang", "store/hangzhou@330100"})});
  ASSERT_TRUE(beside);
  EXPECT_EQ(beside->layers.size(), 3u);
  // An overlay's file in hand lies on the store's base.
  EXPECT_EQ(packed_.read("zhejiang-2.pack", {"store/national.core"}), "");
  EXPECT_EQ(packed_.read("zhejiang.pack", {"store/national.core"}), "SK6116");
}

TEST_F(OverlayInstall, is_replaced_together_with_what_it_lies_on) {
  ASSERT_EQ(install({"hangzhou.pack", "national.pack", "zhejiang.pack"}), "")
      << "in one step, in any order";
  EXPECT_EQ(last_.size(), 3u);
  const std::string before = "hangzhou 3 national.core 1 zhejiang 2";
  EXPECT_EQ(serving(), before);
  EXPECT_EQ(install({"national-2.pack"}), "SK6309");
  EXPECT_EQ(install({"zhejiang-2.pack"}), "SK6309 SK6116")
      << "it lies on what does not serve, and what serves lies on what it would replace";
  EXPECT_EQ(install({"national-2.pack", "zhejiang-2.pack"}), "SK6309") << "the city is left";
  EXPECT_EQ(install({"national-2.pack", "national.pack"}), "SK6310");
  EXPECT_EQ(serving(), before);
  EXPECT_EQ(install({"zhejiang-2.pack", "hangzhou-2.pack", "national-2.pack"}), "");
  EXPECT_EQ(last_[0].replaced, "2");
  EXPECT_EQ(serving(), "hangzhou 3.1 national.core 2 zhejiang 2.1");
}

TEST_F(OverlayInstall, all_of_a_step_or_none) {
  ASSERT_EQ(install({"national.pack", "zhejiang.pack"}), "");
  // The second claims more tests than it has.
  const auto good = opened(packed_.bytes("zhejiang-2.pack"));
  std::vector<pack::Fact> facts = good.file->manifest.facts;
  std::ranges::find(facts, "tests", &pack::Fact::key)->value = "7";
  std::map<std::string, std::string, std::less<>> members;
  for (const auto& [name, text] : good.file->members)
    members.emplace(name, text);
  packed_.folders.write(
      "liar.pack",
      deploy::signed_by_both(pack::write(pack::FileKind::pack, facts, members), packed_.keys));
  EXPECT_EQ(install({"national-2.pack", "liar.pack"}), "SK6306");
  EXPECT_EQ(serving(), "national.core 1 zhejiang 2");
  std::ranges::find(facts, "tests", &pack::Fact::key)->value = "2";
  std::ranges::find(facts, "layer", &pack::Fact::key)->value = "110000";
  packed_.folders.write(
      "liar.pack",
      deploy::signed_by_both(pack::write(pack::FileKind::pack, facts, members), packed_.keys));
  EXPECT_EQ(install({"national-2.pack", "liar.pack"}), "SK6309")
      << "as another layer it replaces nothing, and the old one has nothing to lie on";
  EXPECT_EQ(serving(), "national.core 1 zhejiang 2");
}

TEST_F(OverlayInstall, goes_back_by_name_and_layer_and_not_without_what_it_lies_on) {
  ASSERT_EQ(install({"national.pack", "zhejiang.pack"}), "");
  EXPECT_EQ(roll_back({{.name = "zhejiang", .layer = {}, .version = {}}}), "SK6305")
      << "there is nothing before it";
  EXPECT_EQ(roll_back({{.name = "zhejiang", .layer = "national", .version = {}}}), "SK6305");
  ASSERT_EQ(install({"national-2.pack", "zhejiang-2.pack"}), "");
  EXPECT_EQ(roll_back({{.name = "national.core", .layer = {}, .version = {}}}), "SK6309");
  EXPECT_EQ(roll_back({{.name = "zhejiang", .layer = {}, .version = {}}}), "SK6116");
  EXPECT_EQ(roll_back({{.name = "zhejiang", .layer = {}, .version = {}},
                       {.name = "zhejiang", .layer = "330000", .version = {}}}),
            "SK6310");
  EXPECT_EQ(serving(), "national.core 2 zhejiang 2.1");
  EXPECT_EQ(roll_back({{.name = "zhejiang", .layer = {}, .version = {}},
                       {.name = "national.core", .layer = "national", .version = {}}}),
            "");
  EXPECT_EQ(last_[0].replaced, "2.1");
  EXPECT_EQ(last_[0].tests, 2u) << "tried again on what it lies on";
  EXPECT_EQ(serving(), "national.core 1 zhejiang 2");
}

// A delta of an overlay, and overlays whose base did not change.
TEST_F(OverlayInstall, moves_on_by_itself_while_its_base_stays) {
  ASSERT_EQ(install({"national-2.pack", "zhejiang-2.pack"}), "");
  std::string text = packed_.bytes("overlays/zhejiang/zhejiang.sanku");
  text.replace(text.find("quantity > 100"), 14, "quantity > 200");
  packed_.folders.write("overlays/zhejiang/zhejiang.sanku", text);
  packed_.folders.write("overlays/zhejiang/pack.toml",
                        "name = \"zhejiang\"\nversion = \"2.2\"\nlanguage = \"1\"\n"
                        "base = \"../../national\"\n");
  ASSERT_EQ(packed_.build("overlays/zhejiang", "zhejiang-3.pack", {"national-2.pack"}), "");
  EXPECT_EQ(install({"zhejiang-3.pack"}), "");
  EXPECT_EQ(serving(), "national.core 2 zhejiang 2.2");
  EXPECT_EQ(roll_back({{.name = "zhejiang", .layer = {}, .version = {}}}), "");
  EXPECT_EQ(serving(), "national.core 2 zhejiang 2.1");
}

// However a step of several is stopped, all of it serves or nothing.
TEST_F(OverlayInstall, a_step_that_is_stopped_leaves_all_or_nothing) {
  std::vector<pack::PackFile> files;
  for (const char* name : {"national.pack", "zhejiang.pack", "national-2.pack", "zhejiang-2.pack"})
    files.push_back(std::move(*opened(packed_.bytes(name)).file));
  const auto open = [&](const pack::Disk& disk) {
    diag::Diagnostics diagnostics;
    auto store = pack::open_store(disk, {}, diagnostics);
    return store ? std::move(*store) : std::nullopt;
  };
  const auto put = [&](const pack::Disk& disk, std::size_t first) {
    auto store = open(disk);
    const std::array<const pack::PackFile*, 2> both = {&files[first], &files[first + 1]};
    return store && pack::put_packs(*store, key_, both, noon);
  };
  std::set<std::string> found;
  for (std::uint64_t steps = 0;; ++steps) {
    pack::FragileDisk before;
    ASSERT_TRUE(pack::make_store(before.disk(), key_, packed_.keys.trust(), noon));
    ASSERT_TRUE(put(before.disk(), 0));
    before.done = 0;
    before.steps = steps;
    before.keeps = true;
    const bool is_done = put(before.disk(), 2);
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
      pack::FragileDisk after = before.after_crash(seed);
      const auto store = open(after.disk());
      ASSERT_TRUE(store) << steps << " " << seed;
      std::string serves;
      for (const pack::LogEntry& each : pack::serving(*store))
        serves += each.version + " ";
      found.insert(serves);
      if (is_done) {
        EXPECT_EQ(serves, "2 2.1 ");
      }
    }
    if (is_done)
      break;
  }
  EXPECT_EQ(found, (std::set<std::string>{"1 2 ", "2 2.1 "}));
}

} // namespace
} // namespace sanku::engine
