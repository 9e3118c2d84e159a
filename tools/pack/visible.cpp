// See visible.h. Most characters are ASCII or Han, so those are passed over first.
#include "tools/pack/visible.h"

#include "runtime/types/utf8.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace sanku::pack {
namespace {

struct Range {
  char32_t first, last;
};
// Unicode's Default_Ignorable_Code_Point and Bidi_Control, controls, blanks that fonts draw as
// letters, and what is nobody's character.
constexpr std::array<Range, 20> hidden = {{
    {0x0000, 0x0008}, {0x000B, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD},   {0x034F, 0x034F},
    {0x061C, 0x061C}, {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x200B, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0x2800, 0x2800}, {0x3164, 0x3164},   {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFD}, {0x1BCA0, 0x1BCA3}, {0xE0000, 0x10FFFF},
}};

bool is_hidden(char32_t c) {
  for (const Range& range : hidden)
    if (c >= range.first && c <= range.last)
      return true;
  return false;
}

char32_t decode(std::string_view text, std::size_t length) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (length == 1)
    return byte(0);
  char32_t c = byte(0) & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    c = (c << 6) | (byte(i) & 0x3Fu);
  return c;
}

// Eight printable characters of ASCII.
bool is_plain(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  constexpr std::uint64_t high = 0x8080808080808080u, ones = 0x0101010101010101u;
  // Below 0x20, DEL, or above 0x7F in some byte.
  const std::uint64_t low = (word - ones * 0x20) & ~word;
  const std::uint64_t del = word ^ (ones * 0x7F);
  return ((word | low | ((del - ones) & ~del)) & high) == 0;
}

} // namespace

std::optional<Hidden> first_hidden(std::string_view text) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  for (const char* at = begin; at != end;) {
    if (end - at >= 8 && is_plain(at)) {
      at += 8;
      continue;
    }
    const auto head = static_cast<unsigned char>(*at);
    // Most Han characters: U+4000 to U+CFFF, among which nothing is hidden.
    if (head >= 0xE4 && head <= 0xEC && end - at >= 3 && (at[1] & 0xC0) == 0x80 &&
        (at[2] & 0xC0) == 0x80) {
      at += 3;
      continue;
    }
    if ((head >= 0x20 && head < 0x7F) || head == '\n' || head == '\t') {
      ++at;
      continue;
    }
    const std::string_view rest(at, static_cast<std::size_t>(end - at));
    const std::size_t length = utf8_length(rest);
    const auto place = static_cast<std::size_t>(at - begin);
    if (length == 0)
      return Hidden{.at = place, .found = 0xFFFD};
    if (const char32_t c = decode(rest, length); is_hidden(c))
      return Hidden{.at = place, .found = c};
    at += length;
  }
  return std::nullopt;
}

} // namespace sanku::pack
