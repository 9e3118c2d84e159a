// The grammar of JSON tokens that are no strings (RFC 8259), for both readers of requests. Header
// only. Entries: is_json_number, is_json_word. Tested by tests/unit/runtime/ndjson_test.cpp.
#pragma once

#include <string_view>

namespace sanku::io {

[[nodiscard]] inline bool is_json_number(std::string_view text) {
  std::size_t i = 0;
  auto digits = [&] {
    const std::size_t begin = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9')
      ++i;
    return i - begin;
  };
  if (i < text.size() && text[i] == '-')
    ++i;
  const std::size_t whole = i;
  if (digits() == 0 || (text[whole] == '0' && i - whole > 1))
    return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0)
      return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-'))
      ++i;
    if (digits() == 0)
      return false;
  }
  return i == text.size();
}

[[nodiscard]] inline bool is_json_word(std::string_view text) {
  return text == "true" || text == "false" || text == "null";
}

} // namespace sanku::io
