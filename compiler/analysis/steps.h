// How many steps a rule takes at most, as formulas of the lengths of lists (runtime/exec/steps.h):
// one for each condition, over all subjects of a visit. A step is one turn of the innermost loop.
// Both executions count by them before they begin a condition, and `check --plan` prints them.
// Entry: steps_of. Tested by tests/unit/compiler/steps_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/exec/steps.h"
#include "runtime/types/value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sanku::analysis {

// What a condition may cost, and the number under which it is counted; none: no more than one list
// and the rows that each of its elements has in one table, which is never too much.
struct Cost {
  exec::Steps steps;
  std::optional<std::uint32_t> heavy;
};
struct RuleSteps {
  std::vector<Cost> guards;   // as in hir::Rule
  std::vector<Cost> branches; // likewise, with the matches and what they report
  Cost unknown;               // of `when unknown`
  std::vector<exec::Steps> heavy;
};
[[nodiscard]] RuleSteps steps_of(const hir::Program& program, const hir::Rule& rule);

// By let: whether it reads what a match binds, itself or through lets. Others stand for one value a
// subject.
[[nodiscard]] std::vector<bool> lets_of_matches(const hir::Rule& rule);

// All of a rule: the largest products, `items × items`.
[[nodiscard]] exec::Steps whole(const RuleSteps& steps);
// Loops within loops, at most, those over the rows of one key aside.
[[nodiscard]] std::size_t degree(const exec::Steps& steps);
[[nodiscard]] std::string text_of(const hir::Program& program, const exec::Steps& steps,
                                  Language language);

} // namespace sanku::analysis
