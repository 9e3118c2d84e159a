// Output forms: CSV that reads back, 3101 replies with the interface's names and lengths, and no
// name or identity number in any form unless asked for.
#include "runtime/io/csv_rows.h"
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/reply.h"
#include "tools/engine/write.h"

#include <simdjson.h>

namespace sanku::engine {
namespace {

using simdjson::dom::element;

// One speaks of a line with an amount, one of the settlement without one, naming the person.
constexpr const char* rules_text = R"(
rule F1 "男性使用" / "male only" {
  category policy   basis law "第一条"   behaviour item
  on item
  when patient.sex = female
  report violation involving those(o in items where o.id != item.id) "「{item.name}」, 使用"
}
rule F2 "姓名" {
  category management   basis law
  on settlement
  when count(i in items where i.amount > 0元) > 0
  report suspected amount unknown "患者 {patient.name}，编号 {patient.id}，{settlement.visit}"
}
)";

class Formats : public testing::Test {
protected:
  void SetUp() override {
    folder_.write("rules.sanku", rules_text);
    rules_ = rules_at(folder_.path());
    ASSERT_TRUE(rules_);
    engine_ = make_engine(program(*rules_), rules_->checked->tables, nullptr,
                          {.kind = EngineKind::evaluator});
    claims_ = claim("1", R"("gend":"2","brdy":"1980-01-01")",
                    R"({"rx_id":"L1","hilist_code":"XG03DAG208A001010100001",)"
                    R"("hilist_name":"甲, \"乙\"\n丙","cnt":"1","sumamt":"12.50",)"
                    R"("drord_begn_date":"2026-03-05 08:00:00"},)" +
                        item("L2", "XG03DAG208A001010100001", "1", "2.00")) +
              claim("2", R"("gend":"1")", "");
  }
  [[nodiscard]] std::string run(Format format, bool identities = false) const {
    auto ran = run_text(*engine_, claims_, {.format = format, .identities = identities});
    EXPECT_TRUE(ran) << (ran ? "" : ran.error().en);
    EXPECT_TRUE(ran && ran->rejects.empty());
    return ran ? ran->written : std::string();
  }

  PackFolder folder_;
  std::unique_ptr<Rules> rules_;
  std::unique_ptr<Engine> engine_;
  std::string claims_;
};

TEST_F(Formats, csv_reads_back_cell_by_cell) {
  std::string text;
  append_csv_head(text);
  text += run(Format::csv);
  folder_.write("found.csv", text);
  auto file = io::CsvRows::open(folder_.path("found.csv"), {});
  ASSERT_TRUE(file);
  std::vector<std::vector<std::string>> rows;
  for (io::CsvRow row; file->next(row).value();) {
    EXPECT_EQ(row.fault, io::RowFault::none);
    rows.emplace_back(row.fields.begin(), row.fields.end());
  }
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0],
            (std::vector<std::string>{"id", "mdtrt_id", "setl_id", "rule", "name", "severity",
                                      "amount", "recoverable", "lines", "involved", "notes",
                                      "message", "revision", "pack"}));
  const auto behind_id = [&](std::size_t row) {
    std::vector<std::string> cells(rows[row].begin() + 1, rows[row].end());
    EXPECT_EQ(cells[cells.size() - 2].size(), 32u);
    cells.erase(cells.end() - 2); // the revision
    return cells;
  };
  EXPECT_EQ(behind_id(1),
            (std::vector<std::string>{"M1", "S1", "F2", "姓名", "suspected", "", "", "L1 ?; L2 ?",
                                      "", "", "患者 ***，编号 ***，M1", "test 1"}));
  EXPECT_EQ(behind_id(2),
            (std::vector<std::string>{"M1", "S1", "F1", "男性使用", "violation", "12.50", "12.50",
                                      "L1 12.50", "L2", "taken_as_paid", "「甲, \"乙\"\n丙」, 使用",
                                      "test 1"}));
  EXPECT_EQ(rows[1][0].size(), 32u);
}

TEST_F(Formats, a_reply_is_the_interfaces_and_one_a_settlement) {
  std::string text = run(Format::reply);
  std::vector<std::string> lines;
  for (std::size_t at = 0, end = 0; at < text.size(); at = end + 1) {
    end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
  }
  ASSERT_EQ(lines.size(), 2u);
  simdjson::dom::parser parser;
  element reply;
  ASSERT_EQ(parser.parse(lines[0]).get(reply), simdjson::SUCCESS) << lines[0];
  const auto text_at = [](element object, const char* key) {
    std::string_view value;
    EXPECT_EQ(object[key].get(value), simdjson::SUCCESS) << key;
    return std::string(value);
  };
  EXPECT_EQ(reply["infcode"].get_int64().value(), 0);
  ASSERT_EQ(reply["output"]["result"].get_array().value().size(), 3u);
  EXPECT_EQ(text_at(reply["output"].value(), "setl_id"), "S1");
  const element unknown = reply["output"]["result"].at(0).value();
  EXPECT_TRUE(unknown["vola_amt"].is_null());
  EXPECT_EQ(text_at(unknown, "vola_amt_stas"), "0");
  EXPECT_EQ(text_at(unknown, "sev_deg"), "2");
  const element known = reply["output"]["result"].at(1).value();
  EXPECT_EQ(text_at(known, "rule_id"), "F1");
  EXPECT_EQ(text_at(known, "rule_name"), "男性使用");
  EXPECT_EQ(text_at(known, "patn_id"), "***");
  EXPECT_EQ(text_at(known, "mdtrt_id"), "M1");
  EXPECT_EQ(text_at(known, "vola_evid"), "医疗保障基金使用监督管理条例 第一条");
  EXPECT_EQ(text_at(known, "vola_bhvr_type"), "项目类");
  EXPECT_EQ(text_at(known, "vola_amt_stas"), "1");
  EXPECT_EQ(text_at(known, "sev_deg"), "1");
  EXPECT_EQ(known["vola_amt"].get_double().value(), 12.5);
  EXPECT_EQ(text_at(known, "jr_id").size(), 32u);
  const element own = known["judge_result_detail_dtos"].at(0).value(),
                other = known["judge_result_detail_dtos"].at(1).value();
  EXPECT_EQ(text_at(own, "rx_id"), "L1");
  EXPECT_EQ(text_at(own, "vola_item_type"), "1");
  EXPECT_EQ(own["vola_amt"].get_double().value(), 12.5);
  EXPECT_EQ(text_at(own, "jrd_id"), text_at(known, "jr_id") + "-1");
  EXPECT_EQ(text_at(other, "rx_id"), "L2");
  EXPECT_EQ(text_at(other, "vola_item_type"), "2");
  EXPECT_EQ(other["vola_amt"].get_double().value(), 0);
  // Nothing was found in the second.
  EXPECT_NE(lines[1].find(R"("setl_id":"S2","result":[]}})"), std::string::npos) << lines[1];
}

TEST_F(Formats, a_reply_keeps_to_the_interfaces_lengths) {
  hir::Rule rule;
  rule.id = std::string(60, 'R');
  for (int i = 0; i < 300; ++i)
    rule.title_zh += "名";
  for (int i = 0; i < 60; ++i)
    rule.bases.push_back({.source_title = "医疗保障基金", .place = "第一条"});
  hir::Report report;
  report.severity = ast::Severity::violation;
  Described finding;
  finding.id = std::string(32, 'f');
  finding.rule = &rule;
  finding.report = &report;
  for (int i = 0; i < 600; ++i)
    finding.message += "容";
  std::string out;
  append_reply(out, {.visit = "M1", .settlement = "S1", .person = std::string(80, 'P')}, {finding});
  simdjson::dom::parser parser;
  element reply;
  ASSERT_EQ(parser.parse(out).get(reply), simdjson::SUCCESS) << out;
  const element result = reply["output"]["result"].at(0).value();
  struct Case {
    const char* key;
    std::size_t characters;
  };
  for (const Case& c : {Case{"rule_id", 50}, Case{"rule_name", 200}, Case{"vola_cont", 500},
                        Case{"patn_id", 50}, Case{"vola_evid", 500}}) {
    const std::string value(result[c.key].get_string().value());
    const auto characters = static_cast<std::size_t>(std::ranges::count_if(
        value, [](char b) { return (static_cast<unsigned char>(b) & 0xC0u) != 0x80u; }));
    EXPECT_EQ(characters, c.characters) << c.key;
    EXPECT_TRUE(value.ends_with("…")) << c.key;
  }
}

TEST_F(Formats, no_form_names_a_person_unless_asked_to) {
  for (const Format format : {Format::ndjson, Format::csv, Format::table, Format::reply}) {
    const std::string kept = run(format), named = run(format, true);
    EXPECT_FALSE(kept.empty());
    for (const char* secret : {"张三", "P1"})
      EXPECT_EQ(kept.find(secret), std::string::npos) << secret << "\n" << kept;
    EXPECT_NE(named.find("张三"), std::string::npos) << named;
    EXPECT_NE(named.find("P1"), std::string::npos) << named;
  }
}

} // namespace
} // namespace sanku::engine
