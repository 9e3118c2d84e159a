// Cells to columns and back: what each type accepts, all-or-nothing records, and that views and
// value_at read the same.
#include "runtime/batch/batch.h"
#include "runtime/batch/column.h"
#include "tests/unit/runtime/claim_schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace sanku::batch {
namespace {

using sanku::testing::claim_schema;
using sanku::testing::dictionaries;
using enum sanku::testing::Relations;
using enum sanku::testing::SettlementColumns;
using enum sanku::testing::ItemColumns;

class BatchTest : public ::testing::Test {
protected:
  schema::Schema schema_ = claim_schema();
  Dictionaries dictionaries_ = dictionaries(schema_, {{0, "XG03"}, {1, "I21.900"}});
  BatchBuilder builder_{schema_, dictionaries_};

  // A settlement with one item.
  void begin_item() {
    builder_.begin();
    builder_.begin_row(settlement);
    builder_.begin_row(items);
  }
  Value item(const Batch& batch, std::uint32_t column, std::uint32_t row = 0) {
    return value_at(batch, schema_, dictionaries_, items, column, row);
  }
};

TEST_F(BatchTest, ReadsEachTypeOrSaysNo) {
  struct Case {
    std::uint32_t relation, column;
    std::string_view cell;
    bool accepted;
    Value value;
  };
  const std::vector<Case> cases = {
      {items, i_id, " 17 ", true, std::string("17")},
      {items, i_id, "", true, Unknown{}},
      {items, i_id, " - ", true, Unknown{}},
      {items, i_id, "null", true, Unknown{}},
      {items, i_code, "xg03", true, CodeText{"XG03"}},
      {items, i_code, "ZZ99", true, CodeText{"ZZ99"}},
      {items, i_quantity, "2.0000", true, Decimal{20000}},
      {items, i_quantity, "-1e0", true, Decimal{-10000}},
      {items, i_quantity, "0.00001", false, Unknown{}},
      {items, i_quantity, "-", true, Unknown{}},
      // 16 digits, 4 of them after the point.
      {items, i_quantity, "999999999999.9999", true, Decimal{9999999999999999}},
      {items, i_quantity, "1000000000000", false, Unknown{}},
      {items, i_quantity, "-1000000000000", false, Unknown{}},
      {items, i_price, "17.123456", true, Decimal{17123456}},
      {items, i_amount, "35.00", true, Decimal{3500}},
      {items, i_amount, "三十五", false, Unknown{}},
      {items, i_at, "2026-03-05 09:30", true, DateTime{20517 * 86400LL + 34200}},
      {items, i_at, "2026-02-30", false, Unknown{}},
      {items, i_current, "1", true, Bool{true}},
      {items, i_current, "false", true, Bool{false}},
      {items, i_current, "2", false, Unknown{}},
      {items, i_window, "6小时", true, make_window(6, WindowUnit::hours)},
      {items, i_window, "很久", false, Unknown{}},
      {settlement, s_sex, "2", true, EnumValue{.id = 2, .unlisted = {}}},
      {settlement, s_sex, "9", true, Unknown{}},
      {settlement, s_sex, "7", true, Unknown{}},
      {settlement, s_kind, "77", true, EnumValue{.id = 0, .unlisted = "77"}},
      {settlement, s_level, "05", true, EnumValue{.id = 2, .unlisted = {}}},
      {settlement, s_days, "12.0", true, Integer{12}},
      {settlement, s_days, "12.5", false, Unknown{}},
      {settlement, s_birth, "1980-01-02", true, Date{3653}},
      {settlement, s_birth, "1980-01-02 00:00:00", true, Date{3653}},
      {settlement, s_birth, "1960-01-02 13:00:00", true, Date{-3652}},
      {settlement, s_birth, "1780-01-01", false, Unknown{}}};
  for (const Case& c : cases) {
    begin_item();
    EXPECT_EQ(builder_.set_text(c.relation, c.column, c.cell), c.accepted) << c.cell;
    EXPECT_EQ(builder_.is_missing(c.relation, c.column), !is_known(c.value)) << c.cell;
    builder_.commit({});
    const Batch batch = builder_.take();
    EXPECT_TRUE(same(value_at(batch, schema_, dictionaries_, c.relation, c.column, 0), c.value))
        << c.cell;
  }
}

TEST_F(BatchTest, GivesCodesOfTheBlockIdsAfterTheFrozenOnes) {
  for (const char* code : {"XG03", "NEW1", "NEW2", "NEW1", "new2"}) {
    begin_item();
    ASSERT_TRUE(builder_.set_text(items, i_code, code));
    builder_.commit({});
  }
  const Batch batch = builder_.take();
  const std::uint32_t frozen = codes::frozen_size(dictionaries_[0]);
  const std::vector<std::uint32_t> expected = {codes::first_code, frozen, frozen + 1, frozen,
                                               frozen + 1};
  std::vector<std::uint32_t> ids(5);
  ASSERT_EQ(batch.relations[items].columns[i_code].values.size(), 20u);
  std::memcpy(ids.data(), batch.relations[items].columns[i_code].values.data(), 20);
  EXPECT_EQ(ids, expected);
  EXPECT_EQ(code_text(batch, dictionaries_, 0, frozen + 1), "NEW2");
}

TEST_F(BatchTest, SetsTypedValues) {
  begin_item();
  const std::vector<std::pair<std::uint32_t, Value>> values = {
      {i_id, std::string("")},  {i_code, CodeText{"XG03"}},
      {i_at, DateTime{-5}},     {i_quantity, Decimal{-9999999999999999}},
      {i_current, Bool{false}}, {i_window, make_window(1, WindowUnit::lifetime)}};
  for (const auto& [column, value] : values)
    builder_.set_value(items, column, value);
  builder_.set_value(items, i_amount, Unknown{});
  builder_.set_value(settlement, s_kind, EnumValue{.id = 0, .unlisted = "77"});
  builder_.commit({});
  const Batch batch = builder_.take();
  for (const auto& [column, value] : values)
    EXPECT_TRUE(same(item(batch, column), value)) << column;
  EXPECT_FALSE(is_known(item(batch, i_amount)));
  EXPECT_TRUE(same(value_at(batch, schema_, dictionaries_, settlement, s_kind, 0),
                   EnumValue{.id = 0, .unlisted = "77"}));
}

TEST_F(BatchTest, LeavesNoTraceOfARecordRolledBack) {
  auto add = [&](int lines, const char* name) {
    builder_.begin();
    builder_.begin_row(settlement);
    for (int i = 0; i < lines; ++i) {
      builder_.begin_row(items);
      EXPECT_TRUE(builder_.set_text(items, i_name, name));
      EXPECT_TRUE(builder_.set_text(items, i_quantity, "7"));
    }
  };
  add(2, "甲");
  builder_.commit({.file = 0, .offset = 0, .line = 1, .part = 0});
  add(30, "乙乙");
  builder_.rollback();
  add(20, "丙");
  builder_.commit({.file = 0, .offset = 0, .line = 3, .part = 0});
  add(5, "丁");
  builder_.commit({.file = 0, .offset = 0, .line = 4, .part = 0});
  builder_.drop_to(1);
  // A row without values after rows that had some: it has to be missing and zero.
  builder_.begin();
  builder_.begin_row(settlement);
  builder_.begin_row(items);
  builder_.commit({.file = 0, .offset = 0, .line = 5, .part = 0});
  const Batch batch = builder_.take();
  EXPECT_EQ(batch.settlements, 2u);
  EXPECT_EQ(batch.origins[1].line, 5u);
  EXPECT_EQ(batch.relations[items].offsets, (std::vector<std::uint32_t>{0, 2, 3}));
  EXPECT_EQ(batch.relations[diagnoses].offsets, (std::vector<std::uint32_t>{0, 0, 0}));
  EXPECT_TRUE(same(item(batch, i_name, 1), std::string("甲")));
  for (std::uint32_t c = 0; c < batch.relations[items].columns.size(); ++c)
    EXPECT_FALSE(is_known(item(batch, c, 2)));
  const std::vector<std::uint8_t>& quantity = batch.relations[items].columns[i_quantity].values;
  ASSERT_EQ(quantity.size(), 24u);
  EXPECT_EQ(std::vector<std::uint8_t>(quantity.begin() + 16, quantity.end()),
            std::vector<std::uint8_t>(8, 0));
}

// Few lines, and more than there are zeros for all views together.
TEST_F(BatchTest, AColumnWithoutValuesHoldsNoneAndReadsAsZeros) {
  for (const std::uint32_t lines : {3u, 700'000u}) {
    builder_.begin();
    builder_.begin_row(settlement);
    for (std::uint32_t i = 0; i < lines; ++i)
      builder_.begin_row(items);
    EXPECT_TRUE(builder_.set_text(items, i_quantity, "7"));
    builder_.commit({});
    Batch batch = builder_.take();
    std::vector<ColumnData>& columns = batch.relations[items].columns;
    EXPECT_FALSE(columns[i_quantity].values.empty());
    EXPECT_TRUE(columns[i_amount].values.empty());
    const View seen = view(batch);
    const auto* zeros = static_cast<const char*>(seen.relations[items].columns[i_amount].values);
    ASSERT_NE(zeros, nullptr);
    EXPECT_TRUE(std::all_of(zeros, zeros + std::size_t{lines} * 8, [](char c) { return c == 0; }));
    EXPECT_EQ(stored<std::int64_t>(columns[i_amount], lines - 1), 0);
    store<std::int64_t>(columns[i_amount], lines - 1, 12);
    EXPECT_TRUE(is_known(item(batch, i_amount, lines - 1)));
    EXPECT_FALSE(is_known(item(batch, i_amount, 0)));
  }
}

TEST_F(BatchTest, StartsEmptyAfterTake) {
  begin_item();
  builder_.commit({});
  EXPECT_EQ(builder_.take().settlements, 1u);
  EXPECT_EQ(builder_.settlements(), 0u);
  const Batch empty = builder_.take();
  EXPECT_EQ(empty.relations[items].rows, 0u);
  EXPECT_EQ(view(empty).relations.size(), 3u);
}

// One value as generated code reads it: from the views alone.
Value viewed(const View& view, const schema::Schema& schema, const Batch& batch,
             const Dictionaries& dictionaries, std::uint32_t relation, std::uint32_t column,
             std::uint32_t row) {
  const abi::ColumnView& data = view.relations[relation].columns[column];
  if (data.validity != nullptr && ((data.validity[row / 8] >> (row % 8)) & 1) == 0)
    return Unknown{};
  const Type& type = schema.relations[relation].columns[column].type;
  auto id = [&] { return static_cast<const std::uint32_t*>(data.values)[row]; };
  auto word = [&] { return static_cast<const std::int64_t*>(data.values)[row]; };
  switch (type.kind) {
  case Kind::boolean:
    return Bool{static_cast<const std::uint8_t*>(data.values)[row] != 0};
  case Kind::integer:
    return Integer{word()};
  case Kind::decimal:
  case Kind::money:
    return Decimal{word()};
  case Kind::date:
    return Date{static_cast<const std::int32_t*>(data.values)[row]};
  case Kind::datetime:
    return DateTime{word()};
  case Kind::window:
    return Window{word()};
  case Kind::text: {
    const char* bytes = static_cast<const char*>(data.values);
    return std::string(bytes + data.offsets[row], bytes + data.offsets[row + 1]);
  }
  case Kind::code:
    return CodeText{
        std::string(code_text(batch, dictionaries, schema.systems[type.domain].dictionary, id()))};
  case Kind::enumeration:
    if (id() < first_unlisted)
      return EnumValue{.id = id(), .unlisted = {}};
    return EnumValue{
        .id = 0, .unlisted = std::string(batch.unlisted[type.domain].texts[id() - first_unlisted])};
  default:
    return Unknown{};
  }
}

TEST_F(BatchTest, ShowsGeneratedCodeWhatTheEvaluatorReads) {
  constexpr unsigned seed = 20260305;
  std::mt19937 random(seed);
  const std::vector<std::vector<const char*>> cells = {{"1", "甲", "长长长长的名称", ""},
                                                       {"XG03", "A1", "B2", "-"},
                                                       {"2026-03-05", "2026-03-05 10:00", "null"},
                                                       {"1", "2.5", "-3", ""},
                                                       {"1", "0", ""},
                                                       {"单日", "6小时", ""},
                                                       {"1", "2", "9", "77"}};
  std::uint32_t lines = 0;
  for (int s = 0; s < 200; ++s) {
    builder_.begin();
    for (std::uint32_t r = 0; r < schema_.relations.size(); ++r) {
      const auto rows = static_cast<unsigned>(r == 0 ? 1 : random() % 9);
      for (unsigned i = 0; i < rows; ++i) {
        builder_.begin_row(r);
        for (std::uint32_t c = 0; c < schema_.relations[r].columns.size(); ++c) {
          const std::vector<const char*>& choice = cells[random() % cells.size()];
          (void)builder_.set_text(r, c, choice[random() % choice.size()]);
        }
      }
      if (r == items)
        lines += rows;
    }
    if (random() % 5 == 0) {
      builder_.rollback();
    } else {
      builder_.commit({});
    }
  }
  const Batch batch = builder_.take();
  const View seen = view(batch);
  std::size_t known = 0;
  for (std::uint32_t r = 0; r < batch.relations.size(); ++r) {
    EXPECT_EQ(seen.relations[r].rows, batch.relations[r].rows);
    for (std::uint32_t c = 0; c < batch.relations[r].columns.size(); ++c) {
      for (std::uint32_t row = 0; row < batch.relations[r].rows; ++row) {
        const Value value = value_at(batch, schema_, dictionaries_, r, c, row);
        known += is_known(value);
        ASSERT_TRUE(same(value, viewed(seen, schema_, batch, dictionaries_, r, c, row)))
            << "seed " << seed << " relation " << r << " column " << c << " row " << row;
      }
    }
  }
  EXPECT_GT(known, 1000u);
  EXPECT_GT(lines, batch.relations[items].rows);
}

} // namespace
} // namespace sanku::batch
