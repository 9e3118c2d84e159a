// attribute: the second figure of findings, what can be had back. The first, the amount, depends on
// one rule alone, so that amounts of several findings on one line do not add up; here each line's
// money is given once. Findings take it in turn: violation before suspected (others take no part,
// nor do trials), then policy, management, medical, then the larger amount, then the rule's id;
// each of a line as much as it names and is left, never more than the fund paid for it. Entries:
// paid_lines, attribute. Every line belongs to one visit, so within visits one visit at a time is
// exact; findings over several visits take from a ledger with the lines of them all. Tested by
// tests/unit/runtime/attribute_test.cpp and, over random packs,
// tests/differential/recoverable_test.cpp.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/exec/finding.h"

#include <cstdint>
#include <map>
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
};
// By row of the fee-line list. A line of which nobody knows the amount has no entry, one of nothing
// or less pays nothing.
using Ledger = std::map<std::uint32_t, LineMoney>;

// The fee lines of a visit with what was paid for them, as far as the record says (roles in_scope,
// own_share of lines and settlement, fund_paid, amount of the settlement): a line's share within
// the scope of insurance, of that its share of what the fund paid for the visit, so that all lines
// together were never paid more than that. What the record does not say is taken as paid.
[[nodiscard]] Ledger paid_lines(const batch::Batch& batch, const schema::Schema& schema,
                                std::uint32_t settlement);

// Fills `recoverable` of the findings' offending lines; `rules` as in hir::Program.
void attribute(const std::vector<RuleClaim>& rules, std::span<Finding> findings, Ledger& ledger);

// What a finding can have back; not known when it takes no part or none of its amounts is computed.
[[nodiscard]] bool recoverable_of(const Finding& finding, std::int64_t& cents);

} // namespace sanku::exec
