// Rows with a time of validity (columns `valid_from` and `valid_to`, dates, both included; an empty
// end is open): rows that say the same may not hold at the same time, because one of them was
// forgotten when the other came. Entry: check_validity. Tested by
// tests/unit/runtime/knowledge_test.cpp.
#pragma once

#include "runtime/knowledge/table.h"

#include <string>
#include <vector>

namespace sanku::knowledge {

// Adds what is wrong with the periods of the table's rows; nothing if it has no such columns.
void check_validity(const TableShape& shape, const Table& table, std::vector<TableFault>& faults);

} // namespace sanku::knowledge
