// Makes a failing module small: fewer visits, rules, rows, clauses, conditions, cells, as long as
// it still fails. Knows nothing of the grammar: pieces say what may go and what may stand for what
// (piece.h), and the checker refuses what makes no sense. Entry: shrink. Tested by
// tests/differential/can_fail_test.cpp.
#pragma once

#include "tests/differential/module.h"

#include <cstddef>
#include <functional>

namespace sanku::differential {

// `fails` is asked at most `attempts` times. The module given fails.
[[nodiscard]] Module shrink(Module module, const std::function<bool(const Module&)>& fails,
                            std::size_t attempts);

} // namespace sanku::differential
