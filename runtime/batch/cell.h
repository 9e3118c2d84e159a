// What readers agree on about single cells before any type is known: which mean "no value", and how
// large a stored number may be (units.h). Tested by tests/unit/runtime/batch_test.cpp.
#pragma once

#include "runtime/codes/dictionary.h"
#include "runtime/types/units.h"

#include <string_view>

namespace sanku::batch {

// Senders write a missing value as "", "-" or null, the last also in quotes. `trimmed`: without
// blanks at its ends.
[[nodiscard]] inline bool is_blank(std::string_view trimmed) {
  return trimmed.empty() || trimmed == "-" || trimmed == "null" || trimmed == "NULL";
}

using sanku::unit_bound;

} // namespace sanku::batch
