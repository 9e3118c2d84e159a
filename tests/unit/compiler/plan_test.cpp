// Plans: which keys propose a rule's subjects, what the header alone decides, and that rules which
// ask the same of it are found to do so.
#include "compiler/compile.h"
#include "compiler/plan/plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace sanku {
namespace {

constexpr const char* tables = R"(
knowledge a from "a.csv" { code : ItemCode key  level : FacilityLevel  sex : Sex }
knowledge b from "b.csv" { code : ItemCode key  sex : Sex  level : FacilityLevel }
knowledge c from "c.csv" { code : ItemCode key }
)";

struct Planned {
  Checked checked;
  plan::Plan plan;
  [[nodiscard]] const plan::Rule& rule(const std::string& id) const {
    for (std::size_t i = 0; i < plan.rules.size(); ++i)
      if (checked.program.rules[i].id == id)
        return plan.rules[i];
    ADD_FAILURE() << "no rule " << id;
    return plan.rules.front();
  }
};

// Tables without a row: plans are made without looking at any.
std::filesystem::path empty_tables() {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "sanku_plan";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "a.csv") << "code,level,sex\n";
  std::ofstream(folder / "b.csv") << "code,sex,level\n";
  std::ofstream(folder / "c.csv") << "code\n";
  std::ofstream(folder / "n.csv") << "name,sex\n";
  return folder;
}

Planned planned(const std::string& rules) {
  source::SourceMap map;
  PackSources sources;
  sources.knowledge_folder = empty_tables();
  const auto schema = source::read(map, "stdlib-rules/schema/settlement.sanku");
  EXPECT_TRUE(schema.has_value());
  sources.schema_files = {*schema};
  sources.rule_files = {source::add(map, "test.sanku", tables + rules)};
  diag::Diagnostics diags;
  auto checked = check_pack(map, sources, diags);
  EXPECT_FALSE(diag::has_errors(diags)) << (diags.all.empty() ? "" : diags.all.front().en);
  EXPECT_TRUE(checked.has_value());
  plan::Plan plan = plan::plan(checked->program);
  return {std::move(*checked), std::move(plan)};
}

TEST(Plan, TheSubjectsCodeInATableIsAKeyAndTheHeaderDecidesWhatItCan) {
  const Planned made = planned(R"(
rule T1 "limit" { on item  let r = a[item.code]  when provider.level < r.level  report suspected "" }
rule T2 "member" { on item  provided item.code in c  when item.amount > 100元  report suspected "" }
rule T3 "free" { on item  when item.amount > 100元  report suspected "" }
rule T4 "group" { on items by code, date  provided group.code in c
  when count(group.items) > 1  report suspected "" }
rule T5 "visit" { on settlement  when sum(i in items where i.code in c take i.quantity) > 3
  report suspected "" }
)");
  ASSERT_EQ(made.rule("T1").keys.size(), 1u);
  EXPECT_TRUE(made.rule("T1").keys[0].has_header_condition());
  EXPECT_EQ(made.rule("T1").keys[0].row_columns.size(), 1u);
  ASSERT_EQ(made.rule("T2").keys.size(), 1u);
  EXPECT_FALSE(made.rule("T2").keys[0].has_header_condition());
  EXPECT_TRUE(made.rule("T3").keys.empty());
  EXPECT_EQ(made.rule("T4").keys.size(), 1u);
  ASSERT_EQ(made.rule("T5").keys.size(), 1u);
  EXPECT_TRUE(made.rule("T5").keys[0].visit);
}

template <class Test> const Test* test_of(const plan::Rule& rule) {
  return rule.keys.empty() || !rule.keys[0].test ? nullptr : std::get_if<Test>(&*rule.keys[0].test);
}

TEST(Plan, AnyTestOfOneColumnIsAKey) {
  const Planned made = planned(R"(
knowledge n from "n.csv" { name : text key  sex : Sex }
set some : ServiceCode = { "110000000000001", "110000000000002" }
rule T1 "set" { on item  provided item.code in some  when item.amount > 1元  report suspected "" }
rule T2 "values" { on item
  provided item.list_type = ListType.drug or item.list_type in { ListType.consumable }
  when item.amount > 1元  report suspected "" }
rule T3 "but" { on item  provided item.list_type != ListType.drug  report suspected "" }
rule T4 "text" { on item  let r = n[item.name]  when patient.sex != r.sex  report suspected "" }
rule T5 "rarest" { on item  provided item.list_type = ListType.drug  provided item.code in some
  report suspected "" }
rule T6 "other" { on item  provided item.list_type = ListType.drug or item.code in some
  report suspected "" }
rule T7 "beds" { on settlement  let beds = those(i in items where i.code in some)
  when sum(i in beds take i.quantity) > 3  report suspected "" }
rule T8 "pieces" { on items by prescription
  let pieces = those(i in group.items where i.list_type = ListType.tcm_piece)
  provided any(i in pieces where known i.prescription)
  when count(pieces) > 3  report suspected "" }
)");
  EXPECT_NE(test_of<exec::SetUse>(made.rule("T1")), nullptr);
  ASSERT_NE(test_of<exec::OneOf>(made.rule("T2")), nullptr);
  const std::size_t two = test_of<exec::OneOf>(made.rule("T2"))->values.size();
  const auto& types = made.checked.program.schema.enums;
  const auto list_type = std::ranges::find(
      types, "ListType", [](const schema::EnumType& type) { return type.names.en; });
  ASSERT_NE(list_type, types.end());
  EXPECT_EQ(two, 2u);
  ASSERT_NE(test_of<exec::OneOf>(made.rule("T3")), nullptr);
  EXPECT_EQ(test_of<exec::OneOf>(made.rule("T3"))->values.size(), list_type->members.size() - 1);
  EXPECT_NE(test_of<exec::InTable>(made.rule("T4")), nullptr);
  EXPECT_TRUE(made.rule("T4").keys[0].has_header_condition());
  EXPECT_EQ(made.rule("T5").keys.size(), 2u);
  EXPECT_TRUE(made.rule("T6").keys.empty());
  ASSERT_NE(test_of<exec::SetUse>(made.rule("T7")), nullptr);
  EXPECT_TRUE(made.rule("T7").keys[0].visit);
  ASSERT_NE(test_of<exec::OneOf>(made.rule("T8")), nullptr);
  EXPECT_TRUE(made.rule("T8").keys[0].visit);
}

TEST(Plan, GuardsOnTheVisitAloneAreAskedOnceAVisit) {
  const Planned made = planned(R"(
rule T1 "list" { on item  provided any(i in items where known i.staff)
  when item.amount > 1元  report suspected "" }
rule T2 "own" { on item  provided any(i in items where i.amount > item.amount)
  when item.amount > 1元  report suspected "" }
rule T3 "loops" { on item  provided any(i in items where any(j in items where j.amount > i.amount))
  when item.amount > 1元  report suspected "" }
rule T4 "few" { on item  provided any(i in items where known i.staff)  provided item.code in c
  when item.amount > 1元  report suspected "" }
rule T5 "header" { on item  provided settlement.is_inpatient
  provided item.list_type = ListType.drug  when item.amount > 1元  report suspected "" }
)");
  const auto gated = [&](const char* id) {
    return std::ranges::any_of(made.rule(id).keys,
                               [](const plan::Key& key) { return !key.test.has_value(); });
  };
  EXPECT_TRUE(gated("T1"));
  EXPECT_FALSE(gated("T2"));
  EXPECT_FALSE(gated("T3"));
  EXPECT_FALSE(gated("T4"));
  EXPECT_TRUE(gated("T5"));
  const std::string text = plan::text(made.checked.program, made.plan, Language::en);
  EXPECT_NE(text.find("  gate      decided once a settlement"), std::string::npos) << text;
  EXPECT_NE(text.find("  index     item.list_type is drug"), std::string::npos) << text;
}

// Rules with the same letter ask the same of header and row, whatever their tables are.
TEST(Plan, RulesThatAskTheSameOfTheHeaderSayTheSame) {
  const Planned made = planned(R"(
rule A1 "" { on item  let r = a[item.code]  when provider.level < r.level  report suspected "" }
rule A2 "" { on item  let other = b[item.code]  when provider.level < other.level
  report violation "something else" }
rule A3 "" { on item  let r = a[item.code]  let limit = r.level  when provider.level < limit
  report suspected "" }
rule B1 "" { on item  let r = a[item.code]  when provider.level > r.level  report suspected "" }
rule C1 "" { on item  let r = a[item.code]  when patient.sex != r.sex  report suspected "" }
rule C2 "" { on item  let r = b[item.code]  when patient.sex != r.sex  report suspected "" }
rule D1 "" { on item  let r = a[item.code]  provided patient.sex != r.sex
  when item.amount > 1元  report suspected "" }
rule E1 "" { on item  let r = a[item.code]  provided patient.sex != r.sex  unless settlement.total < 5元
  when item.amount > 1元  report suspected "" }
rule F1 "" { on item  let r = a[item.code]  provided patient.sex != r.sex  unless settlement.total < 6元
  when item.amount > 1元  report suspected "" }
)");
  std::map<std::string, char> letter_of;
  for (const hir::Rule& rule : made.checked.program.rules) {
    const plan::Rule& planned_rule = made.rule(rule.id);
    ASSERT_EQ(planned_rule.keys.size(), 1u) << rule.id;
    EXPECT_TRUE(planned_rule.keys[0].has_header_condition()) << rule.id;
    const auto [at, is_new] = letter_of.emplace(planned_rule.keys[0].header, rule.id[0]);
    EXPECT_EQ(at->second, rule.id[0]) << planned_rule.keys[0].header;
  }
  EXPECT_EQ(letter_of.size(), 6u);
}

// By what key the data must be put together, and how far back it must reach.
TEST(Plan, RulesThatLookBeyondAVisitSayByWhatKeyAndHowFar) {
  struct Case {
    const char *rule, *en, *zh;
  };
  const Case cases[] = {
      {"on settlement  when any(v in history(30 days) where v.total > 1元)",
       "the visits of one person, put together by patient.id, up to 30 days back",
       "同一参保人的各次就诊，按患者.编号汇集，向前至多 30 日"},
      {"on settlements by patient  when count(s in group.settlements) > 3",
       "all visits, put together by patient.id; groups by patient, of all times",
       "全部就诊，按患者.编号汇集；按患者分组，不限时间"},
      {"on settlements by provider, month = month(settled)  when count(s in group.settlements) > 3",
       "all visits, put together by provider.id; groups by provider, month, each of up to 31 days",
       "全部就诊，按机构.编号汇集；按机构、month分组，每组至多 31 日"},
      {"on all items by code, date  when count(i in group.items) > 3",
       "all visits together; groups by code, date, each of up to 1 day",
       "全部就诊，须全部汇集；按编码、日期分组，每组至多 1 日"},
      {"on settlements by provider, month = month(settled)\n"
       "  let n = sum(s in group.settlements take s.total)  when n > previous(n)",
       "all visits, put together by provider.id; groups by provider, month, up to 62 days with the "
       "period before",
       "全部就诊，按机构.编号汇集；按机构、month分组，连同上期至多 62 日"},
  };
  for (const Case& each : cases) {
    const Planned made =
        planned(fmt::format("rule R1 \"\" {{ stage post  {}  report lead \"\" }}", each.rule));
    const std::string en = plan::text(made.checked.program, made.plan, Language::en),
                      zh = plan::text(made.checked.program, made.plan, Language::zh);
    EXPECT_NE(en.find(fmt::format("  reads     {}\n", each.en)), std::string::npos) << en;
    EXPECT_NE(zh.find(fmt::format("  读取　{}\n", each.zh)), std::string::npos) << zh;
  }
  // Within a visit there is nothing to say.
  const Planned made =
      planned("rule R1 \"\" { on items by code  when count(group.items) > 1  report lead \"\" }");
  EXPECT_EQ(plan::text(made.checked.program, made.plan, Language::en).find("  reads"),
            std::string::npos);
}

} // namespace
} // namespace sanku
