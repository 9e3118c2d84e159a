// A CSV file as rows with their places: RFC 4180 with what exports do to it (a byte order mark,
// CR LF or LF, quotes around line breaks, UTF-8 or GB18030). Rows come one at a time and a row is
// bounded, so a file of any length is read in bounded memory. Entry: CsvRows. Parsed by libcsv,
// which is fed line by line: so the line and the byte of each row are known, and a quote that is
// never closed costs one line and not the rest of the file. GB18030 is parsed before it is
// converted, because its bytes never look like a quote, a comma or a line end; so places are those
// in the file. Tested by tests/unit/runtime/csv_rows_test.cpp.
#pragma once

#include "runtime/io/encoding.h"
#include "runtime/types/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::io {

// Why a row cannot be used as it stands.
enum class RowFault : std::uint8_t {
  none,
  malformed, // a quote inside a bare field, text behind a closing quote, a quote left open
  too_long,
  wrong_encoding,
  wrong_width, // more or fewer fields than the header
  no_key,      // neither a visit's nor a settlement's number
  no_match     // no settlement row has its number
};

struct CsvRow {
  std::vector<std::string_view> fields; // UTF-8; until the next row. When malformed or too long:
                                        // one field, the line as it stands
  std::uint64_t line = 0;               // physical, from 1
  std::uint64_t offset = 0;             // byte of the row's first character
  RowFault fault = RowFault::none;
};

class CsvRows {
public:
  // Without an encoding it is guessed from the file. Fails when the file cannot be read.
  [[nodiscard]] static Result<CsvRows> open(const std::string& path,
                                            std::optional<Encoding> encoding);
  ~CsvRows();
  CsvRows(CsvRows&&) noexcept;
  CsvRows& operator=(CsvRows&&) noexcept;

  // False at the end. Lines without any character are passed over.
  [[nodiscard]] Result<bool> next(CsvRow& row);
  [[nodiscard]] std::uint64_t bytes_read() const;

private:
  struct State;
  explicit CsvRows(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A row may have line breaks in quotes and be this long.
inline constexpr std::size_t max_row_bytes = 1u << 20;

} // namespace sanku::io
