// UTF-8 by hand, one code point at a time, never failing: what is not UTF-8 reads as U+FFFD, one
// byte long. Used by everything that measures or prints text. Tested by
// tests/unit/compiler/source_test.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sanku::source {

struct Decoded {
  char32_t code_point = 0xFFFD;
  std::size_t size = 1; // bytes read
  bool valid = false;
};

// The code point that begins at `at`, which is inside `text`. Overlong forms, surrogates and values
// past U+10FFFF are not valid.
[[nodiscard]] Decoded decode(std::string_view text, std::size_t at);
void append(std::string& out, char32_t code_point);
[[nodiscard]] std::u32string code_points(std::string_view utf8);
[[nodiscard]] std::string to_utf8(std::u32string_view text);

// A Han character, so that rules about Chinese writing can ask.
[[nodiscard]] bool is_han(char32_t code_point);
// Cells of one character on a terminal: 0, 1 or 2.
[[nodiscard]] std::size_t cells(char32_t code_point);

} // namespace sanku::source
