// How many rows one look-up of a table finds at most: what a loop over the rows of a key may take.
// A fact of the table, as its number of rows is one. Entry: fullest_key. Tested by
// tests/unit/runtime/knowledge_test.cpp.
#pragma once

#include "runtime/knowledge/table.h"

namespace sanku::knowledge {

// Of keys that are prefixes, those of all that begin a key where all count; of codes of two parts,
// those of both.
[[nodiscard]] std::uint64_t fullest_key(const TableShape& shape, const schema::Schema& schema,
                                        const Table& table);

} // namespace sanku::knowledge
