// Netting of refund lines, by hand-worked tables: what was sent, and what is left.
#include "runtime/assemble/assemble.h"
#include "runtime/assemble/net.h"
#include "tests/unit/runtime/visit_schema.h"

#include <algorithm>
#include <random>

namespace sanku::assemble {
namespace {

using sanku::testing::batch_of;
using sanku::testing::Cells;
using sanku::testing::visit_schema;
using enum sanku::testing::Relations;
using enum sanku::testing::MoreRelations;
using enum sanku::testing::SettlementColumns;
using enum sanku::testing::ItemColumns;
using enum sanku::testing::MoreItemColumns;

struct Line {
  std::string id, at, code, price, quantity, amount;
  std::string link = {}, prescription = {}, local = {};
};

struct Netted {
  std::vector<std::string> items, raw; // id quantity amount
};

Netted net(const std::vector<Line>& lines) {
  const schema::Schema schema = visit_schema();
  const batch::Dictionaries none(schema.dictionaries);
  sanku::testing::SentVisit visit{.header = {{s_visit, "V"}}};
  for (const Line& line : lines)
    visit.items.push_back({{i_id, line.id},
                           {i_at, line.at},
                           {i_code, line.code},
                           {i_price, line.price},
                           {i_quantity, line.quantity},
                           {i_amount, line.amount},
                           {i_reverses, line.link},
                           {i_prescription, line.prescription},
                           {i_local, line.local}});
  // Beside a visit without refunds, which stays as it is.
  const sanku::testing::SentVisit other{
      .header = {{s_visit, "W"}},
      .items = {{{i_id, "w"}, {i_code, "A"}, {i_quantity, "5"}, {i_amount, "5"}}}};
  batch::Batch batch = batch_of(schema, none, {other, visit, other});
  assemble(batch, schema, none);
  Netted made{
      .items = sanku::testing::shown(batch, schema, none, items, {i_id, i_quantity, i_amount}),
      .raw = sanku::testing::shown(batch, schema, none, raw_items, {i_id, i_quantity, i_amount})};
  for (std::vector<std::string>* list : {&made.items, &made.raw}) {
    EXPECT_EQ(list->front(), "w 5 5");
    EXPECT_EQ(list->back(), "w 5 5");
    list->erase(list->begin());
    list->pop_back();
  }
  return made;
}

struct Case {
  const char* about;
  std::vector<Line> sent;
  std::vector<std::string> left;
};

const std::vector<Case> cases = {
    {"a whole refund by link takes both lines out",
     {{"1", "2026-03-05 09:00", "A", "10", "2", "20"},
      {"2", "2026-03-05 10:00", "A", "10", "-2", "-20", "1"},
      {"3", "2026-03-05 11:00", "A", "10", "1", "10"}},
     {"3 1 10"}},
    {"a link decides, not the latest line",
     {{"1", "2026-03-05 09:00", "A", "10", "3", "30"},
      {"2", "2026-03-05 10:00", "A", "10", "3", "30"},
      {"3", "2026-03-05 11:00", "A", "10", "-1", "-10", "1"}},
     {"1 2 20", "2 3 30"}},
    {"a link is followed to a line that came later and has another price",
     {{"1", "2026-03-06 09:00", "A", "12", "1", "12"},
      {"2", "2026-03-05 10:00", "A", "10", "-1", "-12", "1"}},
     {}},
    {"of several lines of the linked number those of the same goods",
     {{"1", "2026-03-05 09:00", "B", "10", "1", "10"},
      {"1", "2026-03-05 09:00", "A", "10", "1", "10"},
      {"2", "2026-03-05 10:00", "A", "10", "-1", "-10", "1"}},
     {"1 1 10"}},
    {"what a link does not cover goes on by goods",
     {{"1", "2026-03-05 09:00", "A", "10", "1", "10"},
      {"2", "2026-03-05 09:30", "A", "10", "5", "50"},
      {"3", "2026-03-05 10:00", "A", "10", "-3", "-30", "1"}},
     {"2 3 30"}},
    {"without a link the latest line not after the refund",
     {{"1", "2026-03-05 08:00", "A", "10", "1", "10"},
      {"2", "2026-03-05 09:00", "A", "10", "1", "10"},
      {"3", "2026-03-05 11:00", "A", "10", "1", "10"},
      {"4", "2026-03-05 10:00", "A", "10", "-1", "-10"}},
     {"1 1 10", "3 1 10"}},
    {"the same prescription before a later line",
     {{"1", "2026-03-05 08:00", "A", "10", "1", "10", "", "RX1"},
      {"2", "2026-03-05 09:00", "A", "10", "1", "10", "", "RX2"},
      {"3", "2026-03-05 10:00", "A", "10", "-1", "-10", "", "RX1"}},
     {"2 1 10"}},
    {"a refund spreads over lines, the latest first",
     {{"1", "2026-03-05 08:00", "A", "10", "2", "20"},
      {"2", "2026-03-05 09:00", "A", "10", "2", "20"},
      {"3", "2026-03-05 10:00", "A", "10", "-3", "-30"}},
     {"1 1 10"}},
    {"another price, hospital code or national code is another thing",
     {{"1", "2026-03-05 08:00", "A", "11", "1", "11"},
      {"2", "2026-03-05 08:00", "A", "10", "1", "10", "", "", "L2"},
      {"3", "2026-03-05 08:00", "B", "10", "1", "10", "", "", "L1"},
      {"4", "2026-03-05 10:00", "A", "10", "-1", "-10", "", "", "L1"}},
     // The refund stays; how much of A was given cannot be told.
     {"2 ? 10", "1 ? 11", "3 1 10", "4 ? -10"}},
    {"the rest of an unmatched refund stays, with its share of the money",
     {{"1", "2026-03-05 08:00", "A", "10", "1", "10"},
      {"2", "2026-03-05 10:00", "A", "10", "-3", "-30"}},
     {"2 ? -20"}},
    {"a bare date decides by the day",
     {{"1", "2026-03-05 18:00", "A", "10", "1", "10"},
      {"2", "2026-03-06 08:00", "A", "10", "1", "10"},
      {"3", "2026-03-05", "A", "10", "-1", "-10"}},
     {"2 1 10"}},
    {"a line of unknown time is taken last",
     {{"1", "", "A", "10", "1", "10"},
      {"2", "2026-03-05 08:00", "A", "10", "1", "10"},
      {"3", "2026-03-05 10:00", "A", "10", "-1", "-10"}},
     {"1 1 10"}},
    {"a hospital code alone will do, no code at all will not",
     {{"1", "2026-03-05 08:00", "", "10", "1", "10", "", "", "L1"},
      {"2", "2026-03-05 09:00", "", "10", "-1", "-10", "", "", "L1"},
      {"3", "2026-03-05 08:00", "", "10", "1", "10"},
      {"4", "2026-03-05 09:00", "", "10", "-1", "-10"}},
     {"3 1 10", "4 ? -10"}},
    {"money goes with the quantity, rounded so that nothing is lost",
     {{"1", "2026-03-05 08:00", "A", "3.33", "1", "3.33"},
      {"2", "2026-03-05 09:00", "A", "3.33", "2", "6.67"},
      {"3", "2026-03-05 10:00", "A", "3.33", "-2.5", "-8.33"}},
     // 2 of 2.5 units: 6.66 of 8.33; the rest is 1.67.
     {"1 0.5 1.66"}},
    {"an unknown amount of the refund makes what is left unknown",
     {{"1", "2026-03-05 08:00", "A", "10", "3", "30"},
      {"2", "2026-03-05 10:00", "A", "10", "-1", ""}},
     {"1 2 ?"}},
    {"a negative amount without a quantity cannot be matched",
     {{"1", "2026-03-05 08:00", "A", "10", "3", "30"},
      {"2", "2026-03-05 10:00", "A", "10", "", "-10"},
      {"3", "2026-03-05 10:00", "B", "10", "1", "10"}},
     {"1 ? 30", "2 ? -10", "3 1 10"}},
};

std::vector<std::string> sorted(std::vector<std::string> lines) {
  std::ranges::sort(lines);
  return lines;
}

TEST(Net, TakesBackWhatWasRefunded) {
  for (const Case& each : cases)
    EXPECT_EQ(sorted(net(each.sent).items), sorted(each.left)) << each.about;
}

TEST(Net, KeepsTheListAsItWasSent) {
  for (const Case& each : cases) {
    std::vector<std::string> sent;
    for (const Line& line : each.sent)
      sent.push_back(line.id + " " + (line.quantity.empty() ? "?" : line.quantity) + " " +
                     (line.amount.empty() ? "?" : line.amount));
    EXPECT_EQ(sorted(net(each.sent).raw), sorted(sent)) << each.about;
  }
}

TEST(Net, DoesNotSeeTheOrderOfTheFile) {
  constexpr unsigned seed = 3;
  std::mt19937 random(seed);
  const auto pick = [&](std::vector<std::string> of) { return of[random() % of.size()]; };
  for (int round = 0; round < 300; ++round) {
    std::vector<Line> lines;
    const auto count = random() % 12;
    for (std::size_t i = 0; i < count; ++i)
      lines.push_back({std::to_string(i),
                       pick({"2026-03-05", "2026-03-05 09:00", "2026-03-06", ""}),
                       pick({"A", "B", ""}), pick({"1", "2"}), pick({"1", "3", "-1", "-2", ""}),
                       pick({"5", "-5", ""}), pick({"", "", "0", "1"}), pick({"", "RX"})});
    const std::vector<std::string> expected = sorted(net(lines).items);
    std::ranges::shuffle(lines, random);
    ASSERT_EQ(sorted(net(lines).items), expected) << "seed " << seed << " round " << round;
  }
}

TEST(Net, NetsOtherMoneyOfTheLineButNotPrices) {
  const schema::Schema schema = visit_schema();
  const batch::Dictionaries none(schema.dictionaries);
  const auto line = [](const char* id, const char* quantity, const char* amount,
                       const char* self_paid) {
    return Cells{{i_id, id},         {i_code, "A"},
                 {i_price, "10"},    {i_quantity, quantity},
                 {i_amount, amount}, {i_self_paid, self_paid}};
  };
  batch::Batch batch =
      batch_of(schema, none,
               {{.header = {{s_visit, "V"}},
                 .items = {line("1", "4", "40", "8"), line("2", "-1", "-10", "-2")}}});
  assemble(batch, schema, none, {.raw = false});
  EXPECT_EQ(sanku::testing::shown(batch, schema, none, items,
                                  {i_quantity, i_price, i_amount, i_self_paid}),
            (std::vector<std::string>{"3 10 30 6"}));
  EXPECT_EQ(batch.relations[raw_items].rows, 0u) << "nobody asked for the list as sent";
}

} // namespace
} // namespace sanku::assemble
