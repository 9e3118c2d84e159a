// Parts of a visit become one, by hand-worked tables: each field by its rule, each list by its own.
#include "runtime/assemble/merge.h"
#include "tests/unit/runtime/visit_schema.h"

#include <algorithm>

namespace sanku::assemble {
namespace {

using sanku::testing::batch_of;
using sanku::testing::Cells;
using sanku::testing::SentVisit;
using sanku::testing::visit_schema;
using enum sanku::testing::Relations;
using enum sanku::testing::SettlementColumns;
using enum sanku::testing::MoreSettlementColumns;
using enum sanku::testing::DiagnosisColumns;
using enum sanku::testing::ItemColumns;

std::vector<Rows> rows_of(const std::vector<SentVisit>& parts) {
  const schema::Schema schema = visit_schema();
  const batch::Dictionaries none(schema.dictionaries);
  const batch::Batch batch = batch_of(schema, none, parts);
  std::vector<Rows> rows;
  for (std::uint32_t s = 0; s < batch.settlements; ++s)
    rows.push_back(unpack(schema, pack(batch, schema, none, s)));
  return rows;
}

// The wanted columns of a list of the merged visit, in order of text.
std::vector<std::string> merged(const std::vector<SentVisit>& parts, std::uint32_t relation,
                                const std::vector<std::uint32_t>& columns) {
  const schema::Schema schema = visit_schema();
  const batch::Dictionaries none(schema.dictionaries);
  const auto made = [&](std::vector<Rows> rows) {
    batch::BatchBuilder builder(schema, none);
    add_visit(builder, merge(schema, std::move(rows)), {});
    const batch::Batch batch = builder.take();
    std::vector<std::string> lines = sanku::testing::shown(batch, schema, none, relation, columns);
    std::ranges::sort(lines);
    return lines;
  };
  std::vector<Rows> rows = rows_of(parts);
  const std::vector<std::string> lines = made(rows);
  std::ranges::reverse(rows);
  EXPECT_EQ(made(rows), lines) << "the order of the parts shows";
  return lines;
}

std::string header(const std::vector<Cells>& parts, std::uint32_t column) {
  std::vector<SentVisit> sent;
  for (Cells cells : parts) {
    cells[s_visit] = "V";
    sent.push_back({.header = cells});
  }
  return merged(sent, settlement, {column}).front();
}

TEST(Merge, MakesEachFieldByItsRule) {
  struct Case {
    std::uint32_t column;
    std::vector<std::string> parts;
    std::string becomes;
  };
  const std::vector<Case> cases = {
      {s_total, {"10.50", "-0.50", "5"}, "15"},
      {s_total, {"10.50", ""}, "?"},
      {s_admitted, {"2026-03-05 10:00", "2026-03-05 09:00", ""}, "2026-03-05 09:00"},
      {s_discharged, {"2026-03-05 10:00", "2026-03-06 09:00", ""}, "2026-03-06 09:00"},
      {s_settled, {"2026-03-05", "2026-03-07"}, "2026-03-07"},
      {s_sex, {"1", "", "1"}, "male"},
      {s_sex, {"1", "2"}, "?"},
      {s_birth, {"1980-01-01", "1980-01-01"}, "1980-01-01"},
      {s_level, {"08", "1"}, "first"}, // two codes of one meaning
      {s_days, {"3", "4"}, "?"},
      {s_provider, {"甲", "甲"}, "甲"},
      {s_total, {"99999999999999.99", "0.01"}, "?"}, // more than the field holds
  };
  for (const Case& each : cases) {
    std::vector<Cells> parts;
    for (const std::string& text : each.parts)
      parts.push_back({{each.column, text}});
    EXPECT_EQ(header(parts, each.column), each.becomes) << each.column;
  }
}

TEST(Merge, CallsTheVisitByThePartSettledFirst) {
  EXPECT_EQ(header({{{s_id, "1"}, {s_settled, "2026-03-07"}},
                    {{s_id, "2"}, {s_settled, "2026-03-05"}},
                    {{s_id, "3"}}},
                   s_id),
            "2");
}

TEST(Merge, EveryRuleOfTheTableIsUsedByTheSchema) {
  const schema::Schema schema = visit_schema();
  for (const RoleRule& row : header_rules)
    EXPECT_TRUE(schema::column_with(schema.relations[0], row.role));
}

TEST(Merge, AppendsFeeLinesAndUnitesOtherLists) {
  const Cells flu{{d_code, "J10"}, {d_main, "1"}}, cold{{d_code, "J00"}}, pain{{d_code, "R52"}};
  const Cells line{{i_id, "1"}, {i_code, "A"}, {i_quantity, "1"}};
  const std::vector<SentVisit> parts = {
      {.header = {{s_visit, "V"}, {s_id, "1"}}, .diagnoses = {flu, cold, cold}, .items = {line}},
      {.header = {{s_visit, "V"}, {s_id, "2"}},
       .diagnoses = {flu, pain, cold},
       .items = {line, {{i_id, "2"}, {i_code, "B"}}}}};
  EXPECT_EQ(merged(parts, diagnoses, {d_code}),
            (std::vector<std::string>{"J00", "J00", "J10", "R52"}));
  EXPECT_EQ(merged(parts, items, {i_id, i_code}), (std::vector<std::string>{"1 A", "1 A", "2 B"}));
}

TEST(Merge, CountsALineThatTwoRequestsSendOnce) {
  const auto line = [](const char* id, const char* current, const char* amount = "1") {
    return Cells{{i_id, id}, {i_code, "A"}, {i_amount, amount}, {i_current, current}};
  };
  const std::vector<SentVisit> requests = {
      {.header = {{s_visit, "V"}}, .items = {line("1", "1"), line("2", "1"), line("", "1")}},
      {.header = {{s_visit, "V"}},
       .items = {line("1", "0"), line("2", "0", "2"), line("", "1"), line("3", "1")}}};
  EXPECT_EQ(
      merged(requests, items, {i_id, i_amount, i_current}),
      (std::vector<std::string>{"1 1 yes", "2 1 yes", "2 2 no", "3 1 yes", "? 1 yes", "? 1 yes"}));
}

} // namespace
} // namespace sanku::assemble
