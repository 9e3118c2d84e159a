// See attribute.h.
#include "runtime/exec/attribute.h"

#include "runtime/batch/column.h"
#include "runtime/kernels/number.h"
#include "runtime/schema/schema.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace sanku::exec {
namespace {

using schema::Role;

// The column's money in cents; rounded half away where it is finer.
std::optional<Int128> cents(const batch::Batch& batch, const schema::Schema& schema,
                            std::uint32_t relation, Role role, std::uint32_t row) {
  const auto column = schema::column_with(schema.relations[relation], role);
  if (!column)
    return std::nullopt;
  const batch::ColumnData& data = batch.relations[relation].columns[*column];
  if (!batch::is_known(data, row))
    return std::nullopt;
  Int128 units = batch::stored<std::int64_t>(data, row);
  Int128 power = 1;
  for (unsigned scale = schema.relations[relation].columns[*column].type.scale; scale != 2;) {
    if (scale < 2)
      units *= 10, ++scale;
    else
      power *= 10, --scale;
  }
  return kernels::divide_half_away(units, power);
}

std::int64_t between(Int128 value, Int128 least, Int128 most) {
  return static_cast<std::int64_t>(std::max(least, std::min(value, most)));
}

// What of the whole visit lies within the scope of insurance, as far as the settlement says.
Int128 scope_of_visit(const batch::Batch& batch, const schema::Schema& schema,
                      std::uint32_t settlement) {
  if (const auto scope = cents(batch, schema, 0, Role::in_scope, settlement))
    return *scope;
  const auto total = cents(batch, schema, 0, Role::amount, settlement);
  const auto own = cents(batch, schema, 0, Role::own_share, settlement);
  return total ? *total - own.value_or(0) : 0;
}

// Scales what was paid for the lines so that they sum up to what the fund paid. Cut at running
// totals, so that a line in two parts gets what it gets in one, and all together not a cent too
// much.
void scale_to_fund(const batch::Batch& batch, const schema::Schema& schema,
                   std::uint32_t settlement, std::vector<LineMoney*> lines) {
  const auto fund = cents(batch, schema, 0, Role::fund_paid, settlement);
  if (!fund)
    return;
  Int128 within = 0;
  for (const LineMoney* line : lines)
    within += line->paid;
  within = std::max(within, scope_of_visit(batch, schema, settlement));
  const Int128 paid = std::max(Int128{0}, std::min(*fund, within));
  Int128 before = 0;
  for (LineMoney* line : lines) {
    const Int128 after = before + line->paid;
    line->paid =
        within == 0 ? 0 : static_cast<std::int64_t>(after * paid / within - before * paid / within);
    before = after;
  }
}

Claim claim_of(const RuleClaim& rule, const Finding& finding) {
  if (finding.trial)
    return Claim::none;
  return finding.branch == when_unknown_branch ? rule.when_unknown : rule.branches[finding.branch];
}

// The amounts that are computed; a finding of which none is takes last of its kind.
Int128 computed(const Finding& finding) {
  Int128 sum = 0;
  for (const FindingLine& line : finding.lines)
    if (line.role == LineRole::offending && line.amount_known)
      sum += line.amount;
  return sum;
}

void take(Finding& finding, Ledger& ledger) {
  for (FindingLine& line : finding.lines) {
    if (line.role != LineRole::offending || !line.amount_known)
      continue;
    const auto found = ledger.find(line.row);
    if (found == ledger.end())
      continue;
    LineMoney& money = found->second;
    const Int128 share =
        money.whole > 0 ? kernels::divide_half_away(Int128{line.amount} * money.paid, money.whole)
                        : Int128{0};
    line.recoverable_known = true;
    line.recoverable = between(share, 0, money.left);
    money.left -= line.recoverable;
  }
}

} // namespace

Ledger paid_lines(const batch::Batch& batch, const schema::Schema& schema,
                  std::uint32_t settlement) {
  Ledger ledger;
  const auto relation = schema::line_relation(schema);
  if (!relation)
    return ledger;
  const batch::RelationData& lines = batch.relations[*relation];
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = lines.offsets[settlement]; row < lines.offsets[settlement + 1]; ++row)
    rows.push_back(row);
  std::ranges::sort(rows, {}, [&](std::uint32_t row) { return std::tuple(lines.order[row], row); });
  std::vector<LineMoney*> in_order;
  for (const std::uint32_t row : rows) {
    const auto amount = cents(batch, schema, *relation, Role::amount, row);
    if (!amount)
      continue;
    const auto scope = cents(batch, schema, *relation, Role::in_scope, row);
    const auto own = cents(batch, schema, *relation, Role::own_share, row);
    const Int128 whole = std::max(Int128{0}, *amount);
    LineMoney& money = ledger[row];
    money.whole = static_cast<std::int64_t>(whole);
    money.paid = between(scope ? *scope : whole - own.value_or(0), 0, whole);
    in_order.push_back(&money);
  }
  scale_to_fund(batch, schema, settlement, in_order);
  for (LineMoney* line : in_order)
    line->left = line->paid;
  return ledger;
}

void attribute(const std::vector<RuleClaim>& rules, std::span<Finding> findings, Ledger& ledger) {
  std::vector<std::pair<Claim, Finding*>> taking;
  for (Finding& finding : findings)
    if (const Claim claim = claim_of(rules[finding.rule], finding); claim != Claim::none)
      taking.emplace_back(claim, &finding);
  std::ranges::stable_sort(taking, [&](const auto& a, const auto& b) {
    const RuleClaim &first = rules[a.second->rule], &second = rules[b.second->rule];
    return std::tuple(a.first, first.category, -computed(*a.second), std::string_view(first.id)) <
           std::tuple(b.first, second.category, -computed(*b.second), std::string_view(second.id));
  });
  for (const auto& [claim, finding] : taking)
    take(*finding, ledger);
}

bool recoverable_of(const Finding& finding, std::int64_t& cents) {
  Int128 sum = 0;
  bool any = false;
  for (const FindingLine& line : finding.lines) {
    any = any || line.recoverable_known;
    sum += line.recoverable;
  }
  if (!any || sum > INT64_MAX)
    return false;
  cents = static_cast<std::int64_t>(sum);
  return true;
}

} // namespace sanku::exec
