// Mutants that are the same rule, by arguments that hold for every claim; where none applies a
// mutant counts as one that tests should notice. Entry: equal. Tested by
// tests/unit/tools/mutation_test.cpp.
#pragma once

#include "tools/measure/mutants.h"

#include <optional>
#include <string_view>

namespace sanku::measure {

struct WhyEqual {
  std::string_view zh, en;
};
[[nodiscard]] std::optional<WhyEqual> equal(const hir::Program& program, const Mutant& mutant);

} // namespace sanku::measure
