// See net.h. Most visits have no negative line, so columns are touched only where there is one.
#include "runtime/assemble/net.h"

#include "runtime/assemble/order.h"
#include "runtime/batch/column.h"
#include "runtime/batch/gather.h"
#include "runtime/types/scalar.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace sanku::assemble {
namespace {

using Column = std::optional<std::uint32_t>;

struct LineColumns {
  std::uint32_t relation = 0, quantity = 0, amount = 0;
  Column key, code, local_code, unit_price, time, prescription, reverses;
  bool time_is_date = false;
  std::vector<std::uint32_t> money; // what is netted beside the quantity, the amount included
};

std::optional<LineColumns> columns_of(const schema::Schema& schema) {
  using schema::Role;
  const auto relation = schema::line_relation(schema);
  if (!relation)
    return std::nullopt;
  const schema::Relation& lines = schema.relations[*relation];
  const auto with = [&](Role role) { return schema::column_with(lines, role); };
  LineColumns made{.relation = *relation,
                   .quantity = *with(Role::quantity),
                   .amount = *with(Role::amount),
                   .key = with(Role::key),
                   .code = with(Role::code),
                   .local_code = with(Role::local_code),
                   .unit_price = with(Role::unit_price),
                   .time = with(Role::time),
                   .prescription = with(Role::prescription),
                   .reverses = with(Role::reverses),
                   .money = {}};
  made.time_is_date = made.time && lines.columns[*made.time].type.kind == Kind::date;
  const Type& amount = lines.columns[made.amount].type;
  for (std::uint32_t c = 0; c < lines.columns.size(); ++c)
    if (lines.columns[c].type.kind == Kind::money && lines.columns[c].type.scale == amount.scale &&
        lines.columns[c].role != Role::unit_price)
      made.money.push_back(c);
  return made;
}

void make_unknown(batch::ColumnData& column, std::uint32_t row) {
  batch::store<std::int64_t>(column, row, 0);
  column.validity[row >> 3] =
      static_cast<std::uint8_t>(column.validity[row >> 3] & ~(1u << (row & 7u)));
}

std::int64_t half_away(Int128 numerator, Int128 denominator) {
  const Int128 half = numerator < 0 ? -denominator : denominator;
  return static_cast<std::int64_t>((2 * numerator + half) / (2 * denominator));
}

std::int64_t day_of(std::int64_t seconds) {
  return (seconds - (((seconds % 86400) + 86400) % 86400)) / 86400;
}

struct Refund {
  std::uint32_t row = 0;
  std::int64_t whole = 0, taken = 0; // units of quantity; whole > 0, or 0 when it is not known
  std::vector<std::optional<std::int64_t>> money; // as sent, by LineColumns::money
};

// The lines of one visit.
class Netting {
public:
  Netting(batch::Batch& batch, const LineColumns& columns, const Order& order,
          std::uint32_t settlement)
      : relation_(batch.relations[columns.relation]), columns_(columns), order_(order),
        begin_(relation_.offsets[settlement]), end_(relation_.offsets[settlement + 1]) {}

  // Rows that leave are added to `gone`.
  void run(std::vector<std::uint32_t>& gone) {
    collect();
    for (Refund& refund : refunds_)
      by_link(refund);
    for (Refund& refund : refunds_)
      by_goods(refund);
    for (const Refund& refund : refunds_)
      close(refund, gone);
    for (const std::uint32_t row : emptied_)
      gone.push_back(row);
  }

private:
  using Maybe64 = std::optional<std::int64_t>;

  [[nodiscard]] Maybe64 number(Column column, std::uint32_t row) const {
    if (!column || !batch::is_known(relation_.columns[*column], row))
      return std::nullopt;
    return batch::stored<std::int64_t>(relation_.columns[*column], row);
  }
  [[nodiscard]] std::optional<std::uint32_t> id(Column column, std::uint32_t row) const {
    if (!column || !batch::is_known(relation_.columns[*column], row))
      return std::nullopt;
    return batch::stored<std::uint32_t>(relation_.columns[*column], row);
  }
  [[nodiscard]] std::optional<std::string_view> text(Column column, std::uint32_t row) const {
    if (!column || !batch::is_known(relation_.columns[*column], row))
      return std::nullopt;
    return batch::stored_text(relation_.columns[*column], row);
  }
  [[nodiscard]] Maybe64 seconds(std::uint32_t row) const {
    if (!columns_.time || !batch::is_known(relation_.columns[*columns_.time], row))
      return std::nullopt;
    if (columns_.time_is_date)
      return 86400 *
             std::int64_t{batch::stored<std::int32_t>(relation_.columns[*columns_.time], row)};
    return batch::stored<std::int64_t>(relation_.columns[*columns_.time], row);
  }

  void collect() {
    for (std::uint32_t row = begin_; row < end_; ++row) {
      const Maybe64 quantity = number(columns_.quantity, row);
      const Maybe64 amount = number(columns_.amount, row);
      if (quantity ? *quantity >= 0 : !amount || *amount >= 0)
        continue;
      Refund& refund = refunds_.emplace_back();
      refund.row = row;
      refund.whole = quantity ? -*quantity : 0;
      for (const std::uint32_t column : columns_.money)
        refund.money.push_back(number(column, row));
    }
    std::ranges::sort(refunds_, [&](const Refund& a, const Refund& b) {
      return order_.compare(a.row, b.row) < 0;
    });
  }

  [[nodiscard]] bool same_goods(std::uint32_t a, std::uint32_t b) const {
    const auto code = id(columns_.code, a), local = id(columns_.local_code, a);
    return (code || local) && code == id(columns_.code, b) && local == id(columns_.local_code, b) &&
           number(columns_.unit_price, a) == number(columns_.unit_price, b);
  }

  // A bare date says nothing about the hour.
  [[nodiscard]] bool surely_after(std::uint32_t line, std::uint32_t refund) const {
    const Maybe64 a = seconds(line), b = seconds(refund);
    if (!a || !b)
      return false;
    const bool by_day = *a % 86400 == 0 || *b % 86400 == 0;
    return by_day ? day_of(*a) > day_of(*b) : *a > *b;
  }

  [[nodiscard]] bool can_give(std::uint32_t row) const {
    const Maybe64 quantity = number(columns_.quantity, row);
    return quantity && *quantity > 0;
  }

  // Prescription, then the latest; the canonical order decides between equals.
  void sort_candidates(std::vector<std::uint32_t>& lines, std::uint32_t refund) const {
    const auto prescription = id(columns_.prescription, refund);
    std::ranges::sort(lines, [&](std::uint32_t a, std::uint32_t b) {
      const bool same_a = prescription && id(columns_.prescription, a) == prescription,
                 same_b = prescription && id(columns_.prescription, b) == prescription;
      if (same_a != same_b)
        return same_a;
      const Maybe64 time_a = seconds(a), time_b = seconds(b);
      if (time_a != time_b)
        return time_a > time_b; // an unknown time is the least
      return order_.compare(a, b) > 0;
    });
  }

  void by_link(Refund& refund) {
    const auto link = text(columns_.reverses, refund.row);
    if (!link || refund.whole == 0)
      return;
    std::vector<std::uint32_t> named, same;
    for (std::uint32_t row = begin_; row < end_; ++row) {
      if (!can_give(row) || text(columns_.key, row) != link)
        continue;
      named.push_back(row);
      if (same_goods(row, refund.row))
        same.push_back(row);
    }
    std::vector<std::uint32_t>& from = same.empty() ? named : same;
    sort_candidates(from, refund.row);
    for (const std::uint32_t row : from)
      take_back(refund, row);
  }

  void by_goods(Refund& refund) {
    if (refund.taken == refund.whole)
      return;
    std::vector<std::uint32_t> from;
    for (std::uint32_t row = begin_; row < end_; ++row)
      if (can_give(row) && same_goods(row, refund.row) && !surely_after(row, refund.row))
        from.push_back(row);
    sort_candidates(from, refund.row);
    for (const std::uint32_t row : from)
      take_back(refund, row);
  }

  // The refund's money that goes with its first `taken` units.
  [[nodiscard]] static std::int64_t share(const Refund& refund, std::int64_t money,
                                          std::int64_t taken) {
    return half_away(Int128{money} * taken, refund.whole);
  }

  void take_back(Refund& refund, std::uint32_t row) {
    batch::ColumnData& quantities = relation_.columns[columns_.quantity];
    const auto quantity = batch::stored<std::int64_t>(quantities, row);
    const std::int64_t part = std::min(quantity, refund.whole - refund.taken);
    if (part == 0)
      return;
    batch::store(quantities, row, quantity - part);
    if (quantity == part)
      emptied_.push_back(row);
    for (std::size_t i = 0; i < columns_.money.size(); ++i) {
      batch::ColumnData& column = relation_.columns[columns_.money[i]];
      const Maybe64 money = number(columns_.money[i], row);
      if (!money)
        continue;
      if (!refund.money[i]) {
        make_unknown(column, row);
        continue;
      }
      const std::int64_t back = share(refund, *refund.money[i], refund.taken + part) -
                                share(refund, *refund.money[i], refund.taken);
      batch::store(column, row, *money + back);
    }
    refund.taken += part;
  }

  void close(const Refund& refund, std::vector<std::uint32_t>& gone) {
    if (refund.whole != 0 && refund.taken == refund.whole) {
      gone.push_back(refund.row);
      return;
    }
    if (refund.taken != 0) {
      for (std::size_t i = 0; i < columns_.money.size(); ++i)
        if (refund.money[i])
          batch::store(relation_.columns[columns_.money[i]], refund.row,
                       *refund.money[i] - share(refund, *refund.money[i], refund.taken));
    }
    distrust(refund.row);
  }

  // What of this code was given in the visit cannot be told any more.
  void distrust(std::uint32_t refund) {
    const auto code = id(columns_.code, refund), local = id(columns_.local_code, refund);
    batch::ColumnData& quantities = relation_.columns[columns_.quantity];
    for (std::uint32_t row = begin_; row < end_; ++row) {
      const bool same = code    ? id(columns_.code, row) == code
                        : local ? id(columns_.local_code, row) == local
                                : false;
      if (row == refund || same)
        make_unknown(quantities, row);
    }
  }

  batch::RelationData& relation_;
  const LineColumns& columns_;
  const Order& order_;
  std::uint32_t begin_, end_;
  std::vector<Refund> refunds_;
  std::vector<std::uint32_t> emptied_;
};

bool has_refund(const batch::RelationData& lines, const LineColumns& columns, std::uint32_t row) {
  const batch::ColumnData &quantities = lines.columns[columns.quantity],
                          &amounts = lines.columns[columns.amount];
  // What is unknown is zero.
  if (batch::stored<std::int64_t>(quantities, row) < 0)
    return true;
  return batch::stored<std::int64_t>(amounts, row) < 0 && !batch::is_known(quantities, row);
}

} // namespace

void net_refunds(batch::Batch& batch, const schema::Schema& schema,
                 const batch::Dictionaries& dictionaries) {
  const auto columns = columns_of(schema);
  if (!columns)
    return;
  batch::RelationData& lines = batch.relations[columns->relation];
  std::vector<std::uint32_t> gone;
  std::optional<Order> order;
  for (std::uint32_t s = 0; s < batch.settlements; ++s) {
    bool any = false;
    for (std::uint32_t row = lines.offsets[s]; row < lines.offsets[s + 1] && !any; ++row)
      any = has_refund(lines, *columns, row);
    if (!any)
      continue;
    if (!order)
      order.emplace(canonical_order(batch, schema, dictionaries, columns->relation));
    Netting(batch, *columns, *order, s).run(gone);
  }
  if (gone.empty())
    return;
  std::ranges::sort(gone);
  std::vector<std::uint32_t> rows, offsets{0};
  std::size_t next = 0;
  for (std::uint32_t s = 0; s < batch.settlements; ++s) {
    for (std::uint32_t row = lines.offsets[s]; row < lines.offsets[s + 1]; ++row) {
      if (next < gone.size() && gone[next] == row)
        ++next;
      else
        rows.push_back(row);
    }
    offsets.push_back(static_cast<std::uint32_t>(rows.size()));
  }
  lines = batch::gather(lines, schema.relations[columns->relation], rows, std::move(offsets));
}

} // namespace sanku::assemble
