// Rows that say the same, and rows that a look-up finds together: the one is a fault, the other
// leaves the key without a single row. Entries: report_repeats, and knowledge::finish (table.h).
// Tested by tests/unit/runtime/knowledge_test.cpp.
#pragma once

#include "runtime/knowledge/table.h"

#include <string>
#include <vector>

namespace sanku::knowledge {

// Whole rows that stand twice.
void report_repeats(const Table& table, const std::string& file, std::vector<TableFault>& faults);

inline constexpr std::int64_t int_key_bound = std::int64_t{1} << 31;

} // namespace sanku::knowledge
