// Appending JSON to a string: the little that the writer and the catalogue's ready pieces need.
// Every value is a JSON string, as most senders of the audit interface write numbers too. Tested by
// tests/unit/tools/generate_test.cpp, which parses all output with simdjson.
#pragma once

#include "tools/generate/calendar.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sanku::generate {

// Escapes what RFC 8259 requires: quotes, backslashes and control characters.
inline void append_escaped(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += digits[(c >> 4) & 15];
      out += digits[c & 15];
    } else {
      out += c;
    }
  }
}

// "key":"value" with a comma before it, unless it is the first of its object.
inline void append_field(std::string& out, std::string_view key, std::string_view value) {
  if (!out.empty() && out.back() != '{')
    out += ',';
  out += '"';
  out += key;
  out += "\":\"";
  append_escaped(out, value);
  out += '"';
}

// A number with leading zeros to `width` digits.
inline void append_padded(std::string& out, std::uint64_t number, int width) {
  char digits[20];
  int at = 20;
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  for (int missing = width - (20 - at); missing > 0; --missing)
    out += '0';
  out.append(digits + at, static_cast<std::size_t>(20 - at));
}

// Hundredths with two places: 1250 is 12.50. Not for negative numbers, which are never generated.
inline void append_hundredths(std::string& out, std::int64_t value) {
  append_padded(out, static_cast<std::uint64_t>(value / 100), 1);
  out += '.';
  append_padded(out, static_cast<std::uint64_t>(value % 100), 2);
}

inline std::string hundredths(std::int64_t value) {
  std::string out;
  append_hundredths(out, value);
  return out;
}

inline void append_day(std::string& out, Day day) {
  const Civil civil = civil_of(day);
  append_padded(out, static_cast<std::uint64_t>(civil.year), 4);
  out += '-';
  append_padded(out, static_cast<std::uint64_t>(civil.month), 2);
  out += '-';
  append_padded(out, static_cast<std::uint64_t>(civil.day), 2);
}

inline void append_moment(std::string& out, Moment moment) {
  append_day(out, day_of(moment));
  const auto second = static_cast<std::uint64_t>(moment % seconds_a_day);
  out += ' ';
  append_padded(out, second / 3600, 2);
  out += ':';
  append_padded(out, second / 60 % 60, 2);
  out += ':';
  append_padded(out, second % 60, 2);
}

} // namespace sanku::generate
