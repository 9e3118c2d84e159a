// A text as a cell of CSV (RFC 4180), for every writer of CSV: in quotes where it has to be.
// Entry: append_csv_cell. Header only. Tested by tests/unit/runtime/csv_rows_test.cpp.
#pragma once

#include <string>
#include <string_view>

namespace sanku::io {

inline void append_csv_cell(std::string& out, std::string_view cell) {
  // Blanks at the ends are the text's own only inside of quotes.
  const bool quoted = cell.find_first_of(",\"\r\n") != std::string_view::npos ||
                      cell.starts_with(' ') || cell.ends_with(' ');
  if (!quoted) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"')
      out += '"';
    out += c;
  }
  out += '"';
}

} // namespace sanku::io
