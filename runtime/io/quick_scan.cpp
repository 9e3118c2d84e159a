// See quick_scan.h.
#include "runtime/io/quick_scan.h"

namespace sanku::io::quick {
namespace {

// Below 0 for what is no digit.
int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

const char* escaped_character(const char* at, std::uint32_t& character) {
  switch (*at) {
  case '"':
  case '\\':
  case '/':
    character = static_cast<unsigned char>(*at);
    return at + 1;
  case 'u':
    break;
  default:
    return nullptr; // the others are control characters
  }
  character = 0;
  for (int i = 1; i <= 4; ++i) {
    const int digit = hex_digit(at[i]);
    if (digit < 0)
      return nullptr;
    character = character * 16 + static_cast<std::uint32_t>(digit);
  }
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  return character < 0x20 || surrogate ? nullptr : at + 5;
}

char* write_utf8(char* to, std::uint32_t character) {
  const auto put = [&](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0 | (character >> 6));
    put(0x80 | (character & 0x3F));
  } else {
    put(0xE0 | (character >> 12));
    put(0x80 | ((character >> 6) & 0x3F));
    put(0x80 | (character & 0x3F));
  }
  return to;
}

} // namespace sanku::io::quick
