// What readers agree on about single cells before any type is known: which mean "no value", and how
// large a stored number may be. Tested by tests/unit/runtime/batch_test.cpp.
#pragma once

#include "runtime/codes/dictionary.h"
#include "runtime/types/type.h"

#include <cstdint>
#include <string_view>

namespace sanku::batch {

// Senders write a missing value as "", "-" or null, the last also in quotes. `trimmed`: without
// blanks at its ends.
[[nodiscard]] inline bool is_blank(std::string_view trimmed) {
  return trimmed.empty() || trimmed == "-" || trimmed == "null" || trimmed == "NULL";
}

// Columns hold numbers as 64-bit units, of at most 18 digits, or as many as the schema declares.
// The bound is exclusive.
[[nodiscard]] inline std::int64_t unit_bound(const Type& type) {
  const unsigned digits = type.digits == 0 || type.digits > 18 ? 18u : type.digits;
  std::int64_t bound = 1;
  for (unsigned i = 0; i < digits; ++i)
    bound *= 10;
  return bound;
}

} // namespace sanku::batch
