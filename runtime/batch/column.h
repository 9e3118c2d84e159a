// Reading and writing single rows of ColumnData: the one place that knows how a physical type lies
// in a column. Used by the builder, by value_at and by knowledge tables. Rows are reserved first
// (`reserve_rows`), all missing; then stored at will. What is missing is zero; a column that has no
// value at all may do without `values`, which then read as zeros. Tested by
// tests/unit/runtime/batch_test.cpp.
#pragma once

#include "runtime/batch/batch.h"

#include <cstring>
#include <string_view>

namespace sanku::batch {

// Bytes of one row in `values`; 0 for text. Numbers are stored in 64 bits.
[[nodiscard]] constexpr std::size_t stored_width(Physical physical) {
  switch (physical) {
  case Physical::bit8:
    return 1;
  case Physical::word64:
    return 8;
  case Physical::wide128:
    return 8;
  case Physical::day32:
    return 4;
  case Physical::pair64:
    return 16;
  case Physical::id32:
    return 4;
  case Physical::bytes:
    return 0;
  }
  return 0;
}

template <class T> void store(ColumnData& column, std::uint32_t row, T value) {
  if (column.values.empty()) [[unlikely]]
    column.values.resize(std::size_t{column.rows} * sizeof(T));
  std::memcpy(column.values.data() + std::size_t{row} * sizeof(T), &value, sizeof(T));
  column.validity[row >> 3] =
      static_cast<std::uint8_t>(column.validity[row >> 3] | (1u << (row & 7u)));
}

template <class T> [[nodiscard]] T stored(const ColumnData& column, std::uint32_t row) {
  T value{};
  if (!column.values.empty()) [[likely]]
    std::memcpy(&value, column.values.data() + std::size_t{row} * sizeof(T), sizeof(T));
  return value;
}

[[nodiscard]] inline bool is_known(const ColumnData& column, std::uint32_t row) {
  return ((column.validity[row >> 3] >> (row & 7u)) & 1u) != 0;
}

// Whether the first `rows` bits are set.
[[nodiscard]] inline bool all_known(const std::uint8_t* validity, std::size_t rows) {
  std::size_t byte = 0;
  for (; byte + 8 <= rows / 8; byte += 8) {
    std::uint64_t word;
    std::memcpy(&word, validity + byte, 8);
    if (word != ~std::uint64_t{0})
      return false;
  }
  for (; byte < rows / 8; ++byte)
    if (validity[byte] != 0xff)
      return false;
  const unsigned rest = (1u << (rows % 8)) - 1u;
  return rest == 0 || (validity[byte] & rest) == rest;
}
[[nodiscard]] inline bool all_known(const ColumnData& column) {
  return all_known(column.validity.data(), column.rows);
}

[[nodiscard]] inline std::string_view stored_text(const ColumnData& column, std::uint32_t row) {
  if (column.values.empty())
    return {};
  return {reinterpret_cast<const char*>(column.values.data()) + column.offsets[row],
          column.offsets[row + 1] - column.offsets[row]};
}

// Text goes to the last row only: its bytes lie at the end.
void store_text(ColumnData& column, std::uint32_t row, std::string_view text);

// Room for rows up to `rows`, zero and missing. Text columns get offsets only up to
// `ColumnData::rows`.
void reserve_rows(ColumnData& column, Physical physical, std::uint32_t rows);
// Exactly so many rows, all missing and without values.
void make_missing(ColumnData& column, Physical physical, std::uint32_t rows);
// Makes one more row within what is reserved; missing.
void add_row(ColumnData& column, Physical physical);
// Stores a value of any kind but code and enum, whose ids the caller resolves. Unknown leaves the
// row missing.
void store_plain(ColumnData& column, const Type& type, std::uint32_t row, const Value& value);

} // namespace sanku::batch
