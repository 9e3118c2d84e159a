// What becomes of the records of one visit, by hand-worked tables; records as bytes and back; and
// the filter that says which numbers may come again.
// proves D2
#include "runtime/assemble/recurrence.h"
#include "runtime/assemble/settle.h"
#include "tests/unit/runtime/visit_schema.h"

#include <algorithm>
#include <numeric>
#include <random>

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

std::vector<Part> parts_of(const std::vector<SentVisit>& sent) {
  const schema::Schema schema = visit_schema();
  const batch::Dictionaries none(schema.dictionaries);
  const batch::Batch batch = batch_of(schema, none, sent);
  std::vector<Part> parts;
  for (std::uint32_t s = 0; s < batch.settlements; ++s)
    parts.push_back({.origin = batch.origins[s],
                     .keys = keys_of(batch, schema, none, s),
                     .content = pack(batch, schema, none, s)});
  return parts;
}

// Settlement number, total, and what else matters; all of visit V at provider H.
SentVisit sent(const char* number, const char* total, Cells more = {}) {
  Cells header{{s_at, "H"}, {s_visit, "V"}, {s_id, number}, {s_total, total}};
  header.merge(more);
  return {.header = header};
}

struct Case {
  const char* about;
  std::vector<SentVisit> records;
  std::string outcome; // by record: part, repeated, refunded, conflict with a line
};

std::string outcome_of(const std::vector<Part>& records) {
  const Settled settled = settle(visit_schema(), records);
  std::vector<std::string> by(records.size());
  for (const std::uint32_t i : settled.parts)
    by[i] += "part";
  for (const std::uint32_t i : settled.repeated)
    by[i] += "repeated";
  for (const std::uint32_t i : settled.refunded)
    by[i] += "refunded";
  for (const Conflict& each : settled.conflicts)
    by[each.part] += "conflict " + std::to_string(each.other.line);
  std::string out;
  for (const std::string& each : by)
    out += (out.empty() ? "" : ", ") + each;
  return out;
}

TEST(Settle, TellsPartsRepeatsConflictsAndRefundsApart) {
  const Cells flag{{s_refund, "1"}}, no_flag{{s_refund, "0"}};
  const auto named = [](const char* number, Cells more = {}) {
    more[s_named] = number;
    return more;
  };
  const std::vector<Case> cases = {
      {"settled in parts", {sent("1", "10"), sent("2", "20")}, "part, part"},
      {"sent twice",
       {sent("1", "10"), sent("1", "10"), sent("1", "10")},
       "part, repeated, repeated"},
      {"one number, other content",
       {sent("1", "10"), sent("1", "11"), sent("2", "10")},
       "conflict 2, conflict 1, part"},
      {"the repeat of a conflict conflicts too",
       {sent("1", "10"), sent("1", "11"), sent("1", "11")},
       "conflict 2, conflict 1, conflict 1"},
      {"a contradicted settlement is not what a refund without a name takes back",
       {sent("1", "10"), sent("1", "11"), sent("2", "10"), sent("3", "-10", flag)},
       "conflict 2, conflict 1, refunded, refunded"},
      {"a contradicted refund takes nothing back",
       {sent("1", "10"), sent("3", "-10", named("1")), sent("3", "-9", named("1"))},
       "part, conflict 3, conflict 2"},
      {"without numbers only the content counts",
       {sent("", "10"), sent("", "10"), sent("", "11")},
       "part, repeated, part"},
      {"a refund by name",
       {sent("1", "10"), sent("2", "10"), sent("3", "-10", named("1", flag))},
       "refunded, part, refunded"},
      {"a refund before what it names, without a flag",
       {sent("3", "-10", named("1")), sent("1", "10")},
       "refunded, refunded"},
      {"a flag that says no",
       {sent("3", "-10", named("1", no_flag)), sent("1", "10")},
       "part, part"},
      {"a settlement that names itself is none", {sent("1", "10", named("1"))}, "part"},
      {"both flagged, as senders do that mark what was taken back",
       {sent("1", "10", flag), sent("2", "-10", flag), sent("3", "5")},
       "refunded, refunded, part"},
      {"without a name the latest of the opposite total that is not after it",
       {sent("1", "10", {{s_settled, "2026-03-01"}}), sent("2", "10", {{s_settled, "2026-03-02"}}),
        sent("3", "10", {{s_settled, "2026-03-04"}}),
        sent("4", "-10", {{s_refund, "1"}, {s_settled, "2026-03-03"}})},
       "part, refunded, part, refunded"},
      {"without a name or a settlement of that total",
       {sent("1", "10"), sent("2", "-9", flag)},
       "part, refunded"},
      {"a refund sent twice takes back one",
       {sent("1", "10"), sent("2", "10"), sent("3", "-10", flag), sent("3", "-10", flag)},
       "part, refunded, refunded, repeated"},
      {"a refund of what is not here leaves alone",
       {sent("3", "-10", named("1", flag))},
       "refunded"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(outcome_of(parts_of(each.records)), each.outcome) << each.about;
}

TEST(Settle, BelievesWhatOtherVisitsSay) {
  std::vector<Part> records = parts_of({sent("1", "10"), sent("2", "20"), sent("3", "30")});
  records[0].taken_back = true;
  records[2].contradicted = RecordPlace{"a.csv", 77};
  EXPECT_EQ(outcome_of(records), "refunded, part, conflict 77");
}

TEST(Settle, LetsWhatWasJudgedBeforeStandAgainstWhatContradictsIt) {
  std::vector<Part> records =
      parts_of({sent("1", "10"), sent("1", "11"), sent("1", "10"), sent("1", "12")});
  records[0].stands = true;
  EXPECT_EQ(outcome_of(records), "part, conflict 0, repeated, conflict 0");
  std::ranges::reverse(records);
  EXPECT_EQ(outcome_of(records), "conflict 0, part, conflict 0, repeated");
}

// How many records become what, which is all that the order of the input must not change.
TEST(Settle, DoesNotDependOnTheOrderOfTheRecords) {
  const std::vector<SentVisit> all = {sent("1", "10"),
                                      sent("1", "11"),
                                      sent("2", "20"),
                                      sent("2", "20"),
                                      sent("3", "-20", {{s_named, "2"}}),
                                      sent("4", "5")};
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    std::vector<SentVisit> records;
    for (const std::size_t i : order)
      records.push_back(all[i]);
    const std::vector<Part> parts = parts_of(records);
    const Settled settled = settle(visit_schema(), parts);
    ASSERT_EQ(settled.conflicts.size(), 2u);
    ASSERT_EQ(settled.repeated.size(), 1u);
    ASSERT_EQ(settled.refunded.size(), 2u);
    ASSERT_EQ(settled.parts.size(), 1u);
    EXPECT_EQ(parts[settled.parts[0]].content, parts_of({all[5]})[0].content);
  } while (std::ranges::next_permutation(order).found);
}

TEST(Record, IsTheSameWhateverTheOrderOfItsLines) {
  const Cells a{{i_id, "1"}, {i_code, "A"}, {i_amount, "1"}}, b{{i_id, "2"}, {i_code, "B"}},
      d{{d_code, "I10"}}, e{{d_code, "J00"}, {d_main, "1"}};
  const Cells header{{s_visit, "V"}};
  const std::vector<Part> records =
      parts_of({{.header = header, .diagnoses = {d, e}, .items = {a, b}},
                {.header = header, .diagnoses = {e, d}, .items = {b, a}},
                {.header = header, .diagnoses = {d, e}, .items = {a, a}},
                {.header = header, .diagnoses = {d, e}, .items = {a}}});
  EXPECT_EQ(records[0].content, records[1].content);
  EXPECT_NE(records[0].content, records[2].content);
  EXPECT_NE(records[2].content, records[3].content);
}

TEST(Record, ComesBackAsItWas) {
  const schema::Schema schema = visit_schema();
  const batch::Dictionaries frozen = sanku::testing::dictionaries(schema, {{0, "A"}}),
                            none(schema.dictionaries);
  const SentVisit full{.header = {{s_id, "1"},
                                  {s_visit, "V"},
                                  {s_kind, "77"}, // not listed
                                  {s_admitted, "2026-03-05 09:30"},
                                  {s_total, "-12.34"},
                                  {s_days, "3"},
                                  {s_sex, "2"},
                                  {s_birth, "1980-02-29"},
                                  {s_level, "08"},
                                  {s_at, "H1"}},
                       .diagnoses = {{{d_code, "I10"}, {d_main, "0"}}},
                       .items = {{{i_id, "1"},
                                  {i_code, "A"},
                                  {i_name, "名"},
                                  {i_quantity, "0.5"},
                                  {i_price, "1.234567"},
                                  {i_window, "6小时"}}}};
  const batch::Batch batch = batch_of(schema, frozen, {full});
  const std::string bytes = pack(batch, schema, frozen, 0);
  std::optional<batch::BatchBuilder> builder;
  // By values, then straight from the bytes, when no code and when every code was seen before.
  for (int way = 0; way < 3; ++way) {
    if (way < 2)
      builder.emplace(schema, none);
    if (way == 0)
      add_visit(*builder, unpack(schema, bytes), batch.origins[0]);
    else
      add_packed(*builder, schema, bytes, batch.origins[0], false, {});
    const batch::Batch again = builder->take();
    EXPECT_EQ(pack(again, schema, none, 0), bytes);
    for (std::uint32_t relation = 0; relation < 3; ++relation) {
      std::vector<std::uint32_t> columns;
      for (std::uint32_t c = 0; c < schema.relations[relation].columns.size(); ++c)
        columns.push_back(c);
      EXPECT_EQ(sanku::testing::shown(again, schema, none, relation, columns),
                sanku::testing::shown(batch, schema, frozen, relation, columns));
    }
    EXPECT_EQ(again.origins[0].offset, batch.origins[0].offset);
  }
}

TEST(Record, HasWhatIsSaidOfAllWhereItSaysNothing) {
  const schema::Schema schema = visit_schema();
  const batch::Dictionaries none(schema.dictionaries);
  const SentVisit sent{.header = {{s_visit, "V"}, {s_days, "3"}}, .diagnoses = {}, .items = {}};
  const batch::Batch batch = batch_of(schema, none, {sent});
  batch::BatchBuilder builder(schema, none);
  add_packed(builder, schema, pack(batch, schema, none, 0), batch.origins[0], true,
             {{s_days, Integer{9}}, {s_birth, Date{7}}});
  const batch::Batch made = builder.take();
  EXPECT_TRUE(batch::is_context(made, 0));
  EXPECT_TRUE(same(batch::value_at(made, schema, none, 0, s_days, 0), Integer{3}));
  EXPECT_TRUE(same(batch::value_at(made, schema, none, 0, s_birth, 0), Date{7}));
  EXPECT_FALSE(is_known(batch::value_at(made, schema, none, 0, s_total, 0)));
}

TEST(Record, KnowsItsNumbers) {
  const std::vector<Part> records =
      parts_of({sent("1", "1"),
                sent("1", "2"),
                {.header = {{s_at, "H"}, {s_visit, "1"}}},
                {.header = {{s_at, "K"}, {s_visit, "V"}, {s_id, "1"}}},
                {.header = {{s_visit, "V"}}},
                {.header = {{s_at, "H"}, {s_visit, "V"}, {s_named, "1"}}}});
  EXPECT_EQ(records[0].keys.visit, records[1].keys.visit);
  EXPECT_EQ(records[0].keys.settlement, records[1].keys.settlement);
  EXPECT_NE(records[0].keys.visit, records[2].keys.visit);
  EXPECT_NE(records[0].keys.visit, records[3].keys.visit) << "another provider";
  EXPECT_NE(records[0].keys.settlement, records[3].keys.settlement);
  EXPECT_NE(records[0].keys.visit, records[4].keys.visit) << "provider unknown";
  EXPECT_EQ(records[2].keys.settlement, "");
  EXPECT_TRUE(records[5].keys.refund);
  EXPECT_EQ(records[5].keys.takes_back, records[0].keys.settlement);
  // A visit may have the number of a settlement.
  EXPECT_EQ(records[2].keys.visit, records[0].keys.settlement);
  EXPECT_NE(visit_hash(records[2].keys.visit), settlement_hash(records[0].keys.settlement));
}

TEST(Recurrence, NeverDeniesWhatComesAgain) {
  constexpr unsigned seed = 5;
  std::mt19937_64 random(seed);
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1} << 10, std::size_t{1} << 20}) {
    Recurrence filter(bytes);
    EXPECT_FALSE(filter.any());
    std::vector<std::uint64_t> once, twice;
    for (int i = 0; i < 5000; ++i) {
      (i % 10 == 0 ? twice : once).push_back(random());
      filter.note(i % 10 == 0 ? twice.back() : once.back());
    }
    for (const std::uint64_t hash : twice)
      filter.note(hash);
    EXPECT_TRUE(filter.any());
    for (const std::uint64_t hash : twice)
      ASSERT_TRUE(filter.may_recur(hash)) << "seed " << seed << ", " << bytes << " bytes";
    const auto in_vain =
        std::ranges::count_if(once, [&](std::uint64_t hash) { return filter.may_recur(hash); });
    EXPECT_TRUE(bytes < std::size_t{1} << 20 || in_vain < 20) << in_vain << " wait in vain";
  }
}

} // namespace
} // namespace sanku::assemble
