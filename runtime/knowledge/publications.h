// Publications: rows that were not known yet are left out, and rows that a later publication
// replaces end, each as a whole. Entry: settle_publications. Tested by
// tests/unit/runtime/publications_test.cpp and tests/cases/knowledge.
#pragma once

#include "runtime/knowledge/table.h"

#include <optional>
#include <vector>

namespace sanku::knowledge {

// A row that is replaced counts until the day before the row that replaces it counts: that one's
// validity, else the day on which it was published. In a table without validity, and where no day
// is left, it is taken out. Layers replace only their own rows.
void settle_publications(const TableShape& shape, std::optional<Date> as_known, Table& table,
                         std::vector<TableFault>& faults);

} // namespace sanku::knowledge
