// A small file of people's, CSV with the names of its columns or one JSON object a line, as rows of
// cells with their places: verdicts, answers to questions. What is wrong with a row is told with
// it, and the caller decides what becomes of the others. Entry: read_named_cells. Tested by
// tests/unit/tools/outcomes_test.cpp and tests/unit/tools/answers_test.cpp.
#pragma once

#include "runtime/types/result.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::io {

struct NamedColumn {
  std::string_view name, zh = {}; // two names for the same
  bool needed = false;            // a CSV file has to have it
};

struct NamedRow {
  Result<std::vector<std::string>> cells; // by column, without blanks around; empty: not given
  std::uint64_t line = 0, offset = 0;
  std::string text = {}; // as it came, cut at 64 KiB
};

// A name that ends in .csv is CSV, UTF-8 or GB18030. An error: the file cannot be read, its first
// line does not name the columns, or `take` gave one.
[[nodiscard]] Result<void>
read_named_cells(const std::string& path, std::span<const NamedColumn> columns,
                 const std::function<Result<void>(const NamedRow&)>& take);

} // namespace sanku::io
