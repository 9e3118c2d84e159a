// See assemble.h. Only lines equal in every column are told apart by the order of the file, and
// those are interchangeable. Elements without a time have no rank, so they are put in canonical
// order themselves, which everybody who walks them by row then follows. Tested by
// tests/unit/runtime/assemble_test.cpp.
#include "runtime/assemble/assemble.h"

#include "runtime/assemble/code_book.h"
#include "runtime/assemble/net.h"
#include "runtime/assemble/order.h"
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

// Puts elements without a time into canonical order, each list within the places that they have.
void place_timeless(batch::Batch& batch, const schema::Schema& schema,
                    const batch::Dictionaries& dictionaries, std::uint32_t r) {
  batch::RelationData& relation = batch.relations[r];
  const auto time = schema::column_with(schema.relations[r], schema::Role::time);
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

void rank(batch::Batch& batch, const schema::Schema& schema,
          const batch::Dictionaries& dictionaries, std::uint32_t r) {
  batch::RelationData& relation = batch.relations[r];
  relation.order.assign(relation.rows, abi::no_rank);
  const Order order = canonical_order(batch, schema, dictionaries, r);
  const auto time = schema::column_with(schema.relations[r], schema::Role::time);
  std::vector<std::uint32_t> lines;
  for (std::uint32_t s = 0; s < batch.settlements; ++s) {
    lines.clear();
    for (std::uint32_t row = relation.offsets[s]; row < relation.offsets[s + 1]; ++row) {
      // A line whose time is not known comes neither before nor after another.
      if (!time || batch::is_known(relation.columns[*time], row))
        lines.push_back(row);
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return order.compare(a, b) < 0; });
    for (std::uint32_t i = 0; i < lines.size(); ++i)
      relation.order[lines[i]] = i;
  }
}

} // namespace

void assemble(batch::Batch& batch, const schema::Schema& schema,
              const batch::Dictionaries& dictionaries, const Assembly& assembly) {
  fill_raw(batch, schema, assembly.raw);
  if (assembly.codes != nullptr)
    complete_codes(batch, schema, dictionaries, *assembly.codes);
  net_refunds(batch, schema, dictionaries);
  for (std::uint32_t r = 1; r < batch.relations.size(); ++r) {
    if (assembly.place)
      place_timeless(batch, schema, dictionaries, r);
    rank(batch, schema, dictionaries, r);
  }
}

} // namespace sanku::assemble
