// Line buffers: the externals behind `those`, `on`, `involving` and `beyond first`. Called when a
// rule fires, or by folds over such lists; so plain code that is easy to follow. Tested through the
// case files and tests/unit/runtime/lines_test.cpp.
#include "runtime/exec/worker.h"
#include "runtime/kernels/number.h"

#include <algorithm>
#include <utility>

namespace sanku::abi {
namespace {

std::vector<Bound>& buffer_of(Frame* frame, std::uint32_t buffer) {
  return frame->scratch->lines.buffers[buffer];
}

// Canonical order; what has no time stands last. Rows break ties only between interchangeable
// lines.
bool canonical_before(const std::uint32_t* order, std::uint32_t a, std::uint32_t b) {
  if (order[a] != order[b])
    return order[a] < order[b];
  return a < b;
}

Maybe<Decimal> number_at(Frame* frame, std::uint32_t relation, std::uint32_t column,
                         std::uint32_t row) {
  const ColumnView& view = frame->relations[relation].columns[column];
  if (view.validity != nullptr && ((view.validity[row >> 3] >> (row & 7)) & 1) == 0)
    return {};
  return {Decimal{static_cast<const std::int64_t*>(view.values)[row]}, true};
}

void nothing_known(std::vector<Bound>& lines) {
  for (Bound& line : lines)
    line.part = unknown_part;
}

// While nobody knows the order, what lies behind `beyond` is said line by line: no part is known.
bool order_is_lost(Frame* frame, std::uint32_t buffer) {
  return std::exchange(frame->scratch->lines.states[buffer].lost, false);
}

// A line without the value by which it counts may lie beyond, or push another one there.
void doubt_without_value(Frame* frame, std::uint32_t buffer, bool (*known)(Frame*, std::uint32_t)) {
  const std::size_t count = buffer_of(frame, buffer).size();
  for (std::size_t i = 0; i < count; ++i)
    if (!known(frame, buffer_of(frame, buffer)[i].index))
      frame->scratch->lines.states[buffer].doubt = true;
}

std::uint32_t add_part(Frame* frame, const Part& part) {
  std::vector<Part>& parts = frame->scratch->parts;
  parts.push_back(part);
  frame->parts = parts.data();
  return static_cast<std::uint32_t>(parts.size() - 1);
}

} // namespace
} // namespace sanku::abi

using namespace sanku;      // NOLINT(check): C entry points of this project only
using namespace sanku::abi; // NOLINT(check): likewise

extern "C" {

std::uint32_t sanku_lines_acquire(Frame* frame) {
  LineBuffers& lines = frame->scratch->lines;
  if (lines.used == lines.buffers.size()) {
    lines.buffers.emplace_back();
    lines.states.emplace_back();
  }
  lines.buffers[lines.used].clear();
  lines.states[lines.used] = {};
  return lines.used++;
}
void sanku_lines_release(Frame* frame, std::uint32_t buffer) {
  frame->scratch->lines.used = buffer;
  if (buffer == 0)
    frame->scratch->parts.resize(first_part);
}
void sanku_lines_push(Frame* frame, std::uint32_t buffer, std::uint32_t index, std::uint32_t part) {
  if (index != unknown_row)
    buffer_of(frame, buffer).push_back({index, part});
}
void sanku_lines_offer(Frame* frame, std::uint32_t buffer, std::uint32_t index, std::uint32_t part,
                       Tri kept) {
  if (kept == Tri::yes)
    sanku_lines_push(frame, buffer, index, part);
  if (kept == Tri::unknown)
    frame->scratch->lines.states[buffer].doubt = true;
}
bool sanku_lines_unsure(Frame* frame, std::uint32_t buffer) {
  const LineState& state = frame->scratch->lines.states[buffer];
  return state.doubt || state.lost;
}
void sanku_lines_rank(Frame* frame, std::uint32_t buffer,
                      bool (*before)(Frame*, std::uint32_t, std::uint32_t),
                      bool (*known)(Frame*, std::uint32_t)) {
  // The callbacks may acquire buffers of their own; references to this one stay good.
  std::vector<Bound>& lines = buffer_of(frame, buffer);
  for (const Bound& line : lines)
    if (!known(frame, line.index)) {
      frame->scratch->lines.states[buffer].lost = true;
      return nothing_known(lines);
    }
  std::ranges::stable_sort(
      lines, [&](const Bound& a, const Bound& b) { return before(frame, a.index, b.index); });
}
std::uint32_t sanku_lines_size(Frame* frame, std::uint32_t buffer) {
  return static_cast<std::uint32_t>(buffer_of(frame, buffer).size());
}
void sanku_lines_at(Frame* frame, std::uint32_t buffer, std::uint32_t at, std::uint32_t* index,
                    std::uint32_t* part) {
  const Bound& line = buffer_of(frame, buffer)[at];
  *index = line.index;
  *part = line.part;
}

void sanku_lines_sort(Frame* frame, std::uint32_t buffer, std::uint32_t relation) {
  std::vector<Bound>& lines = buffer_of(frame, buffer);
  const std::uint32_t* order = frame->relations[relation].order;
  std::ranges::stable_sort(lines, [&](const Bound& a, const Bound& b) {
    return canonical_before(order, a.index, b.index);
  });
  const auto repeated =
      std::ranges::unique(lines, [](const Bound& a, const Bound& b) { return a.index == b.index; });
  lines.erase(repeated.begin(), repeated.end());
}

void sanku_lines_beyond_quantity(Frame* frame, std::uint32_t buffer, std::uint32_t relation,
                                 std::uint32_t quantity_column, std::uint32_t amount_column,
                                 const void* limit) {
  std::vector<Bound>& lines = buffer_of(frame, buffer);
  if (order_is_lost(frame, buffer))
    return;
  const auto& first = *static_cast<const Maybe<Decimal>*>(limit);
  if (!first.known)
    return nothing_known(lines);
  Int128 left = first.value.units > 0 ? first.value.units : 0;
  std::vector<Bound> beyond;
  bool lost = false; // a line of unknown quantity: from here on nothing can be computed
  for (const Bound& line : lines) {
    const Maybe<Decimal> quantity = number_at(frame, relation, quantity_column, line.index);
    lost = lost || !quantity.known;
    if (lost) {
      beyond.push_back({line.index, unknown_part});
      continue;
    }
    const Int128 units = quantity.value.units;
    if (units <= 0)
      continue;
    if (units <= left) {
      left -= units;
      continue;
    }
    const Int128 part = units - left;
    left = 0;
    if (part == units) {
      beyond.push_back(line);
      continue;
    }
    const Maybe<Decimal> amount = number_at(frame, relation, amount_column, line.index);
    const Int128 share =
        amount.known ? kernels::divide_half_away(amount.value.units * part, units) : 0;
    beyond.push_back({line.index, add_part(frame, {part, share, true, amount.known})});
  }
  lines = std::move(beyond);
}

void sanku_lines_beyond_distinct(Frame* frame, std::uint32_t buffer, const void* limit,
                                 bool (*same)(Frame*, std::uint32_t, std::uint32_t),
                                 bool (*known)(Frame*, std::uint32_t)) {
  doubt_without_value(frame, buffer, known);
  if (order_is_lost(frame, buffer))
    return;
  const auto& first = *static_cast<const Maybe<Integer>*>(limit);
  if (!first.known)
    return nothing_known(buffer_of(frame, buffer));
  std::vector<Bound> beyond;
  std::vector<std::uint32_t> values; // one row for each distinct value so far, at most the limit
  const std::size_t count = buffer_of(frame, buffer).size();
  for (std::size_t i = 0; i < count; ++i) {
    const Bound line = buffer_of(frame, buffer)[i];
    if (!known(frame, line.index))
      continue;
    const bool seen = std::ranges::any_of(
        values, [&](std::uint32_t row) { return same(frame, row, line.index); });
    if (seen)
      continue;
    if (static_cast<std::int64_t>(values.size()) < first.value.value)
      values.push_back(line.index);
    else
      beyond.push_back(line);
  }
  buffer_of(frame, buffer) = std::move(beyond);
}

const std::uint32_t* sanku_sorted_rows(Frame* frame, std::uint32_t relation,
                                       std::uint32_t settlement, std::uint32_t* count) {
  Scratch& scratch = *frame->scratch;
  if (scratch.sorted_used == scratch.sorted.size())
    scratch.sorted.emplace_back();
  std::vector<std::uint32_t>& rows = scratch.sorted[scratch.sorted_used++];
  const RelationView& view = frame->relations[relation];
  rows.clear();
  for (std::uint32_t row = view.offsets[settlement]; row < view.offsets[settlement + 1]; ++row)
    rows.push_back(row);
  std::ranges::sort(
      rows, [&](std::uint32_t a, std::uint32_t b) { return canonical_before(view.order, a, b); });
  *count = static_cast<std::uint32_t>(rows.size());
  return rows.data();
}
void sanku_sorted_release(Frame* frame) { --frame->scratch->sorted_used; }

} // extern "C"
