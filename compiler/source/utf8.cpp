// Decoding, encoding, and the width tables of Unicode. See utf8.h.
#include "compiler/source/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sanku::source {

namespace {

struct Range {
  char32_t first, last;
};

// Unicode's East Asian Width W and F, in the blocks that rule text can meet.
constexpr std::array wide{Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2329, 0x232A},
                          Range{0x23E9, 0x23EC},   Range{0x2614, 0x2615},   Range{0x2648, 0x2653},
                          Range{0x267F, 0x267F},   Range{0x26A1, 0x26A1},   Range{0x2705, 0x2705},
                          Range{0x274C, 0x274C},   Range{0x2753, 0x2755},   Range{0x2757, 0x2757},
                          Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},
                          Range{0x4E00, 0xA4CF},   Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},
                          Range{0xF900, 0xFAFF},   Range{0xFE10, 0xFE19},   Range{0xFE30, 0xFE6F},
                          Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F},
                          Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x2FFFD},
                          Range{0x30000, 0x3FFFD}};

// Combining marks, and characters that show nothing.
constexpr std::array narrow{
    Range{0x0000, 0x001F}, Range{0x007F, 0x009F}, Range{0x00AD, 0x00AD},  Range{0x0300, 0x036F},
    Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x064B, 0x065F},  Range{0x1AB0, 0x1AFF},
    Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F}, Range{0x202A, 0x202E},  Range{0x2060, 0x206F},
    Range{0x20D0, 0x20FF}, Range{0x302A, 0x302D}, Range{0x3099, 0x309A},  Range{0xFE00, 0xFE0F},
    Range{0xFE20, 0xFE2F}, Range{0xFEFF, 0xFEFF}, Range{0xE0100, 0xE01EF}};

constexpr std::array han{Range{0x2E80, 0x2FD5},  Range{0x3005, 0x3007}, Range{0x3400, 0x4DBF},
                         Range{0x4E00, 0x9FFF},  Range{0xF900, 0xFAFF}, Range{0x20000, 0x2FA1F},
                         Range{0x30000, 0x3134F}};

template <std::size_t size> bool within(const std::array<Range, size>& ranges, char32_t c) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), c,
                       [](char32_t value, const Range& range) { return value < range.first; });
  return after != ranges.begin() && c <= std::prev(after)->last;
}

} // namespace

Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(at);
  if (first < 0x80)
    return {.code_point = first, .size = 1, .valid = true};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + size > text.size())
    return {};
  char32_t value = first & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80)
      return {};
    value = (value << 6) | (byte(at + i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  if (value < smallest[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
    return {};
  return {.code_point = value, .size = size, .valid = true};
}

void append(std::string& out, char32_t c) {
  const auto put = [&](std::uint32_t byte) {
    out.push_back(static_cast<char>(static_cast<std::uint8_t>(byte)));
  };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)),
        put(0x80 | (c & 0x3F));
  }
}

std::u32string code_points(std::string_view utf8) {
  std::u32string out;
  for (std::size_t at = 0; at < utf8.size();) {
    const Decoded next = decode(utf8, at);
    out.push_back(next.code_point);
    at += next.size;
  }
  return out;
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text)
    append(out, c);
  return out;
}

bool is_han(char32_t c) { return within(han, c); }

std::size_t cells(char32_t c) {
  if (c >= 0x20 && c < 0x7F)
    return 1;
  if (within(narrow, c))
    return 0;
  return within(wide, c) ? 2 : 1;
}

} // namespace sanku::source
