// A visit as plain values, apart from any batch: tests write one or generate one, and build the
// same visits into batches of any size against any dictionaries. Entries: build_batches,
// read_visits (NDJSON through the real reader), to_ndjson (its way back). Tested through every case
// and by tests/differential, which prints what it finds as cases.
#pragma once

#include "runtime/assemble/assemble.h"
#include "runtime/batch/batch.h"
#include "runtime/schema/schema.h"
#include "runtime/types/value.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::testing {

// rows[relation][row][column]; relation 0 has exactly one row. Codes and unlisted enum values as
// text.
struct Visit {
  std::vector<std::vector<std::vector<Value>>> rows;
};

// A visit with one settlement row and empty lists, everything missing.
[[nodiscard]] Visit empty_visit(const schema::Schema& schema);
[[nodiscard]] std::vector<Value> empty_row(const schema::Relation& relation);

// Blocks of at most `size` visits in order, assembled. Where rules look beyond a visit, of all
// visits of one person more than that, or of all there are in one block. Of each the origin's line
// is its number from 0.
[[nodiscard]] std::vector<batch::Batch>
build_batches(const schema::Schema& schema, const batch::Dictionaries& dictionaries,
              const std::vector<Visit>& visits, std::size_t size,
              assemble::Reach reach = assemble::Reach::visit);

struct ReadVisits {
  std::vector<Visit> visits;
  std::string rejects; // one line each; empty when every line was read
};
[[nodiscard]] ReadVisits read_visits(const schema::Schema& schema, std::string_view ndjson);

// One line that read_visits reads back to the same visit. Cells that are missing are left out.
[[nodiscard]] std::string to_ndjson(const schema::Schema& schema, const Visit& visit);

// How a sender or a table writes the value; enum values by their first wire code.
[[nodiscard]] std::string cell_text(const schema::Schema& schema, const Type& type,
                                    const Value& value);

} // namespace sanku::testing
