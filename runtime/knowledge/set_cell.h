// Cells that hold sets, `E10..E14、O24.4`, as set texts (runtime/kernels/sets.h), and rows that say
// one element each of one set. Entries: parse_set, gather (load.cpp); cell_parts
// (decision tables). Tested by
// tests/unit/runtime/knowledge_test.cpp.
#pragma once

#include "runtime/knowledge/table.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::knowledge {

// One element as set texts have it; none: it is not of the column's form.
using ElementText = std::function<std::optional<std::string>(std::string_view)>;

// Elements are separated by commas, semicolons, 、 or bars, in both widths; `a..b` and `a~b` have
// both ends and all between. The result is sorted and without repeats. None: an element is not of
// the column's form.
[[nodiscard]] std::optional<std::string> parse_set(std::string_view cell,
                                                   const ElementText& element);
// Whether a cell has more elements than may be; repeated ones count.
[[nodiscard]] bool has_too_many_elements(std::string_view cell);

// The elements of a cell as they are written: `a`, `a..b`, and with an open end `a..`, `..b`.
struct CellPart {
  std::string_view low, high;
  bool is_range = false;
};
[[nodiscard]] std::vector<CellPart> cell_parts(std::string_view cell);
// Without blanks at either end.
[[nodiscard]] std::string_view trimmed(std::string_view cell);

// from: one row an element, to: one row a set, where all other columns are equal. Rows whose set is
// empty stay as they are: they set no limit. The first of the rows gathered lends its line.
void gather(const TableShape& shape, Table& table);

} // namespace sanku::knowledge
