// What is signed is what is read: finds the first character of a text that a reader would not see,
// or would see elsewhere. Entry: first_hidden. Rule texts are also held to it by the parser, and
// names that look alike by the checker. Tested by tests/unit/tools/pack_file_test.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sanku::pack {

struct Hidden {
  std::size_t at = 0; // byte
  char32_t found = 0; // U+FFFD: the bytes are not UTF-8
};

// Bidirectional and other controls but line feed and tab, zero-width and invisible characters,
// variation selectors, tags, and bytes that are not UTF-8.
[[nodiscard]] std::optional<Hidden> first_hidden(std::string_view text);

} // namespace sanku::pack
