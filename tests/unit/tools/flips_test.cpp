// What explain says of a rule that is clear: the single condition that would make it fire, with its
// distance, or what has to come together. One rule a shape, read as a person reads it.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/explain.h"
#include "tools/engine/flips_text.h"

namespace sanku::engine {
namespace {

// Of a rule with this body on one visit: a man born 2008-03-06, lines of 12.50 on 2026-03-05.
std::vector<std::string> told(const std::string& body, Language language = Language::en,
                              const std::vector<std::string>& quantities = {"1"}) {
  const PackFolder folder;
  folder.write("knowledge/limits.csv",
               "item,age_min,age_max,max,sex\nXG03DAG208A001010100001,18岁,60岁,2,2\n");
  folder.write("rules.sanku",
               "knowledge limits from \"limits.csv\" { item : DrugCode key  age : range of age?  "
               "max : int  sex : Sex }\nrule T1 \"试\" {\n" +
                   body + "\n}\n");
  const auto rules = rules_at(folder.path());
  if (rules == nullptr)
    return {};
  std::string lines;
  for (const std::string& quantity : quantities)
    lines += (lines.empty() ? "" : ",") +
             item(fmt::format("L{}", lines.size()), "XG03DAG208A001010100001", quantity, "12.50");
  const std::string text = claim("1", R"("gend":"1","brdy":"2008-03-06")", lines);
  io::LineChunks chunks([rest = std::string_view(text)](char* buffer, std::size_t size) mutable {
    const std::size_t taken = std::min(size, rest.size());
    std::memcpy(buffer, rest.data(), taken);
    rest.remove_prefix(taken);
    return static_cast<std::int64_t>(taken);
  });
  std::optional<io::Reject> refused;
  const auto found = find_settlement(
      program(*rules), [&](io::Chunk& chunk) { return chunks.next(chunk); }, "S1", refused);
  EXPECT_TRUE(found && *found);
  const batch::Dictionaries none(program(*rules).schema.dictionaries);
  const hir::Rule& rule = program(*rules).rules.front();
  const std::vector<evaluate::Trace> traces = evaluate::trace(
      {program(*rules), rules->checked->tables, (*found)->batch, none}, (*found)->settlement, 0);
  EXPECT_EQ(traces.size(), 1u);
  EXPECT_EQ(traces.front().outcome.outcome, abi::Outcome::clear);
  return flip_lines(*rules, rule, traces.front(), flips(traces.front()), language);
}

TEST(Flips, name_the_single_condition_with_its_distance) {
  struct Case {
    const char* body;
    std::vector<std::string> expected;
  };
  const std::string report = "  report reminder \"x\"";
  const std::vector<Case> cases = {
      {"on item  when patient.age >= 18岁", {"`patient.age >= 18岁` held (short by 1 day)"}},
      {"on item  when item.amount > 13.00元",
       {"`item.amount > 13.00元` held (short by more than 0.50 yuan)"}},
      {"on item  when item.amount > 12.50元", {"`item.amount > 12.50元` held (just equal)"}},
      {"on item  when item.date < 2026-03-01", {"`item.date < 2026-03-01` held (short by 5 days)"}},
      {"on settlement  when count(items) > 2", {"`count(items) > 2` held (short by 2)"}},
      {"on item  let limit = limits[item.code]  when patient.sex = limit.sex",
       {"`patient.sex = limit.sex` held"}},
      {"on item  let limit = limits[item.code]  when patient.sex != limit.sex and item.quantity > "
       "limit.max",
       {"`item.quantity > limit.max` held (short by more than 1)"}},
      {"on item  when patient.sex = male and item.quantity >= 1 and not item.quantity <= 3",
       {"`not item.quantity <= 3` held (short by more than 2)"}},
      {"on item  when item.quantity > 5 or (item.amount > 20元 and patient.sex = female)",
       {"`item.quantity > 5` held (short by more than 4)"}},
      {"on item  let big = item.quantity > 5  when big and patient.sex = male",
       {"`item.quantity > 5` held (short by more than 4)"}},
      {"on item  when item.quantity > 5 or item.amount > 20元",
       {"`item.quantity > 5` held (short by more than 4)",
        "`item.amount > 20元` held (short by more than 7.50 yuan)"}},
      {"on settlement  when any(i in items where i.quantity > 3 and i.amount > 5元)",
       {"`any(i in items where i.quantity > 3 and i.amount > 5元)` held (the nearest one lacks "
        "i.quantity > 3 (short by more than 2))"}},
      {"on settlement  when none(i in items where i.amount > 5元)",
       {"`none(i in items where i.amount > 5元)` held (now 1 of them)"}},
      {"on settlement  when every(i in items where i.amount > 5元 has i.quantity > 3)",
       {"`every(i in items where i.amount > 5元 has i.quantity > 3)` held (the nearest one lacks "
        "i.quantity > 3 (short by more than 2))"}},
      {"on items by code, day = date  when sum(i in group.items take i.quantity) > 4",
       {"`sum(i in group.items take i.quantity) > 4` held (short by more than 3)"}},
      {"on item  with o in diagnoses where o.code = \"I10\"  when item.quantity >= 1",
       {"`o.code = \"I10\"` held"}},
      {"on item  let limit = limits[item.code]  when patient.age meets limit.age",
       {"`patient.age meets limit.age` held (short by 1 day)"}},
      {"on item  when item.code in limits and item.amount >= 13元",
       {"`item.amount >= 13元` held (short by 0.50 yuan)"}},
  };
  for (const Case& each : cases) {
    std::vector<std::string> expected = each.expected;
    for (std::size_t i = 0; i < expected.size(); ++i)
      expected[i] = (i == 0 ? "one condition: if " : "if ") + expected[i];
    EXPECT_EQ(told(each.body + report), expected) << each.body;
  }
}

TEST(Flips, name_the_element_or_match_that_is_nearest_by_its_distance) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(told("on settlement  when any(i in items where i.quantity > 8)  report reminder \"x\"",
                 Language::en, {"1", "7", "3"}),
            (Texts{"one condition: if `any(i in items where i.quantity > 8)` held (the nearest one "
                   "lacks i.quantity > 8 (short by more than 1))"}));
  EXPECT_EQ(told("on settlement  with i in items where i.quantity > 8  when i.amount > 5元  report "
                 "reminder \"x\"",
                 Language::en, {"1", "7", "3"}),
            (Texts{"one condition: if `i.quantity > 8` held (short by more than 1)"}));
}

TEST(Flips, say_which_conditions_stand_in_the_way_together) {
  using Texts = std::vector<std::string>;
  const std::string two =
      "on item  when item.quantity > 5 and item.amount > 20元 and patient.sex = "
      "male  report reminder \"x\"";
  EXPECT_EQ(told(two),
            (Texts{"no single condition would do; 2 together: if `item.quantity > 5` held "
                   "(short by more than 4), and `item.amount > 20元` held (short by more "
                   "than 7.50 yuan)"}));
  EXPECT_EQ(told(two, Language::zh),
            (Texts{"没有单独一个条件能使其触发，须 2 个同时：“item.quantity > 5”成立（差 "
                   "4以上），且“item.amount "
                   "> 20元”成立（差 7.50元以上）"}));
  EXPECT_EQ(
      told("on item  let limit = limits[item.code]  when limit.max > 7  report reminder \"x\""),
      (Texts{"knowledge decides: no condition of the claim would change it"}));
  EXPECT_EQ(told("on item  with o in operations  when o.code = \"00.01\"  report reminder \"x\""),
            (Texts{"there is no operations for `o`"}));
}

TEST(Flips, are_told_in_chinese) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(told("对象：明细  如果：患者的年龄 ≥ 18岁 或 明细的金额 > 20元  判为：提醒 “x”",
                 Language::zh),
            (Texts{"只差一个条件：若“患者的年龄 ≥ 18岁”成立（差 1天）",
                   "若“明细的金额 > 20元”成立（差 7.50元以上）"}));
  EXPECT_EQ(
      told("对象：结算  如果：存在(项 于 明细 其中 项的数量 > 3)  判为：提醒 “x”", Language::zh),
      (Texts{"只差一个条件：若“存在(项 于 明细 其中 项的数量 > 3)”成立（最接近的一个不满足 "
             "项的数量 > 3（差 "
             "2以上））"}));
}

} // namespace
} // namespace sanku::engine
