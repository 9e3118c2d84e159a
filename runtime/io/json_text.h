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

// One byte that may not stand in a string as it is.
inline void append_json_escape(std::string& out, char c) {
  switch (c) {
  case '"':
  case '\\':
    out += '\\';
    out += c;
    return;
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  default:
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
  }
}

// What may stand as it is goes over in one piece.
inline void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t done = 0, at = 0;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
    if (const std::size_t length = plain         ? 1
                                   : byte < 0x80 ? 0
                                                 : utf8_length(text.substr(at));
        length != 0) {
      at += length;
      continue;
    }
    out += text.substr(done, at - done);
    if (byte < 0x80)
      append_json_escape(out, text[at]);
    else
      out += "\xEF\xBF\xBD";
    done = ++at;
  }
  out += text.substr(done);
  out += '"';
}

} // namespace sanku::io
