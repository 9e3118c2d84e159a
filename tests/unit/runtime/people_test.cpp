// Visits side by side by person and time, whatever the order in which they came.
#include "runtime/assemble/people.h"
#include "tests/unit/runtime/visit_schema.h"

#include <algorithm>

namespace sanku::assemble {
namespace {

using sanku::testing::batch_of;
using sanku::testing::SentVisit;
using enum sanku::testing::Relations;
using enum sanku::testing::SettlementColumns;
using enum sanku::testing::MoreSettlementColumns;
using enum sanku::testing::ItemColumns;

schema::Schema person_schema() {
  schema::Schema schema = sanku::testing::visit_schema();
  schema.relations[settlement].columns[s_patient_id].role = schema::Role::person;
  return schema;
}

SentVisit visit(const char* number, const char* person, const char* begin, const char* end = "") {
  SentVisit made{.header = {{s_visit, number}, {s_admitted, begin}, {s_discharged, end}},
                 .items = {{{i_id, number}}}};
  if (*person != '\0')
    made.header[s_patient_id] = person;
  return made;
}

// Each visit with the bounds of its person, and whether its lines came along.
std::vector<std::string> stood(std::vector<SentVisit> visits, std::vector<bool> context = {}) {
  const schema::Schema schema = person_schema();
  const batch::Dictionaries none(schema.dictionaries);
  batch::Batch batch = batch_of(schema, none, visits);
  batch.people.context = std::move(context);
  stand_by_person(batch, schema, none);
  const auto numbers = sanku::testing::shown(batch, schema, none, settlement, {s_visit});
  EXPECT_EQ(sanku::testing::shown(batch, schema, none, items, {i_id}), numbers);
  std::vector<std::string> lines;
  for (std::uint32_t s = 0; s < batch.settlements; ++s)
    lines.push_back(numbers[s] + " " + std::to_string(batch.people.begin[s]) + "-" +
                    std::to_string(batch.people.end[s]) + " " +
                    std::to_string(batch.relations[settlement].order[s]) +
                    (batch::is_context(batch, s) ? " beside" : ""));
  return lines;
}

using Lines = std::vector<std::string>;

TEST(People, StandInTimeWhateverTheOrder) {
  std::vector<SentVisit> visits = {
      visit("B", "P2", "2026-01-05", "2026-01-07"), visit("C", "P1", "2026-01-03", "2026-01-09"),
      visit("A", "P1", "2026-01-01", "2026-01-02"), visit("D", "P1", "2026-01-03", "2026-01-04")};
  const Lines expected = {"A 0-3 0", "D 0-3 1", "C 0-3 2", "B 3-4 3"};
  std::ranges::sort(visits, {}, [](const SentVisit& v) { return v.header.at(s_visit); });
  do
    EXPECT_EQ(stood(visits), expected);
  while (std::ranges::next_permutation(visits, {}, [](const SentVisit& v) {
           return v.header.at(s_visit);
         }).found);
}

TEST(People, WhoIsNotKnownStandsAlone) {
  EXPECT_EQ(stood({visit("A", "", "2026-01-01"), visit("B", "", "2026-01-01"),
                   visit("C", "P1", "2026-01-01")}),
            (Lines{"A 0-1 0", "B 1-2 1", "C 2-3 2"}));
}

TEST(People, ATimeThatIsMissingComesFirst) {
  EXPECT_EQ(stood({visit("A", "P1", "2026-01-01"), visit("B", "P1", "")}),
            (Lines{"B 0-2 0", "A 0-2 1"}));
}

TEST(People, WhatOnlyStandsBesideKeepsItsMark) {
  EXPECT_EQ(stood({visit("B", "P1", "2026-01-02"), visit("A", "P1", "2026-01-01")}, {false, true}),
            (Lines{"A 0-2 0 beside", "B 0-2 1"}));
}

} // namespace
} // namespace sanku::assemble
