// What overlays make of a table: rows of several layers in one table, each with the zones in which
// it counts. Entry: compose. Tested by tests/unit/runtime/layers_test.cpp and tests/cases/overlays.
#pragma once

#include "runtime/knowledge/table.h"

#include <vector>

namespace sanku::knowledge {

// Takes the keys that parts remove out of the zones of the rows below them. A row that is left in
// several intervals of zones stands once for each. The rows come with the zones of their layers.
void compose(const std::vector<TablePart>& parts, const TableShape& shape, Table& table,
             std::vector<TableFault>& faults);

} // namespace sanku::knowledge
