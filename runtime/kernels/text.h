// Texts compare after width folding: full-width ASCII forms and the ideographic space read as their
// narrow cousins.
#pragma once

#include "runtime/types/scalar.h"

namespace sanku::kernels {

// The next folded byte at `at`, which moves on. U+FF01..U+FF5E (EF BC 81 .. EF BD 9E) and U+3000
// (E3 80 80) fold to one byte.
constexpr unsigned char next_folded(Text text, std::uint64_t& at) {
  const auto byte = [&](std::uint64_t i) {
    return static_cast<unsigned char>(i < text.size ? text.data[i] : 0);
  };
  const unsigned char first = byte(at);
  const unsigned char second = byte(at + 1);
  const unsigned char third = byte(at + 2);
  if (first == 0xEF && (second == 0xBC || second == 0xBD)) {
    const unsigned code = (second - 0xBCu) * 64u + (third - 0x80u);
    if (code >= 1 && code <= 0x5E) {
      at += 3;
      return static_cast<unsigned char>(code + 0x20);
    }
  }
  if (first == 0xE3 && second == 0x80 && third == 0x80) {
    at += 3;
    return ' ';
  }
  at += 1;
  return first;
}

// True if `part` stands in `text` from byte `at` on; `rest` = whether text may go on after it.
constexpr bool matches_at(Text text, std::uint64_t at, Text part, bool rest) {
  std::uint64_t in_part = 0;
  while (in_part < part.size) {
    if (at >= text.size)
      return false;
    if (next_folded(text, at) != next_folded(part, in_part))
      return false;
  }
  return rest || at >= text.size;
}

constexpr Bool equal_text(Text a, Text b) { return {matches_at(a, 0, b, false)}; }
constexpr Bool not_equal_text(Text a, Text b) { return {!matches_at(a, 0, b, false)}; }
constexpr Bool starts_with(Text text, Text part) { return {matches_at(text, 0, part, true)}; }
constexpr Bool contains(Text text, Text part) {
  std::uint64_t at = 0;
  while (true) {
    if (matches_at(text, at, part, true))
      return {true};
    if (at >= text.size)
      return {false};
    next_folded(text, at);
  }
}

} // namespace sanku::kernels
