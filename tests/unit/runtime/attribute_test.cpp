// What can be had back, by hand-worked tables: what was paid for the lines of a visit, and who
// takes it first.
// proves D6 D12 D13 D14
#include "runtime/exec/attribute.h"
#include "runtime/types/value.h"

#include <gtest/gtest.h>

#include <optional>

namespace sanku::exec {
namespace {

using Cents = std::optional<std::int64_t>;

// Only what the money is about, each with its role.
schema::Schema money_schema() {
  const Type money{.kind = Kind::money, .scale = 2, .digits = 16};
  const Type number{.kind = Kind::decimal, .scale = 4, .digits = 16};
  const auto column = [](const char* name, const Type& type, schema::Role role) {
    return schema::Column{
        .names = {name, name}, .path = {name, name}, .type = type, .role = role, .wire = {}};
  };
  schema::Schema made;
  made.relations.push_back({.kind = schema::RelationKind::settlement,
                            .names = {"settlement", "结算"},
                            .each = {"settlement", "结算"},
                            .wire = {},
                            .columns = {column("total", money, schema::Role::amount),
                                        column("own", money, schema::Role::own_share),
                                        column("scope", money, schema::Role::in_scope),
                                        column("fund", money, schema::Role::fund_paid)}});
  made.relations.push_back({.kind = schema::RelationKind::child,
                            .names = {"items", "明细"},
                            .each = {"item", "明细"},
                            .wire = {},
                            .columns = {column("quantity", number, schema::Role::quantity),
                                        column("amount", money, schema::Role::amount),
                                        column("own", money, schema::Role::own_share),
                                        column("scope", money, schema::Role::in_scope)}});
  return made;
}

struct Line {
  Cents amount = {}, own = {}, scope = {};
};
struct Visit {
  Cents total = {}, own = {}, scope = {}, fund = {};
  std::vector<Line> lines = {};
};

Ledger ledger_of(const Visit& visit) {
  const schema::Schema schema = money_schema();
  const batch::Dictionaries dictionaries;
  batch::BatchBuilder builder(schema, dictionaries);
  const auto set = [&](std::uint32_t relation, std::uint32_t column, const Cents& cents) {
    if (cents)
      builder.set_value(relation, column, Decimal{*cents});
  };
  builder.begin();
  builder.begin_row(0);
  set(0, 0, visit.total), set(0, 1, visit.own), set(0, 2, visit.scope), set(0, 3, visit.fund);
  for (const Line& line : visit.lines) {
    builder.begin_row(1);
    set(1, 1, line.amount), set(1, 2, line.own), set(1, 3, line.scope);
  }
  builder.commit({});
  batch::Batch batch = builder.take();
  batch.relations[1].order.assign(batch.relations[1].rows, abi::no_rank);
  Ledger ledger;
  paid_lines(batch, paid_columns(schema), 0, ledger);
  return ledger;
}

TEST(Recoverable, what_was_paid_for_a_line_is_its_share_within_scope_of_what_the_fund_paid) {
  struct Case {
    const char* name;
    Visit visit;
    std::vector<Cents> paid; // by line; none: nobody knows
  };
  const std::vector<Case> table = {
      {"nothing is said: as paid", {.lines = {{.amount = 1000}, {.amount = 500}}}, {1000, 500}},
      {"without the patient's share",
       {.lines = {{.amount = 1000, .own = 300}, {.amount = 500, .own = 500}}},
       {700, 0}},
      {"within scope",
       {.lines = {{.amount = 1000, .own = 300, .scope = 600}, {.amount = 500, .scope = 500}}},
       {600, 500}},
      {"half of it by the fund",
       {.total = 1500, .fund = 750, .lines = {{.amount = 1000}, {.amount = 500}}},
       {500, 250}},
      {"of the scope of the visit",
       {.total = 1500,
        .scope = 1000,
        .fund = 500,
        .lines = {{.amount = 1000, .scope = 800}, {.amount = 500, .scope = 200}}},
       {400, 100}},
      {"without the patient's share of the visit",
       {.total = 1500,
        .own = 500,
        .fund = 500,
        .lines = {{.amount = 1000}, {.amount = 500, .own = 500}}},
       {500, 0}},
      {"thirds, not a cent too much",
       {.total = 300, .fund = 100, .lines = {{.amount = 100}, {.amount = 100}, {.amount = 100}}},
       {33, 33, 34}},
      {"the fund paid nothing", {.total = 1500, .fund = 0, .lines = {{.amount = 1000}}}, {0}},
      {"more than there is in scope",
       {.fund = 9000, .lines = {{.amount = 1000, .own = 100}}},
       {900}},
      {"an amount is missing",
       {.total = 1500, .fund = 750, .lines = {{.amount = 1000}, {}}},
       {500, {}}},
      {"a refund that was not matched", {.lines = {{.amount = -1000}, {.amount = 500}}}, {0, 500}},
      {"more own share than amount", {.lines = {{.amount = 1000, .own = 2000}}}, {0}},
  };
  for (const Case& one : table) {
    const Ledger ledger = ledger_of(one.visit);
    for (std::uint32_t row = 0; row < one.paid.size(); ++row) {
      const LineMoney& line = ledger.lines[row];
      const Cents paid = line.known ? Cents(line.paid) : Cents();
      EXPECT_EQ(paid, one.paid[row]) << one.name << ", line " << row;
    }
  }
}

Finding finding(std::uint32_t rule, std::uint32_t branch,
                std::vector<std::pair<std::uint32_t, Cents>> lines) {
  Finding made;
  made.rule = rule;
  made.branch = branch;
  for (const auto& [row, cents] : lines)
    made.lines.push_back({.row = row,
                          .role = LineRole::offending,
                          .amount_known = cents.has_value(),
                          .amount = cents.value_or(0)});
  made.lines.push_back({.row = 9, .role = LineRole::involved});
  return made;
}

TEST(Recoverable, each_line_is_given_once_in_the_stated_order) {
  const std::vector<RuleClaim> rules = {
      {"A", 2, {Claim::violation, Claim::suspected}, Claim::suspected},
      {"B", 0, {Claim::violation, Claim::none}, Claim::none},
      {"C", 0, {Claim::violation}, Claim::none},
  };
  struct Case {
    const char* name;
    std::vector<Finding> findings;
    std::vector<Cents> recoverable;
  };
  Finding trial = finding(1, 0, {{0, 1000}});
  trial.trial = true;
  const std::vector<Case> table = {
      {"policy before medical",
       {finding(0, 0, {{0, 1000}}), finding(1, 0, {{0, 1000}})},
       {0, 1000}},
      {"violation before suspected",
       {finding(0, 1, {{0, 1000}}), finding(0, 0, {{0, 400}})},
       {600, 400}},
      {"the larger first", {finding(1, 0, {{0, 300}}), finding(2, 0, {{0, 900}})}, {0, 900}},
      {"what names more has the rest",
       {finding(1, 0, {{0, 300}}), finding(0, 0, {{0, 500}}), finding(0, 1, {{0, 150}})},
       {300, 200, 0}},
      {"then the rule's id", {finding(2, 0, {{0, 1000}}), finding(1, 0, {{0, 1000}})}, {0, 1000}},
      {"reminders take no part",
       {finding(1, 1, {{0, 1000}}), finding(0, 0, {{0, 1000}})},
       {{}, 1000}},
      {"nor do trials", {trial, finding(0, 0, {{0, 1000}})}, {{}, 1000}},
      {"what is not computed", {finding(1, 0, {{0, {}}}), finding(0, 0, {{0, 1000}})}, {{}, 1000}},
      {"of a line of unknown amount nothing is known", {finding(1, 0, {{7, 100}})}, {{}}},
      {"only what the fund paid of it", {finding(1, 0, {{1, 500}, {0, 100}})}, {350}},
      {"when unknown", {finding(0, when_unknown_branch, {{0, 1000}})}, {1000}},
  };
  for (const Case& one : table) {
    Ledger ledger{.first = 0,
                  .lines = {{.whole = 1000, .paid = 1000, .left = 1000, .known = true},
                            {.whole = 1000, .paid = 500, .left = 500, .known = true},
                            {}}};
    std::vector<Finding> findings = one.findings;
    attribute(rules, findings, ledger);
    for (std::size_t i = 0; i < findings.size(); ++i) {
      std::int64_t cents = 0;
      const Cents found = recoverable_of(findings[i], cents) ? Cents(cents) : Cents();
      EXPECT_EQ(found, one.recoverable[i]) << one.name << ", finding " << i;
    }
  }
}

} // namespace
} // namespace sanku::exec
