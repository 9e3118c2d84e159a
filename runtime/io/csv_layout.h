// Which files of a folder are the settlement's and its lists', and which of their columns mean
// which columns of the schema. Entry: csv_layout. A file is known by its name: a list's name or
// wire name, or each element's, perhaps with a number behind it (items.csv, 明细.csv,
// feedetail_2026-01.csv); a column by one of its wire names in any case, or by its name in the
// schema. Tested by tests/unit/runtime/csv_folder_test.cpp.
#pragma once

#include "runtime/io/encoding.h"
#include "runtime/schema/schema.h"
#include "runtime/types/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sanku::io {

// A column of the schema and the fields of a row that may hold it, in the order in which they are
// tried.
struct CsvColumn {
  std::uint32_t column = 0;
  std::vector<std::uint32_t> fields;
};

struct CsvFile {
  std::string path, name; // to open, to show
  std::uint32_t relation = 0;
  std::vector<std::string> header; // as written
  std::vector<CsvColumn> columns;
  std::optional<std::uint32_t> visit, settlement; // the fields it is joined by
};

struct CsvLayout {
  std::vector<CsvFile> files; // by relation, then by name
  std::vector<Error> notes;   // what was passed over: files, columns
  std::uint64_t bytes = 0;    // of all files
};

// Fails when the folder cannot be read or lacks a file or a column that is needed.
[[nodiscard]] Result<CsvLayout> csv_layout(const std::string& folder, const schema::Schema& schema,
                                           std::optional<Encoding> encoding);

} // namespace sanku::io
