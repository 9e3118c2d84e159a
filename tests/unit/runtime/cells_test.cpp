// The quick way of a cell into a column against BatchBuilder::set_text, over many thousand texts of
// every form: what the quick way takes it takes as set_text does, and it takes what is usual. And
// the cache of codes, whatever comes in between: the same text has the same id in a batch, and only
// then.
#include "runtime/batch/cells.h"
#include "runtime/batch/column.h"
#include "tests/unit/runtime/claim_schema.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace sanku::batch {
namespace {

using namespace sanku::testing; // NOLINT(google-build-using-namespace): the columns' names

class CellsTest : public ::testing::Test {
protected:
  // The batch of one item, or of one settlement, with that cell; empty: it was not taken.
  std::string quick(std::uint32_t relation, std::uint32_t column, const std::string& cell) {
    const std::string padded = cell + std::string(64, '7');
    builder_.begin();
    std::uint32_t row = builder_.begin_row(0);
    if (relation != 0)
      row = builder_.begin_row(relation);
    const bool plain = std::ranges::all_of(cell, [](char c) { return (c & 0x80) == 0; });
    const Put put = put_cell(builder_.building(relation, column), row, padded.data(),
                             static_cast<std::uint32_t>(cell.size()), plain);
    asked_ += put == Put::ask ? 1 : 0;
    return put == Put::ask ? abandon() : show(relation, column);
  }
  std::string slow(std::uint32_t relation, std::uint32_t column, const std::string& cell) {
    builder_.begin();
    builder_.begin_row(0);
    if (relation != 0)
      builder_.begin_row(relation);
    return builder_.set_text(relation, column, cell) ? show(relation, column) : abandon();
  }
  std::string abandon() {
    builder_.rollback();
    return {};
  }
  std::string show(std::uint32_t relation, std::uint32_t column) {
    builder_.commit({});
    const Batch batch = builder_.take();
    const Value value = value_at(batch, schema_, dictionaries_, relation, column, 0);
    const auto* listed = std::get_if<EnumValue>(&value);
    return "is " + to_text(value, schema_.relations[relation].columns[column].type, Language::en,
                           listed == nullptr ? "" : fmt::format("#{}", listed->id));
  }

  schema::Schema schema_ = claim_schema();
  Dictionaries dictionaries_ = dictionaries(schema_, {{0, "XG03"}});
  BatchBuilder builder_{schema_, dictionaries_};
  unsigned asked_ = 0;
};

TEST_F(CellsTest, TakesWhatSetTextTakes) {
  std::mt19937 random(7);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> columns = {
      {items, i_quantity}, {items, i_price}, {items, i_amount},     {settlement, s_days},
      {items, i_at},       {items, i_code},  {settlement, s_birth}, {settlement, s_sex},
      {items, i_current},  {items, i_name},  {settlement, s_level}};
  const std::string letters = "0123456789012345678901234567890123456789..--: +eT/xX一";
  unsigned taken = 0;
  for (int round = 0; round < 40'000; ++round) {
    std::string cell;
    if (round % 4 == 0)
      for (unsigned i = below(12); i > 0; --i)
        cell += letters[below(static_cast<unsigned>(letters.size()))];
    else if (round % 4 == 1)
      cell = fmt::format("{}.{:02}", below(200'000), below(100));
    else if (round % 4 == 2)
      cell = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", 1780 + below(450), below(14),
                         below(33), below(26), below(62), below(62));
    else
      cell = fmt::format("{:04}-{:02}-{:02}", 1780 + below(450), below(14), below(33));
    const auto [relation, column] = columns[below(static_cast<unsigned>(columns.size()))];
    const std::string got = quick(relation, column, cell);
    if (got.empty())
      continue;
    ++taken;
    ASSERT_EQ(got, slow(relation, column, cell)) << cell << " in " << relation << " " << column;
    // Again, now that the column has seen it.
    ASSERT_EQ(got, quick(relation, column, cell)) << cell << " in " << relation << " " << column;
  }
  EXPECT_GT(taken, 8'000u);
}

TEST_F(CellsTest, AsksForNothingUsual) {
  const std::vector<std::tuple<std::uint32_t, std::uint32_t, std::string>> usual = {
      {items, i_quantity, "1.00"},
      {items, i_price, "17.5000"},
      {items, i_amount, "12345.67"},
      {items, i_amount, "0"},
      {items, i_at, "2024-02-29 23:59:59"},
      {settlement, s_birth, "1980-01-31"},
      {settlement, s_sex, "1"},
      {settlement, s_sex, "9"},
      {settlement, s_level, "05"},
      {items, i_current, "1"},
      {items, i_name, "注射用头孢"},
      {items, i_name, ""},
      {items, i_amount, ""}};
  for (const auto& [relation, column, cell] : usual)
    EXPECT_EQ(quick(relation, column, cell), slow(relation, column, cell)) << cell;
  EXPECT_EQ(asked_, 0u);
}

// Codes of every length, written well and badly, known and unknown, over many batches.
TEST_F(CellsTest, GivesEachCodeOneIdInABatch) {
  std::mt19937 random(11);
  for (int batch = 0; batch < 60; ++batch) {
    std::vector<std::string> written;
    builder_.begin();
    builder_.begin_row(0);
    for (int i = 0; i < 60; ++i) {
      const auto number = static_cast<unsigned>(random() % 40);
      std::string code = number == 0 ? "XG03" : fmt::format("C{}", number * 977);
      if (number % 5 == 0)
        code += "-AND-MORE-THAN-THIRTY-TWO-BYTES-OF-IT";
      std::string cell = code;
      if (random() % 3 == 0)
        std::ranges::transform(cell, cell.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
      if (random() % 3 == 0)
        cell = " " + cell;
      const std::uint32_t row = builder_.begin_row(items);
      const std::string padded = cell + std::string(64, ' ');
      if (put_cell(builder_.building(items, i_code), row, padded.data(),
                   static_cast<std::uint32_t>(cell.size()), true) == Put::ask) {
        ASSERT_TRUE(builder_.set_text(items, i_code, cell));
      }
      written.push_back(code);
    }
    builder_.commit({});
    const Batch made = builder_.take();
    std::map<std::string, std::uint32_t> ids;
    for (std::uint32_t row = 0; row < written.size(); ++row) {
      const auto id = stored<std::uint32_t>(made.relations[items].columns[i_code], row);
      EXPECT_EQ(code_text(made, dictionaries_, 0, id), written[row]);
      EXPECT_EQ(ids.emplace(written[row], id).first->second, id) << written[row];
      EXPECT_EQ(id < codes::frozen_size(dictionaries_[0]), written[row] == "XG03");
    }
    EXPECT_LE(made.overflow[0].texts.size(), 40u);
  }
}

// However many there are, each stands where it was put until all are forgotten.
TEST(CodeCache, KnowsEveryCodeUntilItForgetsAll) {
  codes::CodeCache cache;
  const auto look = [&](std::size_t number, auto&& found) {
    const std::string code = fmt::format("{}", number * 7919) + std::string(number % 23, 'A');
    const std::string padded = code + std::string(64, 'B');
    const codes::Cell cell = codes::cell_of(padded.data(), code.size());
    const std::uint64_t hash = codes::CodeCache::hash_of(cell, code.size());
    codes::CodeCache::Entry* entry = cache.find(cell, code.size(), hash);
    found(entry, [&]() -> codes::CodeCache::Entry& { return cache.add(cell, code.size(), hash); });
  };
  for (int round = 0; round < 2; ++round) {
    for (std::size_t number = 0; number < codes::CodeCache::most_entries; ++number)
      look(number, [&](const auto* entry, auto&& add) {
        ASSERT_EQ(entry, nullptr) << number;
        add().frozen = static_cast<std::uint32_t>(number);
      });
    for (std::size_t number = 0; number < codes::CodeCache::most_entries; ++number)
      look(number, [&](const auto* entry, auto&&) {
        ASSERT_NE(entry, nullptr) << number;
        ASSERT_EQ(entry->frozen, number);
      });
    EXPECT_EQ(cache.size(), codes::CodeCache::most_entries);
    cache.forget_if_full();
    EXPECT_EQ(cache.size(), 0u);
  }
}

TEST_F(CellsTest, KeepsNoValueOfAColumnThatIsNotKept) {
  Kept kept;
  for (const schema::Relation& relation : schema_.relations)
    kept.emplace_back(relation.columns.size(), false);
  BatchBuilder builder(schema_, dictionaries_, kept);
  builder.begin();
  builder.begin_row(0);
  EXPECT_TRUE(builder.set_text(0, s_id, "S1"));
  EXPECT_FALSE(builder.is_missing(0, s_id));
  EXPECT_FALSE(builder.set_text(0, s_total, "much"));
  EXPECT_TRUE(builder.set_text(0, s_patient_id, "P1"));
  builder.set_value(0, s_total, Decimal{100});
  builder.commit({});
  const Batch batch = builder.take();
  for (const std::uint32_t column : {s_id, s_total, s_patient_id})
    EXPECT_FALSE(is_known(value_at(batch, schema_, dictionaries_, 0, column, 0)));
  EXPECT_TRUE(batch.overflow[person_codes].texts.empty());
}

} // namespace
} // namespace sanku::batch
