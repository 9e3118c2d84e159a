// How large a stored number may be. Entry: unit_bound. Tested by tests/unit/runtime/batch_test.cpp.
#pragma once

#include "runtime/types/type.h"

#include <cstdint>

namespace sanku {

// Columns hold numbers as 64-bit units, of at most 18 digits, or as many as the schema declares.
// The bound is exclusive.
[[nodiscard]] inline std::int64_t unit_bound(const Type& type) {
  const unsigned digits = type.digits == 0 || type.digits > 18 ? 18u : type.digits;
  std::int64_t bound = 1;
  for (unsigned i = 0; i < digits; ++i)
    bound *= 10;
  return bound;
}

} // namespace sanku
