// Coverage of a small pack whose tests are known: what decided, what did not, and why.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/measure/coverage_text.h"
#include "tools/measure/parts.h"

#include <array>

namespace sanku::measure {
namespace {

using engine::PackFolder;

constexpr std::string_view rule =
    "param most / 上限 = 3 between 1 and 9\n"
    "rule R1 \"超量\" {\n"
    "  category policy\n  even self_paid\n  basis law \"第三条\"\n"
    "  effective from 2026-01-01\n"
    "  on item\n"
    "  provided item.list_type = ListType.service\n"
    "  when item.quantity > most and (patient.sex = male or known item.unit_price)\n"
    "  report violation \"{item.quantity}\"\n"
    "}\n";

std::string test_of(std::string_view title, std::string_view sex, std::string_view fields,
                    std::string_view expect) {
  return fmt::format("test \"{}\" {{ given {{ {} items [ {{ code: \"001102000030000\", amount: "
                     "5.00, at: \"2026-03-05 09:00\", {} }} ] }} expect R1 {} }}\n",
                     title, sex, fields, expect);
}
const std::string male = "patient { sex: male }", female = "patient { sex: female }";

struct Measured {
  std::unique_ptr<engine::Rules> rules;
  Coverage coverage;
};

Measured measured(const PackFolder& folder, const std::string& text) {
  folder.write("rules.sanku", text);
  auto rules = engine::rules_at(folder.path());
  if (!rules)
    return {};
  Coverage made = coverage(*rules, {});
  return {std::move(rules), std::move(made)};
}

const Goal& goal(const Coverage& coverage, std::string_view what, std::string_view way) {
  for (const Goal& each : coverage.goals)
    if (each.en == what && each.way_en == way)
      return each;
  ADD_FAILURE() << "no goal " << what << " " << way;
  static const Goal none;
  return none;
}

const std::string fires = test_of("触发", male, "quantity: 4, list_type: service", "violation");

TEST(Coverage, a_condition_is_shown_where_it_alone_would_have_changed_the_outcome) {
  const PackFolder folder;
  const Measured found = measured(folder, std::string(rule) + fires);
  const Coverage& all = found.coverage;
  EXPECT_TRUE(goal(all, "R1", "fired").reached);
  EXPECT_FALSE(goal(all, "R1", "clear").reached);
  EXPECT_TRUE(goal(all, "item.quantity > most", "holds").reached);
  EXPECT_FALSE(goal(all, "item.quantity > most", "does not hold").reached);
  EXPECT_TRUE(goal(all, "patient.sex = male", "holds").reached);
  // It did not hold, but nothing hung on it: the sex was enough.
  const Goal& masked = goal(all, "known item.unit_price", "does not hold");
  EXPECT_EQ(masked.tests, 1u);
  EXPECT_FALSE(masked.reached);
  EXPECT_EQ(found.coverage.rules.front().fired, 1u);
  EXPECT_TRUE(goal(all, "医疗保障基金使用监督管理条例 第三条", "a rule of it fired").reached);
}

TEST(Coverage, a_source_that_no_rule_names_is_listed) {
  const PackFolder folder;
  folder.write("more.sanku", "source other / 其他 \"某办法\"\n");
  const Measured found = measured(folder, std::string(rule) + fires);
  ASSERT_TRUE(found.rules);
  ASSERT_EQ(found.coverage.unused.size(), 1u);
  EXPECT_EQ(found.coverage.unused[0].title, "某办法");
  EXPECT_NE(coverage_text(*found.rules, found.coverage, {.language = Language::en})
                .find("Sources that no rule names"),
            std::string::npos);
}

TEST(Coverage, more_tests_reach_more_and_unknowns_are_a_measure_of_their_own) {
  const PackFolder folder;
  const Measured found =
      measured(folder, std::string(rule) + fires +
                           test_of("未超", male, "quantity: 3, list_type: service", "clear") +
                           test_of("女", female, "quantity: 4, list_type: service", "clear") +
                           test_of("价", female, "quantity: 4, unit_price: 2, list_type: service",
                                   "violation") +
                           test_of("别的", male, "quantity: 4, list_type: drug", "not applicable") +
                           test_of("缺", male, "list_type: service", "indeterminate"));
  const Coverage& all = found.coverage;
  for (const char* what : {"item.quantity > most", "patient.sex = male", "known item.unit_price",
                           "item.list_type = ListType.service"})
    for (const char* way : {"holds", "does not hold"})
      EXPECT_TRUE(goal(all, what, way).reached) << what << way;
  EXPECT_TRUE(goal(all, "item.quantity > most", "unknown").reached);
  EXPECT_FALSE(goal(all, "patient.sex = male", "unknown").reached);
  EXPECT_TRUE(goal(all, "most", "at its bound").reached) << "a quantity of 3";
  EXPECT_FALSE(goal(all, "effective from 2026-01-01 (2026-01-01)", "before").reached);
  EXPECT_TRUE(goal(all, "effective from 2026-01-01 (2026-01-01)", "from that day on").reached);
  const Tally& conditions = all.tallies[static_cast<std::size_t>(Measure::conditions)];
  EXPECT_EQ(conditions.all, 8u);
  EXPECT_EQ(conditions.reached, 8u);
}

TEST(Coverage, layout_and_spelling_change_nothing) {
  const PackFolder one, other;
  const std::string tests =
      fires + test_of("女", female, "quantity: 4, list_type: service", "clear");
  const Measured plain = measured(one, std::string(rule) + tests);
  std::string spread = std::string(rule);
  for (std::size_t at = 0; (at = spread.find(" and ", at)) != std::string::npos; at += 6)
    spread.replace(at, 5, "\n   and\n ");
  const Measured laid_out = measured(other, spread + tests);
  EXPECT_EQ(plain.coverage.whole.all, laid_out.coverage.whole.all);
  EXPECT_EQ(plain.coverage.whole.reached, laid_out.coverage.whole.reached);
  EXPECT_LT(plain.coverage.whole.reached, plain.coverage.whole.all);
}

TEST(Coverage, derived_fields_are_one_condition_and_rows_are_counted) {
  const PackFolder folder;
  folder.write("knowledge/t.csv", "code,most\n001102000030000,2\n001102000040000,3\n");
  const Measured found = measured(
      folder,
      "knowledge t / 表 from \"t.csv\" { code : ItemCode key  most : int }\n"
      "rule R1 \"超量\" { category policy even self_paid basis law on item let m = t[item.code]\n"
      "  provided settlement.is_inpatient\n  when item.quantity > m.most report violation \"多\" "
      "}\n" +
          test_of("多", "kind: inpatient", "quantity: 4", "violation"));
  std::set<std::string> conditions;
  for (const Goal& each : found.coverage.goals)
    if (each.measure == Measure::conditions)
      conditions.insert(each.en);
  EXPECT_EQ(conditions, (std::set<std::string>{"t[item.code]", "settlement.is_inpatient",
                                               "item.quantity > m.most"}));
  ASSERT_EQ(found.coverage.shares.size(), 1u);
  EXPECT_EQ(found.coverage.shares[0].all, 2u);
  EXPECT_EQ(found.coverage.shares[0].reached, 1u);
}

// Involved lines and messages: no expectation can speak of them.
TEST(Coverage, conditions_that_are_only_told_are_no_goals) {
  const PackFolder folder;
  const Measured found =
      measured(folder, "rule R1 \"超量\" { category policy even self_paid basis law on item\n"
                       "  when item.quantity > 3\n"
                       "  report violation involving those(i in items where i.quantity < 3)\n"
                       "    \"{count(i in items where i.quantity < 2)}\" }\n" +
                           fires);
  std::set<std::string> conditions;
  for (const Goal& each : found.coverage.goals)
    if (each.measure == Measure::conditions)
      conditions.insert(each.en);
  EXPECT_EQ(conditions, (std::set<std::string>{"item.quantity > 3"}));
}

// What is written after `unless` is the condition, however it is written: the rule asks for its
// opposite.
TEST(Coverage, the_condition_of_an_unless_goes_the_way_that_is_written) {
  const std::array<std::pair<const char*, const char*>, 4> written = {
      std::pair{"settlement.is_emergency", "med_type: emergency"},
      {"patient.sex = Sex.female", "patient { sex: female }"},
      {"item.quantity <= 5", ""},
      {"(item.quantity <= 5)", ""}};
  for (const auto& [condition, held] : written) {
    const PackFolder folder;
    const bool holds = std::string_view(condition).find("quantity") == std::string_view::npos;
    const Measured found = measured(
        folder,
        fmt::format("rule R1 \"超量\" {{ category policy even self_paid basis law on item\n"
                    "  unless {} \"免\"\n  when item.quantity > 3 report violation \"多\" }}\n",
                    condition) +
            test_of("免", holds ? held : "", holds ? "quantity: 9" : "quantity: 4",
                    "not applicable"));
    ASSERT_TRUE(found.rules) << condition;
    const std::string_view what =
        condition[0] == '(' ? "item.quantity <= 5" : std::string_view(condition);
    EXPECT_TRUE(goal(found.coverage, what, "holds").reached) << condition;
    EXPECT_FALSE(goal(found.coverage, what, "does not hold").reached) << condition;
  }
}

// All values of a parameter are looked at, one is used.
TEST(Coverage, only_the_value_in_force_is_shown_at_its_bound) {
  const PackFolder folder;
  const std::string text =
      "param cap / 限 = 3, 5 from 2026-04-01 between 1 and 10\n"
      "rule R1 \"超量\" { category policy even self_paid basis law on item\n"
      "  when item.quantity > cap report violation \"{item.quantity} {cap}\" }\n";
  const Measured march = measured(folder, text + test_of("恰", male, "quantity: 3", "clear") +
                                              test_of("五", male, "quantity: 5", "violation"));
  EXPECT_TRUE(goal(march.coverage, "cap", "at its bound").reached);
  EXPECT_FALSE(goal(march.coverage, "cap 2026-04-01", "at its bound").reached);
  // The message names the parameter as well; no test can be about that.
  const Tally& dates = march.coverage.tallies[static_cast<std::size_t>(Measure::dates)];
  EXPECT_EQ(dates.all, 2u);
}

} // namespace
} // namespace sanku::measure
