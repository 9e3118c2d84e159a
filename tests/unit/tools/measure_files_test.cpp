// Coverage and test results as files: that they say what was measured, and are what they claim to
// be. The page was looked at in a browser; here that it needs none of the network's.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/run_tests.h"
#include "tools/measure/coverage_html.h"
#include "tools/measure/coverage_text.h"
#include "tools/measure/files.h"

#include <simdjson.h>

namespace sanku::measure {
namespace {

using engine::PackFolder;

constexpr std::string_view text =
    "rule R1 \"超量 <多>\" {\n  category policy\n  even self_paid\n  basis law\n  on item\n"
    "  when item.quantity > 3\n  report violation \"多\"\n}\n"
    "test “触发 & \"引号\"” { given { items [ { code: \"A1\", quantity: 9, amount: 18.00 } ] "
    "} expect R1 "
    "violation }\n"
    "test \"不对\" { given { items [ { code: \"A1\", quantity: 9, amount: 18.00 } ] } expect R1 "
    "clear }\n";

struct Measured {
  PackFolder folder;
  std::unique_ptr<engine::Rules> rules;
  Coverage covered;

  Measured() {
    folder.write("rules.sanku", text);
    rules = engine::rules_at(folder.path());
    if (rules)
      covered = coverage(*rules, {});
  }
};

std::size_t count_of(std::string_view in, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = in.find(what, at)) != std::string_view::npos; at += what.size())
    ++count;
  return count;
}

TEST(MeasureFiles, json_holds_every_goal) {
  const Measured of;
  simdjson::dom::parser parser;
  const auto made = parser.parse(coverage_json(*of.rules, of.covered));
  ASSERT_EQ(made.error(), simdjson::SUCCESS);
  EXPECT_EQ(made["goals"].get_array().value().size(), of.covered.goals.size());
  EXPECT_EQ(made["coverage"]["all"].get_uint64().value(), of.covered.whole.all);
  EXPECT_EQ(made["rules"].at(0)["fired"].get_uint64().value(), 2u);
}

TEST(MeasureFiles, lcov_counts_lines_and_branches) {
  const Measured of;
  const std::string made = lcov(*of.rules, of.covered);
  EXPECT_EQ(count_of(made, "end_of_record\n"), 1u) << made;
  EXPECT_NE(made.find("FN:1,R1\nFNDA:2,R1\n"), std::string::npos) << made;
  EXPECT_NE(made.find("DA:6,2\n"), std::string::npos) << made;
  const std::size_t goals = static_cast<std::size_t>(std::ranges::count_if(
      of.covered.goals, [](const Goal& goal) { return counts(goal.measure); }));
  EXPECT_EQ(count_of(made, "BRDA:"), goals);
}

TEST(MeasureFiles, xml_is_escaped_and_names_what_failed) {
  const Measured of;
  const std::string cover = cobertura(*of.rules, of.covered);
  EXPECT_NE(cover.find("condition-coverage=\"50% (1/2)\""), std::string::npos) << cover;
  const auto run = engine::run_tests(*of.rules, {}, {.language = Language::zh});
  ASSERT_TRUE(run);
  const std::string tests = junit(*of.rules, *run, Language::zh);
  EXPECT_NE(tests.find("tests=\"2\" failures=\"1\""), std::string::npos) << tests;
  EXPECT_NE(tests.find("触发 &amp; &quot;引号&quot;"), std::string::npos) << tests;
  EXPECT_NE(tests.find("<failure message="), std::string::npos);
}

TEST(MeasureFiles, the_page_stands_alone_and_shows_the_source) {
  const Measured of;
  for (const Language language : {Language::zh, Language::en}) {
    const std::string page = coverage_html(*of.rules, of.covered, language);
    EXPECT_EQ(page.find("http"), page.find("http-equiv")) << "nothing of the network's";
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_NE(page.find("超量 &lt;多&gt;"), std::string::npos);
    EXPECT_NE(page.find("<b class=\"part\">item.quantity &gt; 3</b>"), std::string::npos);
  }
}

TEST(MeasureFiles, the_listing_says_what_is_missing_in_both_languages) {
  const Measured of;
  const std::string zh = coverage_text(*of.rules, of.covered, {.language = Language::zh});
  EXPECT_NE(zh.find("item.quantity > 3：不成立（没有测试到过）"), std::string::npos) << zh;
  const std::string en = coverage_text(*of.rules, of.covered, {.language = Language::en});
  EXPECT_NE(en.find("item.quantity > 3"), std::string::npos);
  EXPECT_NE(en.find("does not hold"), std::string::npos);
}

} // namespace
} // namespace sanku::measure
