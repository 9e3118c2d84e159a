// A text as a JSON string, for every writer of JSON. Bytes that are not UTF-8 become U+FFFD, so
// that what is written is JSON whatever was read. Entry: append_json_string. Tested by
// tests/unit/runtime/files_test.cpp.
#pragma once

#include "runtime/types/utf8.h"

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>

namespace sanku::io {

inline void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char c = text[0];
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (length > 1) {
      out += text.substr(0, length);
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

} // namespace sanku::io
