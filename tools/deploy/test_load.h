// How much running a pack's tests may take, worked out before any of them runs: a pack of unknown
// origin must not keep the machine busy on which it is installed. What the budget of a condition
// bounds is one condition on one claim; a pack brings as many claims as it likes. Entries: load_of,
// is_bearable. Tested by tests/unit/tools/test_load_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "tools/engine/rules.h"

#include <cstdint>

namespace sanku::deploy {

struct TestLoad {
  std::uint64_t tests = 0;
  std::uint64_t elements = 0; // records that all tests give
  std::uint64_t rows = 0;     // of tables that the tests look into, once for each
  std::uint64_t steps = 0;    // of the loops of all rules, by their formulas (runtime/exec/steps.h)
  std::uint64_t heaviest = 0; // of the rule that takes most: mutants run its tests again and again
};

// Many times what the national pack takes, and minutes of a machine at most.
inline constexpr TestLoad most_test_load{.tests = 20'000,
                                         .elements = 2'000'000,
                                         .rows = std::uint64_t{1} << 28,
                                         .steps = std::uint64_t{1} << 28,
                                         .heaviest = std::uint64_t{1} << 26};

// Of the tests of the pack that was named.
[[nodiscard]] TestLoad load_of(const engine::Rules& rules);
// False: some of it is too much, which is told.
[[nodiscard]] bool is_bearable(const TestLoad& load, const TestLoad& most, source::Span place,
                               diag::Diagnostics& diagnostics);

} // namespace sanku::deploy
