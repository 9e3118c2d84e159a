// Installing, replacing, rolling back; the log and its head; deltas; what a pack claims of itself.
#include "tests/unit/tools/pack_fixture.h"
#include "tools/deploy/difference.h"
#include "tools/deploy/install.h"
#include "tools/deploy/standing.h"
#include "tools/pack/columns.h"
#include "tools/pack/delta.h"

namespace sanku::deploy {
namespace {

class Install : public testing::Test {
protected:
  void SetUp() override { ASSERT_TRUE(pack::make_store(disk(), key_, keys_.trust(), noon)); }
  [[nodiscard]] pack::Disk disk() const { return pack::real_disk(folder_.path("store")); }
  [[nodiscard]] Where where() const {
    return {.disk = disk(), .key = key_, .now = noon, .most_seconds = most_seconds_};
  }
  [[nodiscard]] std::string pack_of(const std::string& version,
                                    const std::string& limit = "2") const {
    const PackFolder folder;
    write_small(folder, version, limit);
    return signed_by_both(built(folder), keys_);
  }
  // Codes of the refusal; empty: done, and then `last_` says what.
  std::string install(const std::string& bytes) {
    Told told;
    std::vector<Coming> coming;
    coming.push_back({.bytes = bytes, .place = "small.pack"});
    return outcome(deploy::install(where(), std::move(coming), told), told);
  }
  std::string roll_back(const std::string& version = {}) {
    Told told;
    const auto done = deploy::roll_back(
        where(), {{.name = "small", .layer = "national", .version = version}}, told);
    return outcome(done, told);
  }
  std::string outcome(const Outcome& done, const Told& told) {
    EXPECT_TRUE(done) << (done ? "" : done.error().en);
    if (!done)
      return "error";
    EXPECT_EQ(done->has_value(), !diag::has_errors(told.diagnostics));
    if (*done)
      last_ = (**done).front();
    return codes_of(told.diagnostics);
  }
  [[nodiscard]] std::string serving() const {
    diag::Diagnostics diagnostics;
    const auto store = pack::open_store(disk(), {}, diagnostics);
    if (!store || !*store)
      return codes_of(diagnostics);
    const auto* now = pack::in_force(**store, "small", "national");
    return now == nullptr ? "none" : now->version;
  }
  [[nodiscard]] std::string contents(const std::string& name) const {
    std::ifstream file(folder_.path("store/" + name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  PackFolder folder_;
  Keys keys_;
  pack::PrivateKey key_ = pack::make_key(pack::Algorithm::ed25519);
  Installed last_;
  double most_seconds_ = engine::most_compile_seconds;
};

TEST_F(Install, puts_in_force_replaces_and_goes_back_on_purpose) {
  EXPECT_EQ(serving(), "none");
  EXPECT_EQ(install(pack_of("1")), "");
  EXPECT_EQ(last_.tests, 1u);
  EXPECT_EQ(serving(), "1");
  const std::string second = pack_of("1.10");
  EXPECT_EQ(install(second), "");
  EXPECT_EQ(last_.replaced, "1");
  EXPECT_EQ(install(second), "");
  EXPECT_TRUE(last_.was_there);
  EXPECT_EQ(install(pack_of("1.9")), "SK6303") << "9 is before 10";
  EXPECT_EQ(install(pack_of("1.10", "3")), "SK6304") << "another content of that version";
  EXPECT_EQ(serving(), "1.10");
  EXPECT_EQ(roll_back("7"), "SK6305");
  EXPECT_EQ(roll_back(), "");
  EXPECT_EQ(serving(), "1");
  EXPECT_EQ(roll_back(), "SK6305") << "there is nothing before it";
  EXPECT_EQ(roll_back("1.10"), "") << "forward again, by name";
  EXPECT_EQ(serving(), "1.10");
}

// What serves is in the log; its file may be damaged or lost, and comes back by being installed.
TEST_F(Install, a_file_that_was_damaged_or_lost_is_put_back) {
  const std::string first = pack_of("1"), second = pack_of("2");
  ASSERT_EQ(install(first), "");
  ASSERT_EQ(install(second), "");
  const auto in_store = [&](std::string_view version) {
    diag::Diagnostics told;
    const auto store = pack::open_store(disk(), {}, told);
    for (const pack::LogEntry& entry : (*store)->log.entries)
      if (entry.kind == pack::LogEntry::Kind::install && entry.version == version)
        return "packs/" + entry.file;
    return std::string();
  };
  const auto state = [&] {
    diag::Diagnostics told;
    const auto store = pack::open_store(disk(), {}, told);
    const auto standing = standing_of(**store);
    const bool are = are_whole(*standing, {}, told);
    EXPECT_EQ(are, told.all.empty());
    return std::pair(standing->front().state, codes_of(told));
  };
  const std::string name = in_store("2");
  EXPECT_EQ(state(), std::pair(FileState::whole, std::string()));
  std::string bytes = contents(name);
  bytes.back() ^= 1;
  folder_.write("store/" + name, bytes);
  EXPECT_EQ(state(), std::pair(FileState::damaged, std::string("SK6312")));
  const std::string log = contents("log");
  EXPECT_EQ(install(second), "");
  EXPECT_TRUE(last_.was_repaired);
  EXPECT_EQ(contents(name), second);
  EXPECT_EQ(contents("log"), log) << "it served all the time";
  std::filesystem::remove(folder_.path("store/" + name));
  EXPECT_EQ(state(), std::pair(FileState::lost, std::string("SK6312")));
  EXPECT_EQ(install(second), "");
  EXPECT_EQ(contents(name), second);
  EXPECT_EQ(install(second), "");
  EXPECT_FALSE(last_.was_repaired);
  std::filesystem::remove(folder_.path("store/" + name));
  EXPECT_EQ(roll_back(), "") << "it is not needed to go back";
  EXPECT_EQ(serving(), "1");
  std::filesystem::remove(folder_.path("store/" + in_store("1")));
  EXPECT_EQ(install(pack_of("3")), "") << "nor to go on";
  EXPECT_EQ(serving(), "3");
}

TEST_F(Install, a_root_says_what_it_refuses_of_what_serves) {
  ASSERT_EQ(install(pack_of("1")), "");
  const auto taken = [&] {
    diag::Diagnostics told;
    const auto store = pack::open_store(disk(), {}, told);
    const auto are = are_taken(**store, *standing_of(**store), noon, {}, told);
    EXPECT_EQ(*are, told.all.empty());
    return codes_of(told);
  };
  EXPECT_EQ(taken(), "");
  pack::TrustRoot next = keys_.trust(2);
  for (pack::TrustedKey& key : next.keys)
    if (key.holder == "zhang")
      key.revoked = *pack::parse_day("2026-01-01");
  next.signatures.clear();
  pack::sign_root(next, keys_.root);
  diag::Diagnostics told;
  auto store = pack::open_store(disk(), {}, told);
  const auto put = pack::put_trust(**store, key_, next, noon, {}, told);
  ASSERT_TRUE(put && *put) << codes_of(told);
  EXPECT_EQ(taken(), "SK6206 SK6313");
}

TEST_F(Install, what_there_is_to_go_back_to_is_told_by_version) {
  ASSERT_EQ(install(pack_of("1")), "");
  Told told;
  (void)deploy::roll_back(where(), {{.name = "small", .layer = "", .version = ""}}, told);
  ASSERT_EQ(codes_of(told.diagnostics), "SK6305");
  EXPECT_EQ(told.diagnostics.all[0].en, "the store has no version before small 1 (national)");
}

TEST_F(Install, a_refusal_leaves_the_old_one_serving) {
  ASSERT_EQ(install(pack_of("1")), "");
  const PackFolder folder;
  write_small(folder, "2");
  const std::string unsigned_pack = built(folder);
  const std::string log = contents("log"), head = contents("head");
  EXPECT_EQ(install(unsigned_pack), "SK6201 SK6201 SK6207 SK6207");
  std::string damaged = pack_of("2");
  damaged[damaged.size() - 3] ^= 1;
  EXPECT_EQ(install(damaged), "SK6106");
  EXPECT_EQ(install("nothing"), "SK6101");
  EXPECT_EQ(contents("log"), log);
  EXPECT_EQ(contents("head"), head);
  EXPECT_EQ(serving(), "1");
}

TEST_F(Install, what_a_pack_claims_is_computed_again) {
  const PackFolder folder;
  write_small(folder);
  const Opened good = opened(built(folder));
  std::map<std::string, std::string, std::less<>> members;
  for (const auto& [name, text] : good.file->members)
    members.emplace(name, text);
  const auto with = [&](std::vector<pack::Fact> facts, auto changed) {
    return install(
        signed_by_both(pack::write(pack::FileKind::pack, std::move(facts), changed), keys_));
  };
  std::vector<pack::Fact> facts = good.file->manifest.facts;
  std::ranges::find(facts, "tests", &pack::Fact::key)->value = "1000";
  EXPECT_EQ(with(facts, members), "SK6306") << "more tests than there are";
  facts = good.file->manifest.facts;
  auto changed = members;
  changed["reports/tests.txt"] = "passed rules.sanku \"别的\"\n";
  EXPECT_EQ(with(facts, changed), "SK6306");
  changed = members;
  changed["reports/cost.txt"] += "x\n";
  Told told;
  std::vector<Coming> coming;
  coming.push_back(
      {.bytes = signed_by_both(pack::write(pack::FileKind::pack, facts, changed), keys_),
       .place = "small.pack"});
  (void)deploy::install(where(), std::move(coming), told);
  ASSERT_EQ(codes_of(told.diagnostics), "SK6306");
  EXPECT_NE(told.diagnostics.all[0].en.find("`x`, and this machine finds `-`"), std::string::npos)
      << told.diagnostics.all[0].en;
  changed = members;
  changed.erase("pack.toml");
  EXPECT_EQ(with(facts, changed), "SK6110") << "refused, and no fault of the system";
  changed = members;
  changed.erase("reports/tests.txt");
  EXPECT_EQ(with(facts, changed), "SK6110");
  changed = members;
  std::string& rules = changed["rules.sanku"];
  rules.replace(rules.find("+ 2"), 3, "+ 7");
  // Its test fails here, so nothing that rests on that test is as claimed either: the figure of
  // coverage, and what the reports say of tests, coverage and mutants. Each is named.
  EXPECT_EQ(with(facts, changed), "SK6308 SK6306 SK6306 SK6306 SK6306") << "signed by both";
  rules += "rule";
  EXPECT_NE(with(facts, changed), "") << "it does not compile";
  // Coverage and mutation: what the manifest says, what the reports say, and both together.
  for (const char* figure : {"coverage", "mutation"}) {
    facts = good.file->manifest.facts;
    const auto found = std::ranges::find(facts, figure, &pack::Fact::key);
    ASSERT_NE(found, facts.end()) << figure;
    EXPECT_NE(found->value, "99.99");
    found->value = "99.99";
    EXPECT_EQ(with(facts, members), "SK6306") << figure;
  }
  facts = good.file->manifest.facts;
  changed = members;
  std::string& mutants = changed["reports/mutation.txt"];
  ASSERT_NE(mutants.find("survived"), std::string::npos) << mutants;
  while (mutants.find("survived") != std::string::npos)
    mutants.replace(mutants.find("survived"), 8, "noticed");
  while (mutants.find("unreached") != std::string::npos)
    mutants.replace(mutants.find("unreached"), 9, "noticed");
  std::ranges::find(facts, "mutation", &pack::Fact::key)->value = "100.00";
  EXPECT_EQ(with(facts, changed), "SK6306") << "those of the sample come out otherwise";
  mutants.erase(mutants.rfind('\n', mutants.size() - 2) + 1);
  EXPECT_EQ(with(facts, changed), "SK6306") << "one is left out";
  changed = members;
  changed["reports/coverage.txt"].replace(0, 1, "x");
  EXPECT_EQ(with(good.file->manifest.facts, changed), "SK6306");
  // What it is called is computed as well.
  for (const char* stated : {"schema", "layer"}) {
    facts = good.file->manifest.facts;
    std::ranges::find(facts, stated, &pack::Fact::key)->value = "330000";
    EXPECT_EQ(with(facts, members), "SK6306") << stated;
  }
  facts = good.file->manifest.facts;
  changed = members;
  changed["reports/cost.txt"] = "R1 costs nothing\n";
  EXPECT_EQ(with(facts, changed), "SK6306");
  // Of a kind that a pack has, and yet nothing reads it.
  changed = members;
  changed["zz.json"] = "{}\n";
  EXPECT_EQ(with(facts, changed), "SK6104");
  changed = members;
  changed["zz.csv"] = "a\n1\n";
  changed["zz.columns"] = pack::columns_of(changed["zz.csv"]);
  EXPECT_EQ(with(facts, changed), "SK6104 SK6104");
  changed = members;
  changed["rules.sanku"] += "\n";
  EXPECT_EQ(with(facts, changed), "SK6112");
  // A spare bit of the last column's numbers: the columns say the same, in another form.
  changed = members;
  changed["knowledge/most.columns"].back() ^= static_cast<char>(0x80);
  EXPECT_EQ(with(facts, changed), "SK6109");
  EXPECT_EQ(serving(), "none");
  EXPECT_EQ(with(facts, members), "");
  EXPECT_EQ(serving(), "1");
}

TEST_F(Install, a_delta_applies_to_its_base_only) {
  const std::string one = pack_of("1"), two = pack_of("2", "3"), three = pack_of("3", "4");
  const Opened first = opened(one), second = opened(two), third = opened(three);
  const auto delta = [&](const Opened& from, const Opened& to) {
    return signed_by(pack::make_delta(*from.file, *to.file), {{"author", &keys_.author}});
  };
  EXPECT_EQ(install(delta(first, second)), "SK6307") << "the base is not there";
  ASSERT_EQ(install(one), "");
  const Opened between = opened(delta(first, second));
  EXPECT_TRUE(pack::member(*between.file, "new/rules.sanku"));
  EXPECT_FALSE(pack::member(*between.file, "new/schema/tiny.sanku")) << "the base has it";
  EXPECT_EQ(install(pack::make_delta(*first.file, *second.file)), "SK6201") << "nobody signed it";
  EXPECT_EQ(install(delta(second, third)), "SK6307");
  EXPECT_EQ(install(delta(first, second)), "");
  EXPECT_EQ(serving(), "2");
  diag::Diagnostics diagnostics;
  const auto store = pack::open_store(disk(), {}, diagnostics);
  const auto bytes = pack::pack_bytes(disk(), *pack::in_force(**store, "small", "national"));
  EXPECT_TRUE(**bytes == two) << "byte for byte what would have come whole";
  const Opened made = opened(delta(second, third));
  EXPECT_FALSE(pack::apply_delta(*first.file, *made.file, {}, diagnostics));
  EXPECT_EQ(codes_of(diagnostics), "SK6307");
}

TEST_F(Install, a_damaged_store_says_so_and_serves_nothing_else) {
  ASSERT_EQ(install(pack_of("1")), "");
  ASSERT_EQ(install(pack_of("2")), "");
  const std::map<std::string, std::string> good = {
      {"log", contents("log")}, {"head", contents("head")}, {"key.pub", contents("key.pub")}};
  std::map<std::string, std::set<std::string>> told;
  for (const auto& [name, bytes] : good) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 4);
      folder_.write("store/" + name, damaged);
      told[name].insert(serving());
      EXPECT_TRUE(serving().starts_with("SK6") || name == "key.pub") << name << at << serving();
      EXPECT_NE(serving(), "1");
      folder_.write("store/" + name, bytes.substr(0, at));
      EXPECT_TRUE(serving().starts_with("SK6") || name == "key.pub") << name << at;
    }
    folder_.write("store/" + name, bytes);
    EXPECT_EQ(serving(), "2");
  }
  EXPECT_EQ(told["log"], (std::set<std::string>{"SK6301", "SK6302"}));
  EXPECT_EQ(told["head"], std::set<std::string>{"SK6302"});
  folder_.write("store/log", good.at("log") + "install torn");
  EXPECT_EQ(serving(), "2") << "what stands behind the head counts for nothing";
  EXPECT_EQ(install(pack_of("3")), "");
  EXPECT_EQ(contents("log").find("torn"), std::string::npos);
}

TEST_F(Install, the_log_is_exported_and_anybody_can_check_it) {
  ASSERT_EQ(install(pack_of("1")), "");
  diag::Diagnostics diagnostics;
  const auto store = pack::open_store(disk(), {}, diagnostics);
  const std::string text = *pack::exported(**store);
  const auto log = pack::read_export(text, {}, diagnostics);
  ASSERT_TRUE(log);
  EXPECT_EQ(log->entries.size(), 3u);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    diag::Diagnostics told;
    EXPECT_FALSE(pack::read_export(damaged, {}, told)) << at;
    EXPECT_FALSE(told.all.empty());
  }
}

TEST_F(Install, a_store_is_a_place_for_a_pack) {
  ASSERT_EQ(install(pack_of("1")), "");
  for (const char* place : {"store", "store/small", "store/small@national"}) {
    const auto rules =
        engine::read_rules(folder_.path(place), {.trust = {.root = {}, .now = noon}});
    ASSERT_TRUE(rules) << place;
    EXPECT_TRUE(engine::is_ready(**rules)) << place << codes_of((*rules)->diagnostics);
  }
  for (const char* place : {"store/other", "store/small@330000"}) {
    const auto rules =
        engine::read_rules(folder_.path(place), {.trust = {.root = {}, .now = noon}});
    ASSERT_TRUE(rules);
    EXPECT_EQ(codes_of((*rules)->diagnostics), "SK6305") << place;
  }
  // What serves is verified each time it is loaded.
  diag::Diagnostics diagnostics;
  const auto store = pack::open_store(disk(), {}, diagnostics);
  const std::string name = "store/packs/" + pack::in_force(**store, "small", "national")->file;
  std::string bytes = contents(name.substr(6));
  bytes[bytes.size() - 3] ^= 1;
  folder_.write(name, bytes);
  const auto rules =
      engine::read_rules(folder_.path("store/small"), {.trust = {.root = {}, .now = noon}});
  EXPECT_EQ(codes_of((*rules)->diagnostics), "SK6106");
}

// Compiling has an end here as well: then the evaluator judges the tests alone, which is told.
TEST_F(Install, compiling_for_the_tests_has_an_end) {
  most_seconds_ = -1;
  EXPECT_EQ(install(pack_of("1")), "");
  EXPECT_EQ(last_.tests, 1u);
  EXPECT_FALSE(last_.is_compiled);
  most_seconds_ = engine::most_compile_seconds;
  EXPECT_EQ(install(pack_of("2")), "");
  EXPECT_TRUE(last_.is_compiled);
  // A test that fails is found by either.
  const PackFolder folder;
  write_small(folder, "3", "9");
  const auto built = build(folder.path(), {.most_seconds = -1});
  ASSERT_TRUE(built);
  EXPECT_EQ(codes_of(built->rules->diagnostics), "SK6308");
}

TEST_F(Install, two_writers_do_not_meet) {
  const auto held = pack::StoreLock::take(folder_.path("store"));
  ASSERT_TRUE(held);
  EXPECT_FALSE(pack::StoreLock::take(folder_.path("store")));
}

TEST_F(Install, differences_are_told_for_people) {
  const Opened one = opened(pack_of("1")), two = opened(pack_of("2", "3"));
  EXPECT_EQ(difference(*one.file, *one.file, Language::en), "");
  const std::string told = difference(*one.file, *two.file, Language::en);
  EXPECT_NE(told.find("~ manifest version  1 → 2"), std::string::npos) << told;
  EXPECT_NE(told.find("~ rule R1  rules.sanku"), std::string::npos) << told;
  EXPECT_EQ(told.find("most.csv"), std::string::npos) << told;
  EXPECT_NE(difference(*one.file, *two.file, Language::zh).find("规则 R1"), std::string::npos);
}

TEST(Versions, are_compared_by_their_numbers) {
  EXPECT_LT(pack::compare_versions("1.9", "1.10"), 0);
  EXPECT_GT(pack::compare_versions("2026.11", "2026.9"), 0);
  EXPECT_EQ(pack::compare_versions("1.0", "1.0"), 0);
  EXPECT_LT(pack::compare_versions("1", "1.1"), 0);
  EXPECT_LT(pack::compare_versions("1.a", "1.b"), 0);
}

} // namespace
} // namespace sanku::deploy
