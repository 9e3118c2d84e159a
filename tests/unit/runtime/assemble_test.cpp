// The canonical rank of lines: its order, equal lines, missing parts, and that the order of the
// file does not matter.
#include "runtime/assemble/assemble.h"
#include "runtime/assemble/order.h"
#include "tests/unit/runtime/claim_schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace sanku::assemble {
namespace {

using sanku::testing::claim_schema;
using sanku::testing::dictionaries;
using enum sanku::testing::Relations;
using enum sanku::testing::DiagnosisColumns;
using enum sanku::testing::ItemColumns;

struct Line {
  std::string at, code, price, quantity, id;
  auto operator<=>(const Line&) const = default;
};

std::vector<std::uint32_t> ranks(const std::vector<Line>& lines) {
  const schema::Schema s = claim_schema();
  const batch::Dictionaries frozen = dictionaries(s, {{0, "M5"}});
  batch::BatchBuilder builder(s, frozen);
  auto add = [&](const std::vector<Line>& of) {
    builder.begin();
    builder.begin_row(settlement);
    for (const Line& line : of) {
      builder.begin_row(items);
      EXPECT_TRUE(builder.set_text(items, i_at, line.at));
      EXPECT_TRUE(builder.set_text(items, i_code, line.code));
      EXPECT_TRUE(builder.set_text(items, i_price, line.price));
      EXPECT_TRUE(builder.set_text(items, i_quantity, line.quantity));
      EXPECT_TRUE(builder.set_text(items, i_id, line.id));
    }
    builder.commit({});
  };
  // A visit before, so that ranks are seen to begin anew in each.
  add({{"2020-01-01", "Z", "1", "1", "z"}});
  add(lines);
  batch::Batch batch = builder.take();
  assemble(batch, s, frozen, {.place = false});
  EXPECT_EQ(batch.relations[items].order.at(0), 0u);
  return {batch.relations[items].order.begin() + 1, batch.relations[items].order.end()};
}

TEST(Assemble, RanksByTimeCodePriceQuantityAndKey) {
  // In canonical order; "" is missing and comes first but for the time.
  const std::vector<Line> sorted = {
      {"2026-03-05", "", "", "", ""},        {"2026-03-05", "", "", "", "1"},
      {"2026-03-05", "A1", "1", "1", "9"},   {"2026-03-05", "A1", "1", "2", "1"},
      {"2026-03-05", "A1", "1.5", "", "1"},  {"2026-03-05", "A1", "10", "0.5", "1"},
      {"2026-03-05", "A1", "10", "1", "10"}, {"2026-03-05", "A1", "10", "1", "2"},
      {"2026-03-05", "A10", "0", "1", "1"},  {"2026-03-05", "M5", "0", "1", "1"},
      {"2026-03-05", "ZZ", "0", "1", "1"},   {"2026-03-05 00:01", "A1", "1", "1", "1"},
      {"2026-03-06", "A1", "1", "1", "1"}};
  std::vector<std::uint32_t> expected(sorted.size());
  for (std::uint32_t i = 0; i < expected.size(); ++i)
    expected[i] = i;
  EXPECT_EQ(ranks(sorted), expected);
}

TEST(Assemble, NumbersEqualLinesAsTheyComeAndGivesLinesWithoutTimeNoRank) {
  const std::vector<Line> lines = {{"2026-03-06", "A", "1", "1", "1"},
                                   {"", "A", "1", "1", "1"},
                                   {"2026-03-05", "A", "1", "1", "1"},
                                   {"2026-03-05", "A", "1.0", "1.00", "1"},
                                   {"2026-03-05 00:00:00", "a", "1", "1", "1"}};
  EXPECT_EQ(ranks(lines), (std::vector<std::uint32_t>{3, abi::no_rank, 0, 1, 2}));
}

TEST(Assemble, DoesNotSeeTheOrderOfTheFile) {
  constexpr unsigned seed = 7;
  std::mt19937 random(seed);
  auto pick = [&](std::vector<std::string> of) { return of[random() % of.size()]; };
  for (int round = 0; round < 100; ++round) {
    std::vector<Line> lines;
    for (unsigned i = 0; i < random() % 40; ++i) {
      lines.push_back({pick({"2026-03-05", "2026-03-05 09:00", "2026-03-06", ""}),
                       pick({"A", "M5", "", "QQ"}), pick({"1", "2", ""}), pick({"1", "0", ""}),
                       pick({"1", "2", ""})});
    }
    std::vector<Line> shuffled = lines;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    // Equal lines are interchangeable: together they have the same ranks.
    std::map<Line, std::set<std::uint32_t>> first_ranks, second_ranks;
    const std::vector<std::uint32_t> first = ranks(lines), second = ranks(shuffled);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      first_ranks[lines[i]].insert(first[i]);
      second_ranks[shuffled[i]].insert(second[i]);
    }
    ASSERT_EQ(first_ranks, second_ranks) << "seed " << seed << " round " << round;
  }
}

TEST(Assemble, PlacesAndRanksListsWithoutATimeByWhatTheyHave) {
  const schema::Schema s = claim_schema();
  const batch::Dictionaries frozen = dictionaries(s);
  batch::BatchBuilder builder(s, frozen);
  builder.begin();
  builder.begin_row(settlement);
  for (const char* code : {"J18.9", "", "I10", "I10"}) {
    builder.begin_row(diagnoses);
    ASSERT_TRUE(builder.set_text(diagnoses, d_code, code));
  }
  builder.commit({});
  batch::Batch batch = builder.take();
  assemble(batch, s, frozen);
  EXPECT_EQ(batch.relations[diagnoses].order, (std::vector<std::uint32_t>{0, 1, 2, 3}));
  std::vector<std::string> placed;
  for (std::uint32_t row = 0; row < 4; ++row) {
    const Value code = batch::value_at(batch, s, frozen, diagnoses, d_code, row);
    placed.push_back(is_known(code) ? std::get<CodeText>(code).text : "");
  }
  EXPECT_EQ(placed, (std::vector<std::string>{"", "I10", "I10", "J18.9"}));
}

// What the other columns decide, and only that.
TEST(Assemble, SaysWhetherTheFirstColumnsTellElementsApart) {
  const schema::Schema s = claim_schema();
  const batch::Dictionaries frozen = dictionaries(s);
  struct Case {
    std::vector<Line> lines;
    bool apart;
  };
  const Line same{"2026-03-05", "A", "1", "1", ""};
  const std::vector<Case> cases = {
      {{}, true},
      {{same}, true},
      {{same, same}, false},
      {{same, {"2026-03-06", "A", "1", "1", ""}}, true},
      {{same, {"2026-03-05", "B", "1", "1", ""}}, true},
      {{same, {"2026-03-05", "A", "2", "1", ""}}, true},
      {{same, {"2026-03-05", "A", "1", "2", ""}}, true},
      {{same, {"2026-03-05", "A", "1", "1", "x"}}, true},
      {{{"", "A", "", "", "2"}, {"", "A", "", "", "1"}, {"", "A", "", "", "2"}}, false},
      {{{"", "A", "", "", "1"}, {"", "A", "", "", "2"}, {"", "A", "", "", "3"}}, true},
  };
  for (const Case& c : cases) {
    batch::BatchBuilder builder(s, frozen);
    builder.begin();
    builder.begin_row(settlement);
    for (const Line& line : c.lines) {
      builder.begin_row(items);
      EXPECT_TRUE(builder.set_text(items, i_at, line.at));
      EXPECT_TRUE(builder.set_text(items, i_code, line.code));
      EXPECT_TRUE(builder.set_text(items, i_price, line.price));
      EXPECT_TRUE(builder.set_text(items, i_quantity, line.quantity));
      EXPECT_TRUE(builder.set_text(items, i_id, line.id));
    }
    builder.commit({});
    EXPECT_EQ(told_apart(builder.take(), s), c.apart) << c.lines.size();
  }
}

} // namespace
} // namespace sanku::assemble
