// Tables: every fault with its place, typed cells, unique keys, and the index by key against a
// plain search.
#include "runtime/abi/keyed.h"
#include "runtime/knowledge/table.h"
#include "tests/unit/runtime/claim_schema.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <unistd.h>
#include <vector>

namespace sanku::knowledge {
namespace {

using sanku::testing::claim_schema;
using sanku::testing::column;
using sanku::testing::dictionaries;
using enum sanku::testing::Systems;
using enum sanku::testing::Enums;

class KnowledgeTest : public ::testing::Test {
protected:
  schema::Schema schema_ = claim_schema();
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("sanku_knowledge_" + std::to_string(::getpid()));
  Table table_;

  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static TableShape shape_of(std::vector<schema::Column> columns,
                             std::vector<std::string> headers) {
    TableShape shape;
    shape.relation = {.kind = schema::RelationKind::table,
                      .names = {"t", "表"},
                      .each = {"row", "行"},
                      .nonempty = false,
                      .wire = {},
                      .columns = std::move(columns)};
    shape.headers = std::move(headers);
    shape.file = "t.csv";
    return shape;
  }
  static TableShape drugs() {
    TableShape shape =
        shape_of({column("item", "编码",
                         {.kind = Kind::code, .scale = 0, .digits = 0, .domain = drug_codes}, {}),
                  column("sex", "性别",
                         {.kind = Kind::enumeration, .scale = 0, .digits = 0, .domain = sex}, {}),
                  column("limit", "限", {.kind = Kind::decimal, .scale = 2, .digits = 6}, {}),
                  column("window", "窗", {.kind = Kind::window}, {}),
                  column("remark", "备注", {.kind = Kind::text}, {})},
                 {"code", "性别", "limit", "window", "remark"});
    shape.relation.columns[0].optional = false;
    shape.relation.columns[1].optional = false;
    return shape;
  }
  std::vector<TableFault> load_text(const TableShape& shape, const std::string& text) {
    std::ofstream(folder_ / "t.csv", std::ios::binary) << text;
    return load(folder_ / "t.csv", shape, schema_, table_);
  }
};

TEST_F(KnowledgeTest, ReadsTypedCellsAndIgnoresOtherColumns) {
  const std::vector<TableFault> faults =
      load_text(drugs(), "\xEF\xBB\xBFseq,window,code,性别,limit,remark\r\n"
                         "1,单日,xg03 ,男,1.50,\"限\r\n男性\"\r\n"
                         "2,6小时,XG04,female,,\r\n"
                         "3,,XG03,2,-3,x\r\n");
  EXPECT_TRUE(faults.empty());
  ASSERT_EQ(table_.rows.size(), 3u);
  const std::vector<std::vector<Value>> expected = {
      {CodeText{"XG03"}, EnumValue{.id = 1, .unlisted = {}}, Decimal{150},
       make_window(1, WindowUnit::days), std::string("限\r\n男性")},
      {CodeText{"XG04"}, EnumValue{.id = 2, .unlisted = {}}, Unknown{},
       make_window(6, WindowUnit::hours), Unknown{}},
      {CodeText{"XG03"}, EnumValue{.id = 2, .unlisted = {}}, Decimal{-300}, Unknown{},
       std::string("x")}};
  for (std::size_t row = 0; row < expected.size(); ++row) {
    for (std::size_t c = 0; c < expected[row].size(); ++c)
      EXPECT_TRUE(same(table_.rows[row][c], expected[row][c])) << row << ", " << c;
  }
  EXPECT_EQ(table_.lines, (std::vector<std::uint64_t>{2, 4, 5}));
  EXPECT_FALSE(table_.unique_key);
  EXPECT_EQ(table_.first_duplicate, 2u);
}

TEST_F(KnowledgeTest, ReportsEveryFaultWithItsPlace) {
  using Kind_ = TableFault::Kind;
  struct Case {
    std::string text;
    std::vector<TableFault> faults;
  };
  const std::string header = "code,性别,limit,window,remark\n";
  auto fault = [](Kind_ kind, std::uint64_t line, std::string column, std::string found) {
    return TableFault{.kind = kind,
                      .file = "t.csv",
                      .line = line,
                      .column = std::move(column),
                      .found = std::move(found)};
  };
  const std::vector<Case> cases = {
      {"", {fault(Kind_::malformed_line, 1, "", "")}},
      {"code,limit,window\n",
       {fault(Kind_::missing_column, 1, "性别", ""),
        fault(Kind_::missing_column, 1, "remark", "")}},
      {"code,性别,limit,window,remark,code\n",
       {fault(Kind_::malformed_line, 1, "code", "code,性别,limit,window,remark,code")}},
      {header + "A,男,,,\nB,男,,,\n,女,,,x\n", {fault(Kind_::empty_key, 4, "code", "")}},
      {header + "A,,,,\n", {fault(Kind_::empty_cell, 2, "性别", "")}},
      {header + "A,雄,1.234,半天,\n",
       {fault(Kind_::bad_cell, 2, "性别", "雄"), fault(Kind_::bad_cell, 2, "limit", "1.234"),
        fault(Kind_::bad_cell, 2, "window", "半天")}},
      {header + "A,男,10000,,\n", {fault(Kind_::bad_cell, 2, "limit", "10000")}},
      {header + "A,男,1,,\n\nA,男,,,\nA,男,1.0,,\na,1,1.00,,\n",
       {fault(Kind_::duplicate_row, 5, "", "2"), fault(Kind_::duplicate_row, 6, "", "2")}},
      {header + "A,男,,\nB,男,,,\n", {fault(Kind_::malformed_line, 2, "", "A,男,,")}},
      {header + "A,\"男,,,\n", {fault(Kind_::malformed_line, 2, "", "A,\"男,,, ")}},
      {header + "\"multi\nline\",x,,,\nB,y,,,\n",
       {fault(Kind_::bad_cell, 2, "性别", "x"), fault(Kind_::bad_cell, 4, "性别", "y")}},
  };
  for (const Case& c : cases) {
    const std::vector<TableFault> faults = load_text(drugs(), c.text);
    ASSERT_EQ(faults.size(), c.faults.size()) << c.text;
    for (std::size_t i = 0; i < faults.size(); ++i) {
      EXPECT_EQ(faults[i].kind, c.faults[i].kind) << c.text;
      EXPECT_EQ(faults[i].file, c.faults[i].file) << c.text;
      EXPECT_EQ(faults[i].line, c.faults[i].line) << c.text;
      EXPECT_EQ(faults[i].column, c.faults[i].column) << c.text;
      EXPECT_EQ(faults[i].found, c.faults[i].found) << c.text;
    }
  }
  const std::vector<TableFault> unreadable = load(folder_ / "absent.csv", drugs(), schema_, table_);
  ASSERT_EQ(unreadable.size(), 1u);
  EXPECT_EQ(unreadable[0].kind, Kind_::unreadable);
}

// What a lookup through the index gives, against walking all rows.
void expect_index_is_search(const BoundTable& bound, const std::vector<std::uint32_t>& keys,
                            std::uint32_t up_to) {
  const abi::KeyedView view{.entries = bound.entries.data(),
                            .mask = static_cast<std::uint32_t>(bound.entries.size() - 1),
                            .rows = bound.rows.data()};
  std::size_t used = 0;
  for (const abi::KeyEntry& entry : bound.entries)
    used += entry.count != 0;
  EXPECT_LE(used * 2, bound.entries.size());
  for (std::uint32_t id = 0; id <= up_to; ++id) {
    std::vector<std::uint32_t> expected;
    for (std::uint32_t row = 0; row < keys.size(); ++row) {
      if (keys[row] == id)
        expected.push_back(row);
    }
    const abi::KeyEntry entry = abi::find_key(view, id);
    const std::vector<std::uint32_t> found(bound.rows.begin() + entry.begin,
                                           bound.rows.begin() + entry.begin + entry.count);
    ASSERT_EQ(found, expected) << id;
  }
}

TEST_F(KnowledgeTest, FindsRowsByCodeAsASearchWould) {
  std::mt19937 random(11);
  std::string text = "code,性别,limit,window,remark\n";
  for (int i = 0; i < 600; ++i)
    text += "C" + std::to_string(random() % 250) + ",男,,," + std::to_string(i) + "\n";
  ASSERT_TRUE(load_text(drugs(), text).empty());
  batch::Dictionaries frozen = dictionaries(schema_, {{0, "NOT_IN_TABLE"}});
  intern_codes(drugs(), schema_, table_, frozen);
  const BoundTable bound = knowledge::bind(drugs(), schema_, table_, frozen);
  std::vector<std::uint32_t> keys;
  for (const std::vector<Value>& row : table_.rows)
    keys.push_back(codes::find(frozen[0], std::get<CodeText>(row[0]).text));
  expect_index_is_search(bound, keys, codes::frozen_size(frozen[0]) + 50);
  EXPECT_EQ(bound.data.rows, 600u);
  EXPECT_EQ(
      std::string(bound.data.columns[4].values.begin(), bound.data.columns[4].values.begin() + 3),
      "012");
}

TEST_F(KnowledgeTest, FindsRowsByWholeNumberZeroIncludedAndByEnum) {
  TableShape numbers = shape_of({column("n", "号", {.kind = Kind::integer}, {})}, {"n"});
  ASSERT_TRUE(load_text(numbers, "n\n0\n7\n2147483647\n").empty());
  EXPECT_TRUE(table_.unique_key);
  const batch::Dictionaries frozen = dictionaries(schema_);
  BoundTable bound = knowledge::bind(numbers, schema_, table_, frozen);
  expect_index_is_search(bound, {0, 7, 2147483647u}, 10);
  EXPECT_EQ(load_text(numbers, "n\n-1\n2147483648\n1.5\n").size(), 3u);
  TableShape levels =
      shape_of({column("level", "等级",
                       {.kind = Kind::enumeration, .scale = 0, .digits = 0, .domain = level}, {})},
               {"level"});
  ASSERT_TRUE(load_text(levels, "level\n三级\nfirst\n").empty());
  bound = knowledge::bind(levels, schema_, table_, frozen);
  expect_index_is_search(bound, {3, 1}, 5);
}

TEST_F(KnowledgeTest, BindsAnEmptyTable) {
  ASSERT_TRUE(load_text(drugs(), "code,性别,limit,window,remark\n").empty());
  expect_index_is_search(knowledge::bind(drugs(), schema_, table_, dictionaries(schema_)), {}, 5);
}

TEST_F(KnowledgeTest, FinishesRowsOfATestAndRefusesWhatHasNoKey) {
  const TableShape shape =
      shape_of({column("item", "编码",
                       {.kind = Kind::code, .scale = 0, .digits = 0, .domain = drug_codes}, {})},
               {"code"});
  struct Case {
    std::vector<std::vector<Value>> rows;
    bool good, unique;
  };
  const std::vector<Case> cases = {{{{CodeText{"A"}}, {CodeText{"B"}}}, true, true},
                                   {{{CodeText{"A"}}, {CodeText{"A"}}}, true, false},
                                   {{{Unknown{}}}, false, true},
                                   {{{CodeText{"A"}, CodeText{"B"}}}, false, true},
                                   {{}, true, true}};
  for (const Case& c : cases) {
    Table table{.rows = c.rows, .lines = {}, .unique_key = true, .first_duplicate = 0};
    EXPECT_EQ(finish(shape, table), c.good);
    EXPECT_EQ(table.unique_key, c.unique);
  }
}

} // namespace
} // namespace sanku::knowledge
