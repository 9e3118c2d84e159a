// What claims can be at all: days, numbers and codes that no usual claim has are looked at before
// it is said that there is none, and what the tests of a pack show is never denied.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/test_data.h"
#include "tools/prove/analyse.h"
#include "tools/prove/refute.h"
#include "tools/prove/report.h"
#include "tools/prove/versions.h"

namespace sanku::prove {
namespace {

using engine::PackFolder;

struct Analysed {
  std::unique_ptr<engine::Rules> rules;
  Report report;
};

Analysed analysed(const PackFolder& folder, const std::string& text) {
  folder.write("rules.sanku", text);
  auto rules = engine::rules_at(folder.path());
  EXPECT_TRUE(rules) << text;
  const auto replayer = rules ? Replayer::make(*rules) : Result<std::unique_ptr<Replayer>>();
  if (!rules || !replayer)
    return {};
  Options options;
  options.limits.effort = effort_of(4);
  Report report = analyse(**replayer, options);
  return {std::move(rules), std::move(report)};
}

std::string rule_when(std::string_view head, std::string_view condition) {
  return fmt::format("rule R1 \"甲\" {{ category medical  basis law  {}\n  when {}\n"
                     "  report suspected \"x\" }}\n",
                     head, condition);
}

TEST(ProveDomain, days_and_numbers_are_looked_at_as_far_as_their_types_go) {
  for (const char* condition : {"patient.birth < 1905-01-01", "settlement.discharged > 2089-12-31",
                                "settlement.gestation > 2000000000000", "patient.age > 180岁",
                                "patient.birth < 1900-03-01 and patient.age >= 300岁"}) {
    const PackFolder folder;
    const Analysed found = analysed(folder, rule_when("on settlement", condition));
    EXPECT_TRUE(found.report.findings.empty()) << condition;
    EXPECT_TRUE(found.report.open.empty()) << condition;
    EXPECT_EQ(found.report.witnesses.size(), 1u) << condition;
  }
}

TEST(ProveDomain, a_day_behind_which_a_rule_no_longer_counts_is_reached) {
  const PackFolder folder;
  const Analysed found = analysed(
      folder, rule_when("effective from 1900-01-01 until 2099-12-31  on settlement",
                        "settlement.gestation > 10") +
                  "test \"后\" { given { discharged: \"2100-01-01\" gestation: 11 } expect R1 not "
                  "applicable }\n");
  EXPECT_TRUE(found.report.findings.empty());
  EXPECT_EQ(found.report.witnesses.size(), 1u);
}

// `A01.000x005+J17.0*` is of both.
TEST(ProveDomain, a_code_of_two_parts_is_of_two_sets) {
  const std::string sets = "set a : DiagnosisCode = { \"A01.0\" }\n"
                           "set b : DiagnosisCode = { \"J17.0\" }\n";
  const PackFolder folder;
  const Analysed found = analysed(
      folder, sets + rule_when("on diagnosis", "diagnosis.code in a and diagnosis.code in b"));
  EXPECT_TRUE(found.report.findings.empty());
  ASSERT_EQ(found.report.witnesses.size(), 1u);
  EXPECT_NE(found.report.witnesses[0].test.find('+'), std::string::npos);
}

// Beginnings of codes, one within the other: what lies between them.
TEST(ProveDomain, codes_that_begin_as_one_set_says_and_not_as_the_other_are_there) {
  const PackFolder folder;
  const Analysed found = analysed(
      folder, "set a : DiagnosisCode = { \"A01\" }\nset b : DiagnosisCode = { \"A01.0\" }\n" +
                  rule_when("on diagnosis", "diagnosis.code in a and not (diagnosis.code in b)"));
  EXPECT_TRUE(found.report.findings.empty());
}

TEST(ProveDomain, what_is_so_of_all_claims_is_proved_and_says_what_it_assumes) {
  const PackFolder folder;
  const Analysed found =
      analysed(folder, "set a : ServiceCode = { \"110200001000000\" }\n"
                       "set b : ServiceCode = { \"120200001000000\" }\n" +
                           rule_when("on item", "item.code in a and item.code in b"));
  ASSERT_EQ(found.report.findings.size(), 1u);
  EXPECT_EQ(found.report.findings[0].kind, Kind::never_fires);
  EXPECT_TRUE(found.report.findings[0].proved);
  const std::string en = text(found.report, *found.rules, Language::en),
                    zh = text(found.report, *found.rules, Language::zh);
  EXPECT_NE(en.find("assumed: every code is one code"), std::string::npos) << en;
  EXPECT_NE(zh.find("前提"), std::string::npos) << zh;
}

TEST(ProveDomain, what_a_test_of_the_pack_shows_is_never_denied) {
  const PackFolder folder;
  const Analysed found = analysed(
      folder,
      rule_when("on settlement", "settlement.gestation > 10 or patient.sex = female") +
          "test \"有\" { given { gestation: 11 patient { sex: male } } expect R1 suspected }\n");
  ASSERT_TRUE(found.rules);
  const hir::CheckedSchema schema = engine::schema_names(*found.rules);
  const hir::Expr& either = engine::program(*found.rules).rules[0].branches[0].when;
  const auto& sides = std::get<hir::Call>(either.form).arguments;
  const auto shows = [&](const Never& never) {
    return is_shown_by_tests(*found.rules, schema, 0, never);
  };
  EXPECT_TRUE(shows({.kind = Kind::never_fires}));
  EXPECT_TRUE(shows({.kind = Kind::never_speaks, .branch = 0}));
  EXPECT_FALSE(shows({.kind = Kind::never_speaks, .branch = 1}));
  EXPECT_TRUE(shows({.kind = Kind::always_false, .condition = &sides[0]}));
  EXPECT_FALSE(shows({.kind = Kind::always_true, .condition = &sides[0]}));
  EXPECT_FALSE(shows({.kind = Kind::always_false, .condition = &sides[1]}));
}

// Claims of more than five lines were never looked at.
TEST(ProveDomain, versions_without_a_difference_up_to_a_size_are_not_called_the_same) {
  const PackFolder folder;
  const auto read = [&](int most) {
    folder.write("rules.sanku", rule_when("on settlement", fmt::format("count(items) > {}", most)));
    return engine::rules_at(folder.path());
  };
  const auto before = read(5), now = read(6);
  ASSERT_TRUE(before && now);
  const auto first = Replayer::make(*before), second = Replayer::make(*now);
  ASSERT_TRUE(first && second);
  const auto found = compare(**first, **second, Comparing::versions, Options());
  ASSERT_TRUE(found);
  const std::string en = text(*found, *now, Language::en), zh = text(*found, *now, Language::zh);
  EXPECT_NE(en.find("no difference found with up to 3 lines"), std::string::npos) << en;
  EXPECT_NE(en.find("0 the same, 1 without a difference up to the size looked at"),
            std::string::npos)
      << en;
  EXPECT_NE(zh.find("至多 3 行的结算单中未见不同"), std::string::npos) << zh;
  EXPECT_NE(zh.find("0 条相同，1 条在所查范围内未见不同"), std::string::npos) << zh;
}

} // namespace
} // namespace sanku::prove
