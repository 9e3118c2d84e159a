// The time of a signature is what its signer says: what a store knows of when a pack came is held
// against it, so that a key that has ended, or was taken, signs nothing new by an older date.
#include "tests/unit/tools/pack_fixture.h"
#include "tools/deploy/install.h"
#include "tools/engine/packed.h"

namespace sanku::deploy {
namespace {

using pack::Moment;

const Moment ends = *pack::parse_day("2026-06-30"), later = *pack::parse_day("2026-07-15");

class SigningTime : public testing::Test {
protected:
  void SetUp() override { ASSERT_TRUE(pack::make_store(disk(), key_, root_, noon)); }
  [[nodiscard]] pack::Disk disk() const { return pack::real_disk(folder_.path("store")); }
  [[nodiscard]] std::string pack_of(const std::string& version, Moment time) const {
    const PackFolder folder;
    write_small(folder, version);
    return signed_by(built(folder), {{"author", &keys_.author}, {"reviewer", &keys_.reviewer}},
                     time);
  }
  std::string install(const std::string& bytes, Moment now) {
    Told told;
    std::vector<Coming> coming;
    coming.push_back({.bytes = bytes, .place = "small.pack"});
    EXPECT_TRUE(
        deploy::install({.disk = disk(), .key = key_, .now = now}, std::move(coming), told));
    return codes_of(told.diagnostics);
  }
  std::string roll_back(Moment now) {
    Told told;
    EXPECT_TRUE(deploy::roll_back({.disk = disk(), .key = key_, .now = now},
                                  {{.name = "small", .layer = "national", .version = {}}}, told));
    return codes_of(told.diagnostics);
  }
  // As every command that loads it does.
  std::string load(Moment now) {
    source::SourceMap map;
    diag::Diagnostics told;
    EXPECT_TRUE(engine::open_packed(folder_.path("store"), map, told, {.root = {}, .now = now}));
    return codes_of(told);
  }
  // The author's key as `change` makes it, from now on.
  template <class Change> void change_author(std::uint64_t version, const Change& change) {
    pack::TrustRoot next = keys_.trust(version);
    for (pack::TrustedKey& key : next.keys)
      if (key.holder == "zhang")
        change(key);
    pack::sign_root(next, keys_.root);
    diag::Diagnostics told;
    auto read = pack::read_root(pack::root_text(next), {}, told);
    ASSERT_TRUE(read) << codes_of(told);
    auto store = pack::open_store(disk(), {}, told);
    ASSERT_TRUE(store && *store);
    const auto put = pack::put_trust(**store, key_, *read, noon, {}, told);
    ASSERT_TRUE(put && *put) << codes_of(told);
  }

  PackFolder folder_;
  Keys keys_;
  pack::TrustRoot root_ = keys_.trust();
  pack::PrivateKey key_ = pack::make_key(pack::Algorithm::ed25519);
};

TEST_F(SigningTime, of_a_key_that_has_ended_counts_only_on_what_was_there) {
  change_author(2, [](pack::TrustedKey& key) { key.until = ends; });
  const std::string first = pack_of("1", noon), second = pack_of("2", noon),
                    back_dated = pack_of("3", noon);
  ASSERT_EQ(install(first, noon), "");
  ASSERT_EQ(install(second, ends), "") << "the last day";
  EXPECT_EQ(load(later), "") << "it goes on serving";
  EXPECT_EQ(install(back_dated, later), "SK6206")
      << "whoever has the key now may write any time into a signature";
  EXPECT_EQ(roll_back(later), "") << "the store had it while the key held";
  EXPECT_EQ(install(second, later), "") << "and this one as well";
}

TEST_F(SigningTime, of_a_key_that_was_taken_counts_only_on_what_was_there_before) {
  const Moment taken = *pack::parse_day("2026-06-10");
  ASSERT_EQ(install(pack_of("1", noon), noon), "");
  const std::string between = pack_of("2", noon);
  ASSERT_EQ(install(between, *pack::parse_day("2026-06-12")), "")
      << "before anybody knew that the key was taken";
  change_author(2, [&](pack::TrustedKey& key) { key.revoked_since = taken; });
  EXPECT_EQ(load(later), "SK6206") << "it came after the key was taken";
  EXPECT_EQ(install(pack_of("3", noon), later), "SK6206");
  EXPECT_EQ(roll_back(later), "") << "the first was in force before";
  EXPECT_EQ(load(later), "");
  // Where no store is asked, nobody knows when it was signed.
  const PackFolder folder;
  write_small(folder);
  pack::TrustRoot root = keys_.trust(2);
  for (pack::TrustedKey& key : root.keys)
    if (key.holder == "zhang")
      key.revoked_since = taken;
  EXPECT_EQ(opened(pack_of("1", noon), &root).codes(), "SK6206");
  change_author(3, [&](pack::TrustedKey& key) { key.revoked = taken; });
  EXPECT_EQ(load(later), "SK6206") << "that takes back all";
}

TEST_F(SigningTime, before_a_key_holds_and_after_now_is_refused) {
  EXPECT_EQ(install(pack_of("1", *pack::parse_day("2019-12-31")), noon), "SK6206 SK6206");
  EXPECT_EQ(install(pack_of("1", later), noon), "SK6206 SK6206");
}

// A signature on a root has no time: a root that is named is held to the days of its keys now.
TEST_F(SigningTime, of_a_root_that_is_named_is_the_moment_when_it_is_read) {
  const auto verdict = [&](const std::string& until, Moment now) {
    pack::TrustRoot root = keys_.trust();
    for (pack::TrustedKey& key : root.keys)
      if (key.holder == "bureau")
        key.until = *pack::parse_day(until);
    pack::sign_root(root, keys_.root);
    folder_.write("trust.root", pack::root_text(root));
    folder_.write("small.pack", pack_of("1", noon));
    source::SourceMap map;
    diag::Diagnostics told;
    const auto file = engine::open_packed(folder_.path("small.pack"), map, told,
                                          {.root = folder_.path("trust.root"), .now = now});
    EXPECT_TRUE(file && file->has_value() == told.all.empty());
    return codes_of(told);
  };
  EXPECT_EQ(verdict("2030-12-31", noon), "");
  EXPECT_EQ(verdict("2026-06-30", noon), "");
  EXPECT_EQ(verdict("2026-06-30", later), "SK6213") << "its only root key has ended";
  EXPECT_EQ(verdict("2030-12-31", *pack::parse_day("2031-01-01")), "SK6212")
      << "the root itself has ended";
}

} // namespace
} // namespace sanku::deploy
