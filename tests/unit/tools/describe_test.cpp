// Findings in words and as JSON, and their identities.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/layout.h"
#include "tools/engine/summary.h"
#include "tools/engine/write.h"

#include <simdjson.h>

#include <set>

namespace sanku::engine {
namespace {

TEST(Layout, columns_line_up_by_display_width) {
  EXPECT_EQ(padded("男", 4), "男  ");
  EXPECT_EQ(padded("abc", 5, Align::right), "  abc");
  EXPECT_EQ(padded("abcdef", 3), "abcdef");
  EXPECT_EQ(fitted("药品限性别", 7), "药品限…");
  EXPECT_EQ(fitted("药品", 4), "药品");
  EXPECT_EQ(fitted("abc", 2), "a…");
}

TEST(Layout, money_has_two_decimals_and_separators) {
  EXPECT_EQ(money_text(0), "0.00");
  EXPECT_EQ(money_text(5), "0.05");
  EXPECT_EQ(money_text(-123456), "-1,234.56");
  EXPECT_EQ(money_text(Int128{100000000000}), "1,000,000,000.00");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000000), "1,000,000");
}

TEST(Values, are_the_same_json_in_every_language) {
  schema::Schema schema;
  schema.enums = {{.names = {"Sex", "性别"},
                   .closed = true,
                   .ordered = false,
                   .members = {{{"male", "男"}, {"1"}}},
                   .missing = {}}};
  struct Case {
    Value value;
    Type type;
    const char* json;
  };
  const std::vector<Case> cases = {
      {Unknown{}, {.kind = Kind::text}, "null"},
      {Bool{true}, {.kind = Kind::boolean}, "true"},
      {Integer{-7}, {.kind = Kind::integer}, "-7"},
      {Decimal{Int128{1250}}, {.kind = Kind::money, .scale = 2}, "\"12.50\""},
      {Decimal{Int128{5000}}, {.kind = Kind::decimal, .scale = 4}, "\"0.5\""},
      {Date{20517}, {.kind = Kind::date}, "\"2026-03-05\""},
      {EnumValue{.id = 1, .unlisted = {}}, {.kind = Kind::enumeration}, "\"male\""},
      {EnumValue{.id = 0, .unlisted = "77"}, {.kind = Kind::enumeration}, "\"77\""},
      {make_window(6, WindowUnit::hours), {.kind = Kind::window}, "\"6 hours\""},
      {std::string("引\"号\n"), {.kind = Kind::text}, "\"引\\\"号\\n\""},
  };
  for (const Case& each : cases) {
    std::string out;
    append_value(out, each.value, each.type, schema);
    EXPECT_EQ(out, each.json);
  }
}

// ---- findings of a small pack

constexpr const char* rules_text = R"(
knowledge limits / 限制 "限制" from "limits.csv" { code / 编码 : ServiceCode key  max / 上限 : int  note / 说明 : text? }
rule T1 "超量" / "Too many" {
  category policy
  basis law
  on item
  let limit = limits[item.code]
  when item.quantity > limit.max
  report violation "{patient.name}/{patient.sex}：{item.name} {item.quantity} > {limit.max}"
}
rule T2 "日超量" {
  category policy
  basis law
  on items by code, date
  let limit = limits[group.code]
  when count(i in group.items) > 1
  report suspected on group.items amount unknown "{group.date}"
}
)";

struct Small {
  PackFolder folder;
  std::unique_ptr<Rules> rules;
  std::unique_ptr<Engine> engine;
  Small() {
    folder.write("knowledge/limits.csv", "code,max,note\n001102000040000,1,说明\n");
    folder.write("rules.sanku", rules_text);
    rules = rules_at(folder.path());
    if (rules)
      engine = make_engine(program(*rules), rules->checked->tables, nullptr,
                           {.kind = EngineKind::evaluator});
  }
  [[nodiscard]] std::string findings(std::string_view text, const RunOptions& options = {}) const {
    const auto ran = run_text(*engine, text, options);
    EXPECT_TRUE(ran);
    return ran ? ran->written : std::string();
  }
};
constexpr const char* code = "001102000040000";
constexpr const char* patient = R"("gend":"1")";

std::vector<std::string> ids_of(const std::string& ndjson) {
  std::vector<std::string> ids;
  for (std::size_t begin = 0; begin < ndjson.size(); begin = ndjson.find('\n', begin) + 1)
    ids.push_back(ndjson.substr(begin + 7, 32));
  return ids;
}

TEST(Describe, a_finding_as_json_has_the_fields_of_the_interface_in_order) {
  const Small small;
  ASSERT_TRUE(small.engine);
  const std::string text = small.findings(claim("1", patient, item("L1", code, "2", "20.00")));
  const std::string id = text.substr(7, 32);
  const std::string revision = text.substr(text.find("\"revision\":") + 12, 32);
  EXPECT_EQ(
      text,
      "{\"id\":\"" + id +
          R"(","mdtrt_id":"M1","setl_id":"S1","rule":"T1","name":"超量","severity":"violation","amount":"20.00",)"
          R"("recoverable":"20.00","taken_as_paid":true,"lines":[{"id":"L1","role":"offending","amount":"20.00",)"
          R"("recoverable":"20.00","taken_as_paid":true}],"message":"***/男：项目 2 > 1",)"
          R"("evidence":[{"table":"limits","row":{"code":"001102000040000","max":1,"note":"说明"}}],"revision":")" +
          revision +
          R"(","pack":"test 1"})"
          "\n");
  EXPECT_NE(
      small.findings(claim("1", patient, item("L1", code, "2", "20.00")), {.identities = true})
          .find("张三/男"),
      std::string::npos);
  const std::string open = small.findings(
      claim("1", patient, item("L1", code, "1", "1.00") + "," + item("L2", code, "1", "1.00")));
  EXPECT_NE(
      open.find(
          R"("severity":"suspected","amount":null,"recoverable":null,"taken_as_paid":true,"lines":[{"id":"L1","role":"offending","amount":null,"recoverable":null,)"),
      std::string::npos)
      << open;
  const std::string unnumbered = small.findings(claim("1", patient, item("", code, "2", "20.00")));
  EXPECT_NE(unnumbered.find(R"("lines":[{"id":null,)"), std::string::npos) << unnumbered;
}

TEST(Describe, the_table_for_people_has_one_line_a_finding) {
  const Small small;
  ASSERT_TRUE(small.engine);
  const std::string text = small.findings(claim("1", patient, item("L1", code, "2", "1234.50")),
                                          {.format = Format::table, .language = Language::en});
  EXPECT_EQ(text, "S1                  T1               violation      1,234.50      1,234.50  "
                  "***/男：项目 2 > 1\n");
}

TEST(Identity, does_not_depend_on_what_else_the_visit_has_nor_on_the_order_of_lines) {
  const Small small;
  ASSERT_TRUE(small.engine);
  const std::string line = item("L1", code, "2", "20.00"),
                    other = item("L2", "001102000050000", "1", "5.00");
  const auto ids = ids_of(small.findings(claim("1", patient, line)));
  ASSERT_EQ(ids.size(), 1u);
  EXPECT_EQ(ids, ids_of(small.findings(claim("1", patient, line + "," + other))));
  EXPECT_EQ(ids, ids_of(small.findings(claim("1", patient, other + "," + line))));
  EXPECT_EQ(ids, ids_of(small.findings(claim("1", patient, item("L1", code, "3", "99.00")))))
      << "what was found is the revision";
  EXPECT_NE(ids, ids_of(small.findings(claim("2", patient, line))));
  EXPECT_NE(ids, ids_of(small.findings(claim("1", patient, item("L3", code, "2", "20.00")))));
}

TEST(Identity, tells_lines_apart_whose_numbers_repeat) {
  const Small small;
  ASSERT_TRUE(small.engine);
  const std::string a = item("L1", code, "2", "20.00"), b = item("L1", code, "3", "30.00"),
                    same = a;
  const auto unique = [](std::vector<std::string> ids) {
    return std::set<std::string>(ids.begin(), ids.end());
  };
  const auto forwards =
      unique(ids_of(small.findings(claim("1", patient, a + "," + b + "," + same))));
  EXPECT_EQ(forwards.size(), 4u) << "three lines and their group";
  EXPECT_EQ(forwards,
            unique(ids_of(small.findings(claim("1", patient, b + "," + same + "," + a)))));
}

TEST(Summary, adds_up_by_rule_and_in_all) {
  const Small small;
  ASSERT_TRUE(small.engine);
  const std::string text =
      claim("1", patient, item("L1", code, "2", "1234.50") + "," + item("L2", code, "1", "1.00")) +
      claim("2", patient, item("L1", code, "", "1.00"));
  const auto ran = run_text(*small.engine, text, {});
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->summary.rules[0].findings, 1u);
  EXPECT_EQ(ran->summary.rules[0].outcomes.indeterminate, 1u);
  EXPECT_EQ(ran->summary.rules[1].findings, 1u);
  EXPECT_EQ(ran->summary.rules[1].not_computed, 1u);
  const SummaryContext context{
      .program = program(*small.rules), .pack = "small 1", .language = Language::en};
  const std::string shown = summary_text(ran->summary, context);
  EXPECT_EQ(
      shown.substr(shown.find('\n') + 2),
      "  rule    name       severity    findings   amount (yuan)   recoverable   undecided\n"
      "  T1      Too many   violation          1        1,234.50      1,234.50           1\n"
      "  T2      日超量     suspected          1            open          0.00           0\n"
      "  total                                 2        1,234.50      1,234.50           1\n");
  simdjson::dom::parser parser;
  const std::string stats = stats_json(ran->summary, context);
  EXPECT_EQ(parser.parse(stats)["rules"].at(0)["amount"].get_string().value(), "1234.50");
  EXPECT_EQ(parser.parse(stats)["evaluated"].get_uint64().value(), 2u);
}

TEST(Layout, folds_at_blanks_and_marks_near_the_end_and_else_where_the_line_is_full) {
  EXPECT_EQ(folded("one two three", 9, 2, 2), "one two\n  three");
  EXPECT_EQ(folded("one two three", 20, 2, 2), "one two three");
  EXPECT_EQ(folded("甲乙，丙丁戊", 10, 2, 2), "甲乙，\n  丙丁戊");
  EXPECT_EQ(folded("abcdefghijkl", 8, 2, 2), "abcdef\n  ghijkl");
  EXPECT_EQ(folded("甲乙丙丁", 7, 2, 2), "甲乙\n  丙丁");
  EXPECT_EQ(folded("甲", 1, 0, 0), "甲") << "what fits nowhere still comes";
  EXPECT_EQ(folded("", 8, 2, 2), "");
}

} // namespace
} // namespace sanku::engine
