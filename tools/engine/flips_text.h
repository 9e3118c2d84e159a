// What stands between a rule and firing, as lines for a person. Entry: flip_lines. Tested by
// tests/unit/tools/flips_test.cpp.
#pragma once

#include "tools/engine/flips.h"
#include "tools/engine/rules.h"

#include <string>
#include <vector>

namespace sanku::engine {

// Of a trace that is clear, with its flips: single conditions a line each, as alternatives, or one
// line that says which have to turn over together, or why none would do.
[[nodiscard]] std::vector<std::string> flip_lines(const Rules& rules, const hir::Rule& rule,
                                                  const evaluate::Trace& trace, const Flips& least,
                                                  Language language);

} // namespace sanku::engine
