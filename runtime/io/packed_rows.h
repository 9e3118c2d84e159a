// A row of a CSV file as bytes: what waits in spill partitions and what chunks hand to workers, so
// that a row is parsed once. Native byte order: such bytes never leave the process. Entries:
// append_packed, take_packed. Tested by tests/unit/runtime/csv_folder_test.cpp.
#pragma once

#include "runtime/io/csv_rows.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sanku::io {

struct PackedRow {
  std::uint32_t file = 0; // CsvLayout::files
  RowFault fault = RowFault::none;
  std::uint64_t line = 0, offset = 0; // in the file
  std::uint64_t sequence = 0; // of a settlement row: how many rows of settlements came before
  std::string_view visit, settlement; // the numbers it is joined by; empty when missing
  std::string_view fields;            // packed; see PackedFields
};

// Goes through the fields of a row in order.
class PackedFields {
public:
  explicit PackedFields(std::string_view packed) : rest_(packed) {}
  // False at the end.
  [[nodiscard]] bool next(std::string_view& field);

private:
  std::string_view rest_;
};

void append_field(std::string& packed, std::string_view field);
void append_packed(std::string& out, const PackedRow& row);

// Takes the first row off `rest`; false when `rest` holds no whole row.
[[nodiscard]] bool take_packed(std::string_view& rest, PackedRow& row);

} // namespace sanku::io
