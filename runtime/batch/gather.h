// Rows of a batch picked anew: some of them, in another order, or the visits that are left over.
// Entries: gather, keep_settlements. Tested by tests/unit/runtime/assemble_test.cpp and
// tests/unit/runtime/net_test.cpp.
#pragma once

#include "runtime/batch/batch.h"

#include <cstdint>
#include <vector>

namespace sanku::batch {

// The relation with these rows in this order. `offsets` as the rows make them: settlements + 1, or
// empty for the settlements themselves. Ranks are not carried over.
[[nodiscard]] RelationData gather(const RelationData& from, const schema::Relation& shape,
                                  const std::vector<std::uint32_t>& rows,
                                  std::vector<std::uint32_t> offsets);

// Leaves those settlements, in order, with their elements and origins. Before assembling.
void keep_settlements(Batch& batch, const schema::Schema& schema,
                      const std::vector<std::uint32_t>& settlements);

} // namespace sanku::batch
