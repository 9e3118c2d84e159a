// Tables: every fault with its place, typed cells, unique keys, and the index by key against a
// plain search.
#include "runtime/abi/keyed.h"
#include "runtime/knowledge/fullest_key.h"
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
  CodeRules rules_ = code_rules(schema_);
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
    return load(folder_ / "t.csv", shape, schema_, rules_, table_);
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

TEST_F(KnowledgeTest, TheFullestKeyIsWhatALookUpFindsAtMost) {
  const std::string header = "code,性别,limit,window,remark\n";
  TableShape shape = drugs();
  load_text(shape, header + "XG03,男,1,,\nXG03,女,1,,\nXG,男,1,,\nXG04,男,1,,\n");
  EXPECT_EQ(fullest_key(shape, schema_, table_), 2u);
  shape.key_prefix = KeyPrefix::longest;
  EXPECT_EQ(fullest_key(shape, schema_, table_), 2u);
  shape.key_prefix = KeyPrefix::all;
  EXPECT_EQ(fullest_key(shape, schema_, table_), 3u) << "XG begins XG03";
  load_text(drugs(), header);
  EXPECT_EQ(fullest_key(shape, schema_, table_), 0u);
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
  const std::vector<TableFault> unreadable =
      load(folder_ / "absent.csv", drugs(), schema_, rules_, table_);
  ASSERT_EQ(unreadable.size(), 1u);
  EXPECT_EQ(unreadable[0].kind, Kind_::unreadable);
}

TEST_F(KnowledgeTest, RefusesMoreRowsThanMayBe) {
  const std::string text = "code,性别,limit,window,remark\nXA01,,,,\nXA02,,,,\nXA03,,,,\n";
  std::ofstream(folder_ / "long.csv", std::ios::binary) << text;
  for (const std::uint64_t most : {2u, 3u}) {
    const std::vector<TableFault> faults =
        load(folder_ / "long.csv", drugs(), schema_, rules_, table_, {.read = {}, .rows = most});
    const bool is_long = std::ranges::any_of(faults, [](const TableFault& fault) {
      return fault.kind == TableFault::Kind::too_long && fault.line == 4;
    });
    EXPECT_EQ(is_long, most == 2) << most;
  }
  // Of all layers together.
  const TablePart::File file{.path = folder_ / "long.csv", .shown = "long.csv"};
  for (const std::uint64_t most : {5u, 6u}) {
    TablePart first, second;
    first.files = second.files = {file};
    second.layer = 1;
    const std::vector<TableFault> faults =
        load({first, second}, drugs(), schema_, rules_, std::nullopt, table_, most);
    EXPECT_EQ(std::ranges::count(faults, TableFault::Kind::too_long, &TableFault::kind), most == 5);
  }
}

TEST_F(KnowledgeTest, RefusesMoreElementsOfASetThanMayBe) {
  TableShape shape = drugs();
  shape.sets.resize(shape.relation.columns.size());
  shape.sets[4] = Type{.kind = Kind::integer};
  for (const std::size_t more : {0u, 1u}) {
    std::string set;
    for (std::size_t i = 0; i < most_cell_elements + more; ++i)
      set += (i == 0 ? "" : "、") + std::to_string(i);
    const std::vector<TableFault> faults =
        load_text(shape, "code,性别,limit,window,remark\nXA01,女,,,1\nXA02,女,,," + set + "\n");
    ASSERT_EQ(faults.size(), more);
    if (more == 0)
      continue;
    EXPECT_EQ(faults[0].kind, TableFault::Kind::set_too_long);
    EXPECT_EQ(faults[0].line, 3u);
    EXPECT_EQ(faults[0].column, "remark");
    EXPECT_EQ(faults[0].found, std::to_string(most_cell_elements));
  }
}

TEST_F(KnowledgeTest, TellsUnitsWithTheNumberThatWasMeant) {
  struct Case {
    std::string cell;
    TableFault::Kind kind;
    std::string wanted;
  };
  using enum TableFault::Kind;
  for (const Case& c :
       {Case{"14天", unit_in_cell, "14"}, Case{"1.50元", unit_in_cell, "1.50"},
        Case{"-2 mg", unit_in_cell, "-2"}, Case{"十四", bad_cell, ""}, Case{"1.234", bad_cell, ""},
        Case{"\"1,5\"", bad_cell, ""}, Case{"-", bad_cell, ""}, Case{"1e9", bad_cell, ""}}) {
    const std::vector<TableFault> faults =
        load_text(drugs(), "code,性别,limit,window,remark\nA,男," + c.cell + ",,\n");
    ASSERT_EQ(faults.size(), 1u) << c.cell;
    EXPECT_EQ(faults[0].kind, c.kind) << c.cell;
    EXPECT_EQ(faults[0].wanted, c.wanted) << c.cell;
    EXPECT_EQ(faults[0].line, 2u);
    EXPECT_EQ(faults[0].column, "limit");
  }
}

TEST_F(KnowledgeTest, HoldsCodesToTheirFormAndTheirRegistry) {
  schema_.systems[item_codes].members = {drug_codes, diagnosis_codes};
  schema_.systems[drug_codes].form = "[A-Z][A-Z0-9]{3}";
  std::ofstream(folder_ / "registry.csv") << "name,code\nx,I21.900\ny,J00.x00\n";
  const Result<Registry> registry = load_registry(folder_ / "registry.csv");
  ASSERT_TRUE(registry);
  EXPECT_EQ(*registry, (Registry{"I21.900", "J00.x00"}));
  EXPECT_FALSE(load_registry(folder_ / "absent.csv"));
  rules_ = code_rules(schema_);
  rules_.registries.emplace(diagnosis_codes, *registry);
  struct Case {
    std::uint32_t system;
    std::string code;
    CodeVerdict verdict;
  };
  using enum CodeVerdict;
  for (const Case& c :
       {Case{drug_codes, "XG03", good}, Case{drug_codes, "XG0", wrong_form},
        Case{diagnosis_codes, "I21.900", good}, Case{diagnosis_codes, "I21", good},
        Case{diagnosis_codes, "I22", not_registered}, Case{item_codes, "XG03", good},
        Case{item_codes, "J00.x00", good}, Case{item_codes, "nothing", not_registered},
        Case{person_codes, "anything", good}})
    EXPECT_EQ(judge_code(schema_, rules_, c.system, c.code), c.verdict) << c.code;
  schema_.systems[diagnosis_codes].hierarchical = false;
  EXPECT_EQ(judge_code(schema_, rules_, diagnosis_codes, "I21"), not_registered);

  const std::vector<TableFault> faults =
      load_text(drugs(), "code,性别,limit,window,remark\nXG03,男,,,\nXG-3,男,,,\n");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].kind, TableFault::Kind::code_form);
  EXPECT_EQ(faults[0].line, 3u);
  EXPECT_EQ(faults[0].found, "XG-3");
  EXPECT_EQ(faults[0].wanted, "[A-Z][A-Z0-9]{3}");
  TableShape diagnoses = drugs();
  diagnoses.relation.columns[0].type.domain = diagnosis_codes;
  const std::vector<TableFault> unknown =
      load_text(diagnoses, "code,性别,limit,window,remark\nI21.900,男,,,\nI22,男,,,\nI23,男,,,\n");
  ASSERT_EQ(unknown.size(), 1u) << "told once a column";
  EXPECT_EQ(unknown[0].kind, TableFault::Kind::unknown_code);
  EXPECT_EQ(unknown[0].line, 3u);
  EXPECT_EQ(unknown[0].found, "I22");
  EXPECT_EQ(unknown[0].more, 1u);
  EXPECT_EQ(table_.rows.size(), 3u) << "the rows stay";
}

TEST_F(KnowledgeTest, TellsPeriodsThatOverlapOrEndBeforeTheyBegin) {
  TableShape shape =
      shape_of({column("code", "编码",
                       {.kind = Kind::code, .scale = 0, .digits = 0, .domain = drug_codes}, {}),
                column("limit", "限", {.kind = Kind::integer}, {}),
                column("from", "起", {.kind = Kind::date}, {}),
                column("to", "止", {.kind = Kind::date}, {})},
               {"code", "limit", "valid_from", "valid_to"});
  struct Case {
    std::string rows;
    std::vector<std::string> faults; // kind line found
  };
  const int overlap = static_cast<int>(TableFault::Kind::period_overlap),
            order = static_cast<int>(TableFault::Kind::period_order),
            repeated = static_cast<int>(TableFault::Kind::duplicate_row);
  const auto told = [](int kind, int line, const std::string& found) {
    return std::to_string(kind) + " " + std::to_string(line) + " " + found;
  };
  const std::vector<Case> cases = {
      {"A,1,2025-01-01,2025-12-31\nA,1,2026-01-01,\n", {}},
      {"A,1,2025-01-01,2026-01-01\nA,1,2026-01-01,\n", {told(overlap, 3, "2")}},
      {"A,1,2026-01-01,\nA,1,2025-01-01,\n", {told(overlap, 3, "2")}},
      {"A,1,,\nA,1,2025-01-01,2025-02-01\nA,1,2026-01-01,\n",
       {told(overlap, 3, "2"), told(overlap, 4, "3")}},
      // Another limit, another code: two rows of a list.
      {"A,1,2025-01-01,\nA,2,2025-01-01,\nB,1,2025-01-01,\n", {}},
      {"A,1,2025-01-01,2024-12-31\n", {told(order, 2, "2024-12-31")}},
      {"A,1,2025-01-01,\nA,1,2025-01-01,\n", {told(repeated, 3, "2")}},
  };
  for (const Case& c : cases) {
    std::vector<std::string> faults;
    for (const TableFault& fault : load_text(shape, "code,limit,valid_from,valid_to\n" + c.rows))
      faults.push_back(
          told(static_cast<int>(fault.kind), static_cast<int>(fault.line), fault.found));
    EXPECT_EQ(faults, c.faults) << c.rows;
  }
}

// What a lookup gives, against walking all rows; `view` of the bound table.
void expect_view_is_search(const abi::KeyedView& view, const std::vector<std::uint32_t>& keys,
                           std::uint32_t up_to) {
  for (std::uint32_t id = 0; id <= up_to; ++id) {
    std::vector<std::uint32_t> expected;
    for (std::uint32_t row = 0; row < keys.size(); ++row) {
      if (keys[row] == id)
        expected.push_back(row);
    }
    const abi::KeyEntry entry = abi::find_key(view, id);
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < entry.count; ++i)
      found.push_back(abi::row_at(view, entry, i));
    ASSERT_EQ(found, expected) << id;
  }
}

// By id where the ids lie close together, and by hash where they do not.
void expect_index_is_search(const BoundTable& bound, const TableShape& shape,
                            const schema::Schema& schema, const std::vector<std::uint32_t>& keys,
                            std::uint32_t up_to) {
  std::size_t used = 0;
  for (const abi::KeyEntry& entry : bound.entries)
    used += entry.count != 0;
  EXPECT_LE(used * 2, bound.entries.size());
  abi::KeyedView view = keyed_view(bound, shape, schema);
  expect_view_is_search(view, keys, up_to);
  view.span = 0;
  expect_view_is_search(view, keys, up_to);
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
  EXPECT_FALSE(bound.runs.empty());
  expect_index_is_search(bound, drugs(), schema_, keys, codes::frozen_size(frozen[0]) + 50);
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
  EXPECT_TRUE(bound.runs.empty());
  expect_index_is_search(bound, numbers, schema_, {0, 7, 2147483647u}, 10);
  EXPECT_EQ(load_text(numbers, "n\n-1\n2147483648\n1.5\n").size(), 3u);
  TableShape levels =
      shape_of({column("level", "等级",
                       {.kind = Kind::enumeration, .scale = 0, .digits = 0, .domain = level}, {})},
               {"level"});
  ASSERT_TRUE(load_text(levels, "level\n三级\nfirst\n").empty());
  bound = knowledge::bind(levels, schema_, table_, frozen);
  expect_index_is_search(bound, levels, schema_, {3, 1}, 5);
}

TEST_F(KnowledgeTest, BindsAnEmptyTable) {
  ASSERT_TRUE(load_text(drugs(), "code,性别,limit,window,remark\n").empty());
  expect_index_is_search(knowledge::bind(drugs(), schema_, table_, dictionaries(schema_)), drugs(),
                         schema_, {}, 5);
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
    Table table;
    table.rows = c.rows;
    EXPECT_EQ(finish(shape, table), c.good);
    EXPECT_EQ(table.unique_key, c.unique);
  }
}

} // namespace
} // namespace sanku::knowledge
