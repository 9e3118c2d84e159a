// How many steps rules take at most: formulas of the lengths of lists.
#include "compiler/analysis/steps.h"
#include "tests/support/texts.h"

#include <gtest/gtest.h>

namespace sanku::analysis {
namespace {

std::string steps_text(const std::string& rule) {
  const testing::CheckedTexts checked = testing::check_texts(
      {.schema = {},
       .rules =
           "knowledge pair / 互斥 from \"pair.csv\" { code : ItemCode key  other : ItemCode }\n" +
           rule,
       .tables = {{"pair.csv", "code,other\n"}}});
  EXPECT_TRUE(checked.pack) << checked.rendered;
  if (!checked.pack)
    return checked.rendered;
  const hir::Program& program = checked.pack->program;
  return text_of(program, whole(steps_of(program, program.rules.front())), Language::en);
}

TEST(Steps, one_condition_an_element_is_one_turn_an_element) {
  EXPECT_EQ(steps_text("rule A1 \"甲\" { on item  when item.quantity > 1 report lead \"\" }"),
            "items");
  // What is reported of a visit are its lines.
  EXPECT_EQ(steps_text("rule A1 \"甲\" { on settlement  when settlement.total > 1 yuan report lead "
                       "\"\" }"),
            "items");
}

TEST(Steps, loops_within_loops_are_products) {
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on item  when any(d in diagnoses where any(o in items where "
                 "o.code = item.code)) report lead \"\" }"),
      "diagnoses × items × items of one code");
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on item  when any(d in diagnoses where d.is_main) or any(o in "
                 "items where o.code = item.code) report lead \"\" }"),
      "diagnoses × items + items × items of one code");
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on settlement  with a in items  with b in items where a.code = "
                 "b.code report lead \"\" }"),
      "items × items of one code");
}

TEST(Steps, a_let_is_one_value_a_subject) {
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on settlement  let t = sum(i in items take i.amount)  when "
                 "any(i in items where i.amount > t) report lead \"\" }"),
      "items");
}

TEST(Steps, an_amount_is_asked_of_every_line_and_match) {
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on settlement  when count(items) > 2 report lead on i in items "
                 "amount 1元 * count(a in items where a.code = i.code) \"\" }"),
      "items × items");
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on item  with o in items where o.code = item.code  report lead "
                 "amount 1元 * count(a in items where a.code = o.code) \"\" }"),
      "items × items × items of one code");
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on item  let n = count(a in items where a.code = item.code)  "
                 "with o in items  report lead amount 1元 * n \"\" }"),
      "items × items + items × items of one code");
}

TEST(Steps, groups_share_the_list) {
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on items by code  when count(o in group.items) > 2 report lead "
                 "\"\" }"),
      "items");
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on items by code  when any(o in group.items where any(p in "
                 "group.items where p.amount > o.amount)) report lead \"\" }"),
      "items × items");
}

TEST(Steps, tables_are_walked_or_looked_up) {
  EXPECT_EQ(steps_text("rule A1 \"甲\" { on item  with p in pair[item.code]  report lead \"\" }"),
            "items × rows of a key of pair");
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on item  with p in pair[item.code]  when any(o in items where "
                 "o.code = p.other) report lead \"\" }"),
      "items × items × rows of a key of pair");
  EXPECT_EQ(steps_text("rule A1 \"甲\" { on items with p in pair[code] by p.other  when "
                       "count(group.items) > 2 report lead \"\" }"),
            "items × rows of a key of pair");
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on item  when any(p in pair where p.other = item.code) report "
                 "lead \"\" }"),
      "items × rows of pair");
}

TEST(Steps, a_key_that_is_looked_for_costs_what_it_takes) {
  const std::string ranked = "(items ranked by amount).first.code";
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on item  with p in pair[" + ranked + "]  report lead \"\" }"),
      "items × items + items × rows of a key of pair");
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on item  provided " + ranked + " in pair  report lead \"\" }"),
      "items × items");
}

// Not one list and the rows of its elements: that is as short as the answer.
TEST(Steps, rows_of_keys_weigh_beside_another_loop) {
  const auto weighs = [](const std::string& rule) {
    const testing::CheckedTexts checked = testing::check_texts(
        {.schema = {},
         .rules = "knowledge pair / 互斥 from \"pair.csv\" { code : ItemCode key  other : ItemCode "
                  "}\nrule A1 \"甲\" { on item " +
                  rule + " report lead \"\" }",
         .tables = {{"pair.csv", "code,other\n"}}});
    EXPECT_TRUE(checked.pack) << checked.rendered;
    const hir::Program& program = checked.pack->program;
    return !steps_of(program, program.rules.front()).heavy.empty();
  };
  EXPECT_FALSE(weighs("with p in pair[item.code]"));
  EXPECT_FALSE(weighs("when any(p in pair[item.code] where p.other = item.code)"));
  EXPECT_TRUE(weighs("with p in pair[item.code]  with q in pair[p.other]"));
  EXPECT_TRUE(weighs("with p in pair[item.code]  with o in items where o.code = p.other"));
}

TEST(Steps, the_past_is_counted_by_what_stands_beside) {
  EXPECT_EQ(
      steps_text("rule A1 \"甲\" { on item  when any(i in history(30 days).items where i.code = "
                 "item.code) report lead \"\" }"),
      "items × visits of the person + items × items of the person's visits");
}

TEST(Steps, visits_of_a_group_have_their_lists_together) {
  EXPECT_EQ(steps_text("rule A1 \"甲\" { stage post on settlements by provider  when any(i in "
                       "group.settlements.items where i.quantity > 1) report lead \"\" }"),
            "elements of the group + items of the group's visits");
}

TEST(Steps, a_product_that_fits_no_number_is_the_most) {
  const exec::Steps steps{{{}, {}, {}}};
  EXPECT_EQ(exec::count(steps, [](const exec::Factor&) { return std::uint64_t{1} << 40; }),
            ~std::uint64_t{0});
  EXPECT_EQ(exec::count({{}, {{}}}, [](const exec::Factor&) { return std::uint64_t{5}; }), 6u);
}

} // namespace
} // namespace sanku::analysis
