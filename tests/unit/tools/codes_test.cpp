// A pack's table of local codes, and codes cut to the width of 3101, through both executions: rules
// see national codes, rules about the data see what was sent.
#include "tests/unit/tools/waiting_fixture.h"

namespace sanku::engine {
namespace {

TEST(Codes, tables_of_the_pack_complete_what_senders_leave_out) {
  const PackFolder folder;
  folder.write("t.sanku", R"(
knowledge local_codes / 院内对照 "院内编码对照" from "local_codes.csv" {
  local    / 院内编码 : LocalItemCode key
  provider / 机构     : ProviderCode
  code     / 编码     : ItemCode
}
knowledge limited / 限用 "限用" from "limited.csv" {
  code / 编码 : DrugCode key
  note / 说明 : text
}
rule T1 "限用" {
  on     item
  let    row = limited[item.code]
  when   item.amount > 1元
  report suspected "{item.id} {item.code} {row.note}"
}
rule T2 "原始编码" { on raw_item  when known raw_item.code report lead amount unknown "{raw_item.id} {raw_item.code}" }
)");
  folder.write("knowledge/local_codes.csv", "local,provider,code\n"
                                            "L1,H1,XA01AAA001A001010100001\n"
                                            "L2,H1,XA01AAA001A001010100001\n"
                                            "L2,H1,XB01AAA001A001010100001\n"
                                            "L3,H2,XA01AAA001A001010100001\n");
  folder.write("knowledge/limited.csv", "code,note\n"
                                        "XA01AAA001A001010100001,甲\n"
                                        "XB01AAA001A001010100001,乙\n"
                                        "XB01AAA001A001010100002,乙\n"
                                        "XC01AAA001A001010100001,丙\n"
                                        "XC01AAA001A001010100002,丁\n");
  const auto line = [](const char* id, const char* national, const char* local) {
    return fmt::format(
        R"({{"rx_id":"{}","hilist_code":"{}","hosplist_code":"{}","sumamt":"2.00"}})", id, national,
        local);
  };
  const std::string text = line_of(
      {.visit = "V1",
       .number = "1",
       .items = {line("1", "", "L1"), line("2", "", "L2"), line("3", "", "L3"),
                 line("4", "XB01AAA001A001010100", ""), line("5", "XC01AAA001A001010100", ""),
                 line("6", "XC01AAA001A001010100002", "")}});
  const auto rules = rules_at(folder.path());
  ASSERT_TRUE(rules);
  const auto compiled = compile(program(*rules), jit::Level::none);
  ASSERT_TRUE(compiled);
  for (const bool jit : {false, true}) {
    const auto engine = make_engine(
        program(*rules), rules->checked->tables, jit ? compiled->image.get() : nullptr,
        {.kind = jit ? EngineKind::jit : EngineKind::evaluator, .level = jit::Level::none});
    const auto ran = run_text(*engine, text, {});
    ASSERT_TRUE(ran);
    Texts messages = fields(ran->written, "message");
    std::ranges::sort(messages);
    EXPECT_EQ(messages, (Texts{"1 XA01AAA001A001010100001 甲", "4 XB01AAA001A001010100",
                               "4 XB01AAA001A001010100001 乙", "5 XC01AAA001A001010100",
                               "6 XC01AAA001A001010100002", "6 XC01AAA001A001010100002 丁"}));
    // Two candidates, another hospital's code, and rows that disagree: not known.
    EXPECT_EQ(ran->summary.rules[0].outcomes.indeterminate, 3u);
  }
}

// A part of any code might be a key, unless the table has none: many of a pack's tables wait for
// what a region writes.
TEST(Codes, a_table_without_rows_proposes_no_line) {
  for (const bool filled : {false, true}) {
    const PackFolder folder;
    folder.write("t.sanku", R"(
knowledge limited / 限用 "限用" from "limited.csv" {
  code / 编码 : DrugCode key prefix longest
}
rule T1 "限用" { on item  provided item.code in limited  report suspected "{item.id}" }
)");
    folder.write("knowledge/limited.csv", filled ? "code\nXA01\n" : "code\n");
    const auto line = [](const char* id, const char* code) {
      return fmt::format(R"({{"rx_id":"{}","hilist_code":"{}","sumamt":"2.00"}})", id, code);
    };
    const std::string text = line_of(
        {.visit = "V1",
         .number = "1",
         .items = {line("1", "XA01AAA001A001010100001"), line("2", "XB01AAA001A001010100001")}});
    const auto rules = rules_at(folder.path());
    ASSERT_TRUE(rules);
    const auto compiled = compile(program(*rules), jit::Level::none);
    ASSERT_TRUE(compiled);
    const auto engine = make_engine(program(*rules), rules->checked->tables, compiled->image.get(),
                                    {.level = jit::Level::none});
    const auto ran = run_text(*engine, text, {});
    ASSERT_TRUE(ran);
    EXPECT_EQ(ran->summary.rules[0].outcomes.fired, filled ? 1u : 0u);
    EXPECT_EQ(ran->summary.rules[0].work.candidates, filled ? 2u : 0u);
  }
}

} // namespace
} // namespace sanku::engine
