// A table of text cells read from a CSV file (RFC 4180: quoted cells, doubled quotes, line breaks
// in cells; UTF-8, an optional byte order mark, a header line). One entry: read_csv. Small and own
// because the generator reads published tables only to know codes and names; the engine's typed,
// dated reader of the same files must not judge itself. Tested by
// tests/unit/tools/generate_test.cpp.
#pragma once

#include "runtime/types/result.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::generate {

struct CsvTable {
  std::string name; // for messages
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows; // each as long as the header
};

Result<CsvTable> parse_csv(std::string name, std::string_view text);
Result<CsvTable> read_csv(const std::filesystem::path& file);

// The positions of the named columns, in the order asked for; an error names the first that is
// missing.
Result<std::vector<std::size_t>> columns(const CsvTable& table,
                                         const std::vector<std::string_view>& names);

} // namespace sanku::generate
