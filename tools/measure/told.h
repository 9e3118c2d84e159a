// Which named values of a rule are only told: nothing but messages, involved lines or an
// indicator's value uses them, so that no expectation of a test can be about them. Entry:
// lets_asked_for. Tested by tests/unit/tools/mutation_test.cpp.
#pragma once

#include "compiler/hir/hir.h"

#include <cstdint>
#include <set>

namespace sanku::measure {

// The others, by their numbers in Rule::lets.
[[nodiscard]] std::set<std::uint32_t> lets_asked_for(const hir::Rule& rule);

} // namespace sanku::measure
