// Rows of a batch picked anew: some of them, in another order, with more among them, or the visits
// that are left over. Entries: gather, add_rows, keep_settlements. Tested by
// tests/unit/runtime/assemble_test.cpp, tests/unit/runtime/net_test.cpp and
// tests/unit/tools/answers_test.cpp.
#pragma once

#include "runtime/batch/batch.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace sanku::batch {

// The relation with these rows in this order. `offsets` as the rows make them: settlements + 1, or
// empty for the settlements themselves. Ranks are not carried over.
[[nodiscard]] RelationData gather(const RelationData& from, const schema::Relation& shape,
                                  const std::vector<std::uint32_t>& rows,
                                  std::vector<std::uint32_t> offsets);

// A row more of a settlement's list; columns that are not named are missing. Of any kind but code
// and enum.
struct NewRow {
  std::uint32_t settlement = 0;
  std::vector<std::pair<std::uint32_t, Value>> cells; // by column
};
// Behind the rows that are there, in the order given, settlements ascending. Before assembling.
void add_rows(RelationData& relation, const schema::Relation& shape,
              const std::vector<NewRow>& rows);

// Leaves those settlements, in order, with their elements and origins. Before assembling.
void keep_settlements(Batch& batch, const schema::Schema& schema,
                      const std::vector<std::uint32_t>& settlements);

} // namespace sanku::batch
