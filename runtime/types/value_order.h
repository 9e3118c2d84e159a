// A total order of values of one type, for what has to come out in one order whatever the order of
// work: records that repeat, groups that begin with the same element. The language's own
// comparisons are kernels. Tested by tests/unit/runtime/value_test.cpp.
#pragma once

#include "runtime/types/value.h"

namespace sanku {

// What is missing is the least.
[[nodiscard]] bool before(const Value& a, const Value& b);

} // namespace sanku
