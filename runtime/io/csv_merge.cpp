// Joining files that are sorted by visit number (csv_merge.h): one pass over them to see that they
// are, one to merge. Sorted means ascending bytewise, or as numbers (shorter first), all files
// alike. Seeing costs a pass over the input, and stops at the first row that is out of order.
#include "runtime/io/csv_merge.h"

namespace sanku::io {
namespace {

using Order = CsvMerge::Order;

bool before(Order order, std::string_view a, std::string_view b) {
  if (order == Order::length && a.size() != b.size())
    return a.size() < b.size();
  return a < b;
}

// The orders in which rows stand.
struct Sorted {
  bool bytes = true, length = true;
};

Result<void> look_at(CsvCursor cursor, Sorted& sorted) {
  std::string last;
  while (sorted.bytes || sorted.length) {
    const auto more = cursor.next();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      break;
    const PackedRow& row = cursor.row();
    if (stands_alone(row))
      continue;
    // Only by a visit's number can a row be merged.
    if (row.visit.empty()) {
      sorted = {.bytes = false, .length = false};
      break;
    }
    sorted.bytes = sorted.bytes && !before(Order::bytes, row.visit, last);
    sorted.length = sorted.length && !before(Order::length, row.visit, last);
    last = row.visit;
  }
  return {};
}

} // namespace

Result<void> CsvLane::advance() {
  const auto more = cursor.next();
  if (!more)
    return tl::unexpected(more.error());
  open = *more;
  return {};
}

Result<std::optional<CsvMerge>> CsvMerge::open(const CsvLayout& layout, const CsvOptions& options) {
  Sorted sorted;
  const std::vector<std::uint32_t> relations = relations_of(layout);
  for (const std::uint32_t relation : relations)
    if (auto looked = look_at(CsvCursor(layout, options.encoding, relation), sorted); !looked)
      return tl::unexpected(looked.error());
  if (!sorted.bytes && !sorted.length)
    return std::optional<CsvMerge>();
  CsvMerge made(sorted.bytes ? Order::bytes : Order::length);
  for (const std::uint32_t relation : relations)
    made.lanes_.push_back({.cursor = CsvCursor(layout, options.encoding, relation), .open = false});
  return std::optional<CsvMerge>(std::move(made));
}

// Moves the rows of the visit from the lane to `rows`; rows that stand before it have no
// settlement.
Result<void> CsvMerge::take(CsvLane& lane, std::string_view visit, std::string& rows,
                            std::string& out) const {
  while (lane.open) {
    const PackedRow& row = lane.cursor.row();
    if (stands_alone(row) || before(order_, row.visit, visit))
      append_orphan(out, row);
    else if (row.visit == visit)
      append_packed(rows, row);
    else
      break;
    if (auto advanced = lane.advance(); !advanced)
      return advanced;
  }
  return {};
}

void CsvMerge::share(std::string& out) const {
  CsvGroup group;
  PackedRow row;
  for (std::string_view rest = settlements_; take_packed(rest, row);)
    group.settlements.push_back(row);
  for (std::string_view rest = others_; take_packed(rest, row);)
    group.others.push_back(row);
  share_out(
      group,
      [&](const PackedRow& settlement, std::span<const PackedRow* const> own) {
        append_packed(out, settlement);
        for (const PackedRow* each : own)
          append_packed(out, *each);
      },
      [&](const PackedRow& orphan) { append_orphan(out, orphan); });
}

Result<bool> CsvMerge::next(std::string& out) {
  for (CsvLane& lane : lanes_) {
    if (begun_)
      break;
    if (auto advanced = lane.advance(); !advanced)
      return tl::unexpected(advanced.error());
  }
  begun_ = true;
  if (!lanes_.front().open) {
    for (CsvLane& lane : lanes_)
      if (lane.open) {
        append_orphan(out, lane.cursor.row());
        if (auto advanced = lane.advance(); !advanced)
          return tl::unexpected(advanced.error());
        return true;
      }
    return false;
  }
  const PackedRow& first = lanes_.front().cursor.row();
  const std::string visit(stands_alone(first) ? std::string_view() : first.visit);
  settlements_.clear();
  others_.clear();
  // Rows that stand alone are told here; then there may be no visit yet.
  for (CsvLane& lane : lanes_) {
    const bool heads = &lane == lanes_.data();
    if (auto taken = take(lane, visit, heads ? settlements_ : others_, out); !taken)
      return tl::unexpected(taken.error());
    if (visit.empty())
      break;
  }
  share(out);
  return true;
}

} // namespace sanku::io
