// UTF-8 as readers and diagnostics need it: is a byte string well formed, and how much of it fits
// in a message. Header only. Tested by tests/unit/runtime/text_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sanku {

// Bytes of the well-formed character at the head of `text`, 0 if there is none (RFC 3629: no
// overlong forms, no surrogates, nothing above U+10FFFF).
[[nodiscard]] inline std::size_t utf8_length(std::string_view text) {
  auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  auto follows = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned head = byte(0);
  if (text.empty())
    return 0;
  if (head < 0x80)
    return 1;
  if (head >= 0xC2 && head <= 0xDF)
    return follows(1) ? 2 : 0;
  if (head >= 0xE0 && head <= 0xEF) {
    const bool overlong = head == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = head == 0xED && byte(1) > 0x9F;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (head >= 0xF0 && head <= 0xF4) {
    const bool overlong = head == 0xF0 && byte(1) < 0x90;
    const bool beyond = head == 0xF4 && byte(1) > 0x8F;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

[[nodiscard]] inline bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0)
      return false;
    text.remove_prefix(length);
  }
  return true;
}

// At most `characters` characters for a message: control characters become spaces, broken bytes
// U+FFFD, a cut is marked by `…`.
[[nodiscard]] inline std::string excerpt(std::string_view text, std::size_t characters = 40) {
  std::string out;
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == characters)
      return out + "…";
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (length == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7F)) {
      out += ' ';
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

} // namespace sanku
