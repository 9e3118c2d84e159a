// Tables whose keys are prefixes: the index against a plain search, for codes of the dictionary and
// for those of a block alone; which keys are unique; and windows longer than their column says.
#include "runtime/abi/keyed.h"
#include "runtime/knowledge/table.h"
#include "tests/unit/runtime/claim_schema.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

namespace sanku::knowledge {
namespace {

using sanku::testing::claim_schema;
using sanku::testing::column;
using sanku::testing::dictionaries;
using enum sanku::testing::Systems;

TableShape shape_of(std::vector<schema::Column> columns, std::optional<KeyPrefix> prefix) {
  TableShape shape;
  shape.relation = {.kind = schema::RelationKind::table,
                    .names = {"t", "表"},
                    .each = {"row", "行"},
                    .nonempty = false,
                    .wire = {},
                    .columns = std::move(columns)};
  for (const schema::Column& each : shape.relation.columns)
    shape.headers.push_back(each.names.en);
  shape.key_prefix = prefix;
  shape.file = "t.csv";
  return shape;
}
TableShape prefixes(KeyPrefix which) {
  TableShape shape =
      shape_of({column("item", "编码",
                       {.kind = Kind::code, .scale = 0, .digits = 0, .domain = drug_codes}, {})},
               which);
  shape.relation.columns[0].optional = false;
  return shape;
}

std::string random_code(std::mt19937& random, std::size_t least, std::size_t most) {
  std::string code;
  for (std::size_t left = least + random() % (most - least + 1); left > 0; --left)
    code += static_cast<char>('A' + random() % 2);
  return code;
}

// Rows by a search, in the order of the table.
std::vector<std::uint32_t> searched(const Table& table, const std::string& code, KeyPrefix which) {
  std::vector<std::uint32_t> rows;
  std::size_t longest = 0;
  for (std::uint32_t row = 0; row < table.rows.size(); ++row) {
    const std::string& key = std::get<CodeText>(table.rows[row][0]).text;
    if (!code.starts_with(key))
      continue;
    if (which == KeyPrefix::longest && key.size() > longest)
      rows.clear();
    if (which == KeyPrefix::longest && key.size() < longest)
      continue;
    longest = std::max(longest, key.size());
    rows.push_back(row);
  }
  return rows;
}

TEST(Prefix, FindsRowsAsASearchWould) {
  const schema::Schema schema = claim_schema();
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    const KeyPrefix which = round % 2 == 0 ? KeyPrefix::longest : KeyPrefix::all;
    const TableShape shape = prefixes(which);
    Table table;
    for (int i = 0; i < 12; ++i)
      table.rows.push_back({CodeText{random_code(random, 1, 6)}});
    ASSERT_TRUE(finish(shape, table));
    batch::Dictionaries frozen = dictionaries(schema, {{0, "ABABAB"}, {0, "BB"}});
    intern_codes(shape, schema, table, frozen);
    const BoundTable bound = knowledge::bind(shape, schema, table, frozen);
    std::vector<std::string> own;
    for (int i = 0; i < 60; ++i)
      own.push_back(random_code(random, 1, 8));
    std::vector<Text> overflow;
    for (const std::string& text : own)
      overflow.push_back({text.data(), text.size()});
    const auto end = codes::frozen_size(frozen[0]);
    const abi::CodeTexts codes{frozen[0].texts.views(), overflow.data(), codes::first_code, end};
    const abi::KeyedView view = keyed_view(bound, shape, schema);
    for (std::uint32_t id = codes::first_code; id < end + own.size(); ++id) {
      const std::string_view text =
          id < end ? frozen[0].texts[id - codes::first_code] : own[id - end];
      const abi::KeyEntry entry = abi::find_key(view, abi::key_ids(view, codes, id).first);
      std::vector<std::uint32_t> found;
      for (std::uint32_t i = 0; i < entry.count; ++i)
        found.push_back(abi::row_at(view, entry, i));
      ASSERT_EQ(found, searched(table, std::string(text), which)) << text << " round " << round;
    }
  }
}

TEST(Prefix, AKeyIsUniqueWhereNoCodeFindsTwoRows) {
  struct Case {
    std::vector<std::string> keys;
    KeyPrefix which;
    bool unique;
  };
  const std::vector<Case> cases = {
      {{"A", "AB", "B"}, KeyPrefix::longest, true}, {{"A", "A"}, KeyPrefix::longest, false},
      {{"A", "AB"}, KeyPrefix::all, false},         {{"AB", "C", "A"}, KeyPrefix::all, false},
      {{"AB", "AC", "B"}, KeyPrefix::all, true},    {{"AB", "AB"}, KeyPrefix::all, false}};
  for (const Case& c : cases) {
    Table table;
    for (const std::string& key : c.keys)
      table.rows.push_back({CodeText{key}});
    ASSERT_TRUE(finish(prefixes(c.which), table));
    EXPECT_EQ(table.unique_key, c.unique) << c.keys[0] << c.keys[1];
  }
}

TEST(Prefix, WindowsAreHeldToTheirBound) {
  struct Case {
    Span bound;
    const char* cell;
    bool good;
  };
  const std::vector<Case> cases = {{make_span(30, SpanUnit::days), "30天", true},
                                   {make_span(30, SpanUnit::days), "31天", false},
                                   {make_span(30, SpanUnit::days), "自然月", false},
                                   {make_span(1, SpanUnit::months), "自然月", true},
                                   {make_span(1, SpanUnit::months), "28天", true},
                                   {make_span(1, SpanUnit::months), "29天", false},
                                   {make_span(3, SpanUnit::months), "季度", true},
                                   {make_span(1, SpanUnit::years), "医保年度", true},
                                   {make_span(1, SpanUnit::years), "365天", true},
                                   {make_span(1, SpanUnit::years), "终身", false},
                                   {make_span(6, SpanUnit::hours), "同一小时", true},
                                   {make_span(6, SpanUnit::hours), "单日", false},
                                   {make_span(1, SpanUnit::days), "当次就诊", true}};
  const schema::Schema schema = claim_schema();
  const auto file = std::filesystem::temp_directory_path() /
                    ("sanku_prefix_" + std::to_string(::getpid()) + ".csv");
  for (const Case& c : cases) {
    TableShape shape = shape_of({column("n", "号", {.kind = Kind::integer}, {}),
                                 column("window", "窗", {.kind = Kind::window}, {})},
                                std::nullopt);
    shape.bounds = {std::nullopt, c.bound};
    std::ofstream(file, std::ios::binary) << "n,window\n1," << c.cell << "\n";
    Table table;
    const auto faults = load(file, shape, schema, code_rules(schema), table);
    EXPECT_EQ(faults.empty(), c.good) << c.cell;
    if (!c.good && !faults.empty()) {
      EXPECT_EQ(faults[0].kind, TableFault::Kind::window_bound);
      EXPECT_EQ(faults[0].line, 2u);
      EXPECT_EQ(faults[0].column, "window");
    }
  }
  std::filesystem::remove(file);
}

} // namespace
} // namespace sanku::knowledge
