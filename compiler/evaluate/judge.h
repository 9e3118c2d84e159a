// Judging one subject: which subjects a rule has in a settlement, its guards, its branches, and
// what a branch reports when it fires. Shared by the evaluator and by the trace that explains it.
// Entry: subjects, enter, guard, branch. Tested by tests/unit/compiler/evaluate_test.cpp.
#pragma once

#include "compiler/evaluate/scope.h"
#include "runtime/exec/finding.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sanku::evaluate {

struct Subject {
  std::uint32_t settlement = 0;     // whose, of a population that of the first element
  std::uint32_t row = 0;            // of the element, the group's first element, or the settlement
  std::vector<std::uint32_t> group; // group subjects: elements in canonical order
  std::vector<Value> keys;          // group subjects: the key values, unknown where not known
  // Some key is not known: such a group can only be indeterminate or not applicable.
  bool incomplete = false;
  Element entered = {}; // the row by which the first element entered, where elements do
};

// The rule's subjects in the settlement that `rows` stands in, in order of their row.
[[nodiscard]] std::vector<Subject> subjects(Rows& rows, const hir::Rule& rule);

// Binds the subject's names.
void enter(Scope& scope, const Subject& subject);
// The number under which the steps of a condition of the rule are counted; none: few at any rate.
[[nodiscard]] std::optional<std::uint32_t> heavy_of(Scope& scope, const hir::Guard& guard);
[[nodiscard]] std::optional<std::uint32_t> heavy_of(Scope& scope, const hir::Branch& branch);
// Whether that many are more than the program's budget, so that the condition is not begun.
[[nodiscard]] bool is_too_much(Scope& scope, const std::optional<std::uint32_t>& heavy);

// One guard, with the names bound so far; a row guard binds its row.
[[nodiscard]] Tri guard(Scope& scope, const hir::Guard& guard);
// Whether a branch speaks under the names bound now: its condition, and of a payment limit that a
// line is left.
[[nodiscard]] Tri holds(Scope& scope, const hir::Branch& branch);
// A branch's condition: over the rule's matches, some match that satisfies it.
[[nodiscard]] Tri branch(Scope& scope, const hir::Branch& branch);

// What a branch that fired reports; `branch` may be exec::when_unknown_branch. Settlement, rule,
// subject, keys and branches are filled by the caller. Leaves the names of the speaking match
// bound.
[[nodiscard]] exec::Finding fire(Scope& scope, std::uint32_t branch);

} // namespace sanku::evaluate
