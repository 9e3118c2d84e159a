// attribute: the second figure of findings, what can be had back. The first, the amount, depends on
// one rule alone, so that amounts of several findings on one line do not add up; here each line's
// money is given once. Findings take it in turn: violation before suspected (others take no part,
// nor do trials), then policy, management, medical, then the larger amount, then the rule's id;
// each of a line by how much it names more than those before it have. For what two rules name of a
// line may be the same units of it, and nobody can say that it is not: all together have back what
// the one has that names most, and never more than the fund paid for the line. Entries:
// paid_lines, attribute. Every line belongs to one visit, so within visits one visit at a time is
// exact; findings over several visits take from a ledger with the lines of them all. Tested by
// tests/unit/runtime/attribute_test.cpp and, over random packs,
// tests/differential/recoverable_test.cpp.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/exec/finding.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sanku::exec {

// What attribution asks of a rule.
enum class Claim : std::uint8_t { violation, suspected, none };
struct RuleClaim {
  std::string id;
  std::uint8_t category = 0; // the smaller takes first
  std::vector<Claim> branches;
  Claim when_unknown = Claim::none;
};

struct LineMoney {
  std::int64_t whole = 0; // the line's amount in cents, above 0
  std::int64_t paid = 0;  // of it by the fund: at most `whole`
  std::int64_t left = 0;  // of that not yet given to a finding
  bool known = false;     // somebody knows the line's amount
};
// Of the fee-line list's rows from `first` on. A line of nothing or less pays nothing.
struct Ledger {
  std::uint32_t first = 0;
  std::vector<LineMoney> lines;
};

// A column of money by its role; cents = units / 10^(scale - 2).
struct MoneyColumn {
  std::optional<std::uint32_t> column;
  std::uint32_t scale = 2;
};
// Where a schema says what was paid: of lines, and of the settlement.
struct PaidColumns {
  std::optional<std::uint32_t> relation; // the fee lines
  MoneyColumn amount, in_scope, own_share;
  MoneyColumn visit_amount, visit_in_scope, visit_own_share, fund_paid;
};
[[nodiscard]] PaidColumns paid_columns(const schema::Schema& schema);

// Enters the fee lines of a visit with what was paid for them, as far as the record says: a line's
// share within the scope of insurance, of that its share of what the fund paid for the visit, so
// that all lines together were never paid more than that. What the record does not say is taken as
// paid.
void paid_lines(const batch::Batch& batch, const PaidColumns& columns, std::uint32_t settlement,
                Ledger& ledger);

// Fills `recoverable` of the findings' offending lines; `rules` as in hir::Program.
void attribute(const std::vector<RuleClaim>& rules, std::span<Finding> findings, Ledger& ledger);

// What a finding can have back; not known when it takes no part or none of its amounts is computed.
[[nodiscard]] bool recoverable_of(const Finding& finding, std::int64_t& cents);

} // namespace sanku::exec
