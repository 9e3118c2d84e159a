// Rows that say the same, and rows that a look-up finds together: the one is a fault, the other
// leaves the key without a single row. Entries: report_repeats, and knowledge::finish (table.h).
// Tested by tests/unit/runtime/knowledge_test.cpp.
#pragma once

#include "runtime/knowledge/table.h"

#include <string>
#include <vector>

namespace sanku::knowledge {

// Whole rows that stand twice.
void report_repeats(const Table& table, std::vector<TableFault>& faults);

// Whether both rows count on some day in some zone.
[[nodiscard]] bool count_together(const TableShape& shape, const std::vector<Value>& a,
                                  const std::vector<Value>& b);

// The file of a row as messages name it; and the place of another row for a message about this one:
// its line, with its file where that is another.
[[nodiscard]] std::string shown_file(const Table& table, std::size_t row);
[[nodiscard]] std::string place_beside(const Table& table, std::size_t row, std::size_t other);

inline constexpr std::int64_t int_key_bound = std::int64_t{1} << 31;

} // namespace sanku::knowledge
