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

MoneyColumn money_column(const schema::Relation& relation, Role role) {
  const auto column = schema::column_with(relation, role);
  return {column, column ? relation.columns[*column].type.scale : 2u};
}

// A column of money, in cents; rounded half away where the column is finer.
class Cents {
public:
  Cents(const batch::RelationData& data, const MoneyColumn& money)
      : column_(money.column ? &data.columns[*money.column] : nullptr), scale_(money.scale) {}

  // False: nobody says it.
  bool read(std::uint32_t row, Int128& cents) const {
    if (column_ == nullptr || !batch::is_known(*column_, row))
      return false;
    cents = batch::stored<std::int64_t>(*column_, row);
    if (scale_ != 2) [[unlikely]]
      cents = scale_ < 2 ? cents * kernels::power_of_ten(2 - scale_)
                         : kernels::divide_half_away(cents, kernels::power_of_ten(scale_ - 2));
    return true;
  }
  Int128 or_nothing(std::uint32_t row) const {
    Int128 cents = 0;
    return read(row, cents) ? cents : 0;
  }

private:
  const batch::ColumnData* column_;
  unsigned scale_;
};

std::int64_t between(Int128 value, Int128 least, Int128 most) {
  return static_cast<std::int64_t>(std::max(least, std::min(value, most)));
}

// What of the whole visit lies within the scope of insurance, as far as the settlement says.
Int128 scope_of_visit(const batch::RelationData& visits, const PaidColumns& columns,
                      std::uint32_t settlement) {
  Int128 scope = 0;
  if (Cents(visits, columns.visit_in_scope).read(settlement, scope))
    return scope;
  Int128 total = 0;
  if (!Cents(visits, columns.visit_amount).read(settlement, total))
    return 0;
  return total - Cents(visits, columns.visit_own_share).or_nothing(settlement);
}

// Lines in the order of their ranks: `rank`, and the row among lines without a time.
void in_order(const batch::RelationData& data, const Ledger& ledger,
              std::vector<std::uint32_t>& places) {
  const auto rank = [&](std::uint32_t place) {
    return std::pair(data.order[ledger.first + place], place);
  };
  if (!std::ranges::is_sorted(places, {}, rank))
    std::ranges::sort(places, {}, rank);
}

// Scales what was paid for the lines so that they sum up to what the fund paid. Cut at running
// totals, so that a line in two parts gets what it gets in one, and all together not a cent too
// much.
void scale_to_fund(const batch::Batch& batch, const PaidColumns& columns, std::uint32_t settlement,
                   Ledger& ledger) {
  Int128 fund = 0;
  if (!Cents(batch.relations[0], columns.fund_paid).read(settlement, fund))
    return;
  Int128 within = 0;
  std::vector<std::uint32_t> places;
  for (std::uint32_t place = 0; place < ledger.lines.size(); ++place) {
    within += ledger.lines[place].paid;
    if (ledger.lines[place].paid != 0)
      places.push_back(place);
  }
  within = std::max(within, scope_of_visit(batch.relations[0], columns, settlement));
  const Int128 paid = std::max(Int128{0}, std::min(fund, within));
  if (paid == within)
    return;
  in_order(batch.relations[*columns.relation], ledger, places);
  Int128 before = 0;
  for (const std::uint32_t place : places) {
    LineMoney& line = ledger.lines[place];
    const Int128 after = before + line.paid;
    line.paid = static_cast<std::int64_t>(after * paid / within - before * paid / within);
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
    if (line.row < ledger.first || line.row - ledger.first >= ledger.lines.size())
      continue;
    LineMoney& money = ledger.lines[line.row - ledger.first];
    if (!money.known)
      continue;
    const Int128 share =
        money.whole > 0 ? kernels::divide_half_away(Int128{line.amount} * money.paid, money.whole)
                        : Int128{0};
    line.recoverable_known = true;
    const Int128 given = Int128{money.paid} - money.left;
    line.recoverable = between(share - given, 0, money.left);
    money.left -= line.recoverable;
  }
}

} // namespace

PaidColumns paid_columns(const schema::Schema& schema) {
  PaidColumns columns;
  columns.relation = schema::line_relation(schema);
  if (!columns.relation)
    return columns;
  const schema::Relation& lines = schema.relations[*columns.relation];
  const schema::Relation& visit = schema.relations[0];
  columns.amount = money_column(lines, Role::amount);
  columns.in_scope = money_column(lines, Role::in_scope);
  columns.own_share = money_column(lines, Role::own_share);
  columns.visit_amount = money_column(visit, Role::amount);
  columns.visit_in_scope = money_column(visit, Role::in_scope);
  columns.visit_own_share = money_column(visit, Role::own_share);
  columns.fund_paid = money_column(visit, Role::fund_paid);
  return columns;
}

void paid_lines(const batch::Batch& batch, const PaidColumns& columns, std::uint32_t settlement,
                Ledger& ledger) {
  ledger.lines.clear();
  if (!columns.relation)
    return;
  const batch::RelationData& data = batch.relations[*columns.relation];
  ledger.first = data.offsets[settlement];
  ledger.lines.resize(data.offsets[settlement + 1] - ledger.first);
  const Cents amounts(data, columns.amount), scopes(data, columns.in_scope),
      own_shares(data, columns.own_share);
  for (std::uint32_t place = 0; place < ledger.lines.size(); ++place) {
    const std::uint32_t row = ledger.first + place;
    Int128 amount = 0, scope = 0;
    if (!amounts.read(row, amount))
      continue;
    const Int128 whole = std::max(Int128{0}, amount);
    LineMoney& money = ledger.lines[place];
    money.known = true;
    money.whole = static_cast<std::int64_t>(whole);
    money.paid = scopes.read(row, scope) ? between(scope, 0, whole)
                                         : between(whole - own_shares.or_nothing(row), 0, whole);
  }
  scale_to_fund(batch, columns, settlement, ledger);
  for (LineMoney& line : ledger.lines)
    line.left = line.paid;
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
