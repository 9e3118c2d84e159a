// See assemble.h. Only lines equal in every column are told apart by the order of the file, and
// those are interchangeable. Elements without a time have no rank, so they are put in canonical
// order themselves, which everybody who walks them by row then follows. Tested by
// tests/unit/runtime/assemble_test.cpp.
#include "runtime/assemble/assemble.h"

#include "runtime/assemble/code_book.h"
#include "runtime/assemble/local_codes.h"
#include "runtime/assemble/net.h"
#include "runtime/assemble/order.h"
#include "runtime/assemble/people.h"
#include "runtime/assemble/supply.h"
#include "runtime/batch/column.h"
#include "runtime/batch/gather.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace sanku::assemble {
namespace {

void fill_raw(batch::Batch& batch, const schema::Schema& schema, bool wanted) {
  for (std::uint32_t r = 1; r < batch.relations.size(); ++r) {
    const std::optional<std::uint32_t> sent = schema.relations[r].raw_of;
    if (!sent)
      continue;
    if (wanted)
      batch.relations[r] = batch.relations[*sent];
    else if (batch.relations[r].rows != 0)
      batch.relations[r] =
          batch::gather(batch.relations[r], schema.relations[r], {},
                        std::vector<std::uint32_t>(std::size_t{batch.settlements} + 1, 0));
  }
}

bool all_known(const batch::ColumnData& column, std::uint32_t rows) {
  const auto whole = column.validity.begin() + rows / 8;
  const auto last = static_cast<std::uint8_t>((1u << rows % 8) - 1);
  return std::all_of(column.validity.begin(), whole,
                     [](std::uint8_t byte) { return byte == 0xff; }) &&
         (last == 0 || (*whole & last) == last);
}

// Puts elements without a time into canonical order, each list within the places that they have.
void place_timeless(batch::Batch& batch, const schema::Schema& schema,
                    const batch::Dictionaries& dictionaries, std::uint32_t r) {
  batch::RelationData& relation = batch.relations[r];
  const auto time = schema::column_with(schema.relations[r], schema::Role::time);
  if (relation.rows == 0 || (time && all_known(relation.columns[*time], relation.rows)))
    return;
  const Order order = canonical_order(batch, schema, dictionaries, r);
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return order.compare(a, b) < 0; };
  std::vector<std::uint32_t> rows, places, elements; // rows: empty until something moves
  for (std::uint32_t s = 0; s < batch.settlements; ++s) {
    places.clear();
    for (std::uint32_t row = relation.offsets[s]; row < relation.offsets[s + 1]; ++row)
      if (!time || !batch::is_known(relation.columns[*time], row))
        places.push_back(row);
    if (std::ranges::is_sorted(places, before))
      continue;
    if (rows.empty()) {
      rows.resize(relation.rows);
      std::iota(rows.begin(), rows.end(), 0u);
    }
    elements = places;
    std::ranges::stable_sort(elements, before);
    for (std::size_t i = 0; i < places.size(); ++i)
      rows[places[i]] = elements[i];
  }
  if (!rows.empty())
    relation = batch::gather(relation, schema.relations[r], rows, relation.offsets);
}

// A line with its time, as the canonical order compares it first.
struct Timed {
  std::int64_t time = 0;
  std::uint32_t row = 0;
};

std::int64_t time_of(const batch::ColumnData& column, Kind kind, std::uint32_t row) {
  return kind == Kind::date ? batch::stored<std::int32_t>(column, row)
                            : batch::stored<std::int64_t>(column, row);
}

// Most lists are short and most times differ, so that the other columns are rarely looked at.
void rank(batch::Batch& batch, const schema::Schema& schema,
          const batch::Dictionaries& dictionaries, Reach reach, std::uint32_t r) {
  batch::RelationData& relation = batch.relations[r];
  relation.order.assign(relation.rows, abi::no_rank);
  if (relation.rows == 0)
    return;
  const Order order = canonical_order(batch, schema, dictionaries, r);
  const auto time = schema::column_with(schema.relations[r], schema::Role::time);
  const Kind kind = time ? schema.relations[r].columns[*time].type.kind : Kind::datetime;
  const auto before = [&](const Timed& a, const Timed& b) {
    if (a.time != b.time)
      return a.time < b.time;
    const auto compared = order.compare(a.row, b.row);
    return compared != 0 ? compared < 0 : a.row < b.row;
  };
  std::vector<Timed> lines;
  for (std::uint32_t s = 0, end = 0; s < batch.settlements; s = end) {
    end = reach == Reach::population ? batch.settlements
          : reach == Reach::person   ? batch.people.end[s]
                                     : s + 1;
    lines.clear();
    for (std::uint32_t row = relation.offsets[s]; row < relation.offsets[end]; ++row) {
      // A line whose time is not known comes neither before nor after another.
      if (!time)
        lines.push_back({0, row});
      else if (batch::is_known(relation.columns[*time], row))
        lines.push_back({time_of(relation.columns[*time], kind, row), row});
    }
    std::sort(lines.begin(), lines.end(), before);
    for (std::uint32_t i = 0; i < lines.size(); ++i)
      relation.order[lines[i].row] = i;
  }
}

} // namespace

void assemble(batch::Batch& batch, const schema::Schema& schema,
              const batch::Dictionaries& dictionaries, const Assembly& assembly) {
  fill_raw(batch, schema, assembly.raw);
  if (assembly.local != nullptr)
    map_local_codes(batch, schema, dictionaries, *assembly.local);
  if (assembly.codes != nullptr)
    complete_codes(batch, schema, dictionaries, *assembly.codes);
  net_refunds(batch, schema, dictionaries);
  fill_supply(batch, schema);
  if (assembly.reach != Reach::visit)
    stand_by_person(batch, schema, dictionaries);
  for (std::uint32_t r = 1; r < batch.relations.size(); ++r) {
    if (assembly.place)
      place_timeless(batch, schema, dictionaries, r);
    rank(batch, schema, dictionaries, assembly.reach, r);
  }
}

} // namespace sanku::assemble
