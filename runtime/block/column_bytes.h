// One column as bytes and back (block.h). Shared by the files of this folder only. Entries:
// put_column, take_column.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/block/bytes.h"

#include <string>
#include <string_view>

namespace sanku::block {

// Numbers of at most 64 bits: the smallest, and what each is above it, in `width` bytes.
void put_numbers(std::string& out, const std::uint64_t* values, std::size_t count);
[[nodiscard]] bool take_numbers(Take& from, std::uint64_t* values, std::size_t count);

// Entry in `head`, bytes in `frames`. Nothing is written of a column without a value.
void put_column(const batch::ColumnData& column, Physical physical, std::string& head,
                std::string& frames);

struct ColumnEntry {
  enum class Known : std::uint8_t { none, some, all };
  Known known = Known::none;
  std::uint32_t raw = 0;    // bytes unpacked
  std::uint32_t packed = 0; // bytes of the frame
};
[[nodiscard]] bool take_entry(Take& head, ColumnEntry& entry);
// `rows` of them; false: the frame is not what its entry says.
[[nodiscard]] bool take_column(const ColumnEntry& entry, std::string_view frame, Physical physical,
                               std::uint32_t rows, Unpacker& unpacker, batch::ColumnData& column);

} // namespace sanku::block
