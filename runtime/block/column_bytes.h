// One column as bytes and back (block.h). Shared by the files of this folder only. Entries:
// put_values and put_ids, take_values and take_ids.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/block/bytes.h"
#include "runtime/block/numbers.h"

#include <span>
#include <string>
#include <string_view>

namespace sanku::block {

struct ColumnEntry {
  enum class Known : std::uint8_t { none, some, all };
  Known known = Known::none;
  FrameSize size;
};

// Entry in `head`, bytes in `frames`. Nothing is written of a column without a value.
void put_values(const batch::ColumnData& column, Physical physical, std::string& head,
                std::string& frames);
// Codes and enum values by the block's own numbers, from 1 on; 0 is missing.
void put_ids(std::span<const std::uint64_t> numbers, std::string& head, std::string& frames);
[[nodiscard]] bool take_entry(Take& head, ColumnEntry& entry);

// `rows` of them out of the unpacked bytes; false: they are not what the entry says.
[[nodiscard]] bool take_values(ColumnEntry::Known known, std::string_view bytes, const Type& type,
                               std::uint32_t rows, batch::ColumnData& column);
// `table`: what each number is in the batch.
[[nodiscard]] bool take_ids(ColumnEntry::Known known, std::string_view bytes,
                            std::span<const std::uint32_t> table, std::uint32_t rows,
                            batch::ColumnData& column);

// Texts one after another, their sizes before them.
void put_texts(std::string& out, const codes::Texts& texts);
struct TextsTaken {
  std::string_view bytes;
  std::vector<std::uint32_t> offsets; // count + 1
  [[nodiscard]] std::string_view operator[](std::size_t number) const {
    return bytes.substr(offsets[number], offsets[number + 1] - offsets[number]);
  }
};
[[nodiscard]] bool take_texts(Take& from, std::size_t count, TextsTaken& texts);
// Each after the one before it, and so none twice.
[[nodiscard]] bool is_ascending(const TextsTaken& texts);

} // namespace sanku::block
