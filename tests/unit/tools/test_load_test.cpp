// How much a pack's tests may take where it is installed, worked out before they run.
#include "tests/unit/tools/pack_fixture.h"
#include "tools/deploy/install.h"
#include "tools/deploy/test_load.h"
#include "tools/engine/reformat.h"

namespace sanku::deploy {
namespace {

// A rule whose loops over the lines stand in one another, and a test that gives `lines` lines.
struct Nested : PackFolder {
  explicit Nested(std::size_t lines);
};
Nested::Nested(std::size_t lines) {
  write_small(*this);
  std::string text =
      "rule R2 \"相同\" { category policy basis law on settlement when count(a in items where "
      "any(b in items where any(c in items where c.code = b.code and a.code = c.code))) > 100000 "
      "report violation \"x\" }\ntest \"很多\" of R2 { given { items [";
  for (std::size_t i = 0; i < lines; ++i)
    text += " { code: \"A1\" }";
  std::ofstream(path("rules.sanku"), std::ios::app) << text + " ] } expect R2 clear }\n";
}

TEST(TestLoad, counts_by_the_formulas_of_the_rules) {
  const Nested folder(40);
  const auto rules = engine::read_rules(folder.path());
  ASSERT_TRUE(rules && engine::is_ready(**rules));
  const TestLoad load = load_of(**rules);
  EXPECT_EQ(load.tests, 2u);
  EXPECT_EQ(load.elements, 2u + 41u) << "the settlement and its lines";
  EXPECT_EQ(load.rows, 3u) << "the test of R1 looks into its table";
  EXPECT_GE(load.steps, 40u * 40 * 40);
  EXPECT_LT(load.steps, 100'000u);
}

TEST(TestLoad, of_more_than_is_bearable_is_refused_with_a_reason) {
  struct Case {
    TestLoad load;
    std::string codes;
  };
  const TestLoad most{
      .tests = 10, .elements = 100, .rows = 1000, .steps = 10'000, .heaviest = 1000};
  for (const Case& one : std::vector<Case>{
           {most, ""},
           {{.tests = 11, .elements = 1, .rows = 1, .steps = 1, .heaviest = 1}, "SK6107"},
           {{.tests = 1, .elements = 101, .rows = 1, .steps = 1, .heaviest = 1}, "SK6107"},
           {{.tests = 1, .elements = 1, .rows = 1001, .steps = 1, .heaviest = 1}, "SK6107"},
           {{.tests = 11, .elements = 1, .rows = 1, .steps = ~std::uint64_t{0}, .heaviest = 1},
            "SK6107 SK6107"},
           {{.tests = 1, .elements = 1, .rows = 1, .steps = 1, .heaviest = 1001}, "SK6107"}}) {
    diag::Diagnostics diagnostics;
    EXPECT_EQ(is_bearable(one.load, most, {}, diagnostics), one.codes.empty());
    EXPECT_EQ(codes_of(diagnostics), one.codes);
  }
}

TEST(TestLoad, of_the_national_pack_is_far_from_the_limits) {
  const auto rules = engine::read_rules("stdlib-rules/national");
  ASSERT_TRUE(rules && engine::is_ready(**rules));
  const TestLoad load = load_of(**rules);
  const std::string all =
      fmt::format("{} tests, {} records, {} rows, {} steps, {} of one rule", load.tests,
                  load.elements, load.rows, load.steps, load.heaviest);
  EXPECT_LT(load.tests * 10, most_test_load.tests) << all;
  EXPECT_LT(load.elements * 10, most_test_load.elements) << all;
  EXPECT_LT(load.rows * 10, most_test_load.rows) << all;
  EXPECT_LT(load.steps * 10, most_test_load.steps) << all;
  EXPECT_LT(load.heaviest * 10, most_test_load.heaviest) << all;
}

// What takes too long is refused before any of it runs, by who builds it and by who installs it.
TEST(TestLoad, of_a_hostile_pack_keeps_no_machine_busy) {
  const Nested hostile(1500);
  const auto refused = build(hostile.path(), {});
  ASSERT_TRUE(refused);
  EXPECT_TRUE(refused->bytes.empty());
  EXPECT_EQ(codes_of(refused->rules->diagnostics), "SK6107 SK6107") << "in all, and of one rule";
  // Somebody who has another builder.
  const Opened good = opened(built(Nested(3)));
  std::map<std::string, std::string, std::less<>> members;
  for (const auto& [name, text] : good.file->members)
    members.emplace(name, text);
  std::string& rules = members["rules.sanku"];
  const std::string line = "{ code: \"A1\" }";
  const std::size_t at = rules.rfind(line);
  ASSERT_NE(at, std::string::npos) << rules;
  std::string many;
  for (int i = 0; i < 1500; ++i)
    many += ", " + line;
  rules.insert(at + line.size(), many);
  source::SourceMap map;
  diag::Diagnostics none;
  auto laid_out = engine::reformatted(map, source::add(map, "rules.sanku", rules), {}, none);
  ASSERT_TRUE(laid_out);
  rules = *laid_out;
  const Keys keys;
  const PackFolder folder;
  const pack::Disk disk = pack::real_disk(folder.path("store"));
  const pack::PrivateKey key = pack::make_key(pack::Algorithm::ed25519);
  ASSERT_TRUE(pack::make_store(disk, key, keys.trust(), noon));
  Told told;
  std::vector<Coming> coming;
  coming.push_back(
      {.bytes = signed_by_both(
           pack::write(pack::FileKind::pack, good.file->manifest.facts, members), keys),
       .place = "hostile.pack"});
  const auto done = install({.disk = disk, .key = key, .now = noon}, std::move(coming), told);
  ASSERT_TRUE(done);
  EXPECT_EQ(codes_of(told.diagnostics), "SK6107 SK6107");
}

} // namespace
} // namespace sanku::deploy
