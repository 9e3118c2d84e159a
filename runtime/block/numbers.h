// Whole numbers in bytes: the smallest, and what each is above it in as few bytes as the largest
// needs. All loops over what a block holds are here, each over one width, so that they become
// vectors. Shared by the files of this folder and the block file. Entries: put_numbers,
// take_numbers. Tested through tests/unit/runtime/block_file_test.cpp.
#pragma once

#include "runtime/block/bytes.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace sanku::block {

// As they lie in bytes that somebody else holds.
struct Numbers {
  std::uint64_t base = 0;
  const char* above = nullptr;
  std::size_t count = 0;
  std::uint8_t width = 0; // of each in `above`: 0, 1, 2, 4, 8
};

// Signed numbers keep their order.
void put_numbers(std::string& out, std::span<const std::uint64_t> values);
[[nodiscard]] std::optional<Numbers> take_numbers(Take& from, std::size_t count);

// Into as many rows of `width` bytes, what is more of a number cut off.
void spread(const Numbers& numbers, std::size_t width, void* to);
// Whether all are below `bound`.
[[nodiscard]] bool all_below(const Numbers& numbers, std::uint64_t bound);
// What a table has for each, into rows of ids. False: it has nothing for one.
[[nodiscard]] bool look_up(const Numbers& numbers, std::span<const std::uint32_t> table, void* to);
// Sizes to where each begins: `count` + 1 of them from 0 on. The end, which may be more than 32
// bits hold; empty: some size is.
[[nodiscard]] std::optional<std::uint64_t> to_offsets(const Numbers& sizes, std::uint32_t* offsets);
// Whether some id is 0, which is none.
[[nodiscard]] bool has_zero(const void* ids, std::size_t rows);
// One bit a row: whether its id is not 0.
void bits_of_ids(const void* ids, std::size_t rows, std::uint8_t* bits);

} // namespace sanku::block
