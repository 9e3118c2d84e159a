// Loops that keep only elements with the value of another: `any(o in items where o.code =
// item.code …)`. Of such a loop most elements need not be looked at where those of each value are
// known (runtime/exec/same_value.h), so it takes fewer steps (steps.h). Entry: same_values. Tested
// by tests/unit/compiler/steps_test.cpp, tests/cases/lists and the differential.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/exec/steps.h"

#include <map>

namespace sanku::analysis {

// The elements of a list of the visit, or of a group of the population, whose value in `column` is
// that of `by`.
struct SameValue {
  exec::Factor of;  // Length::same or same_in_group
  hir::BinderId by; // the element outside
};
// By binder of the loop. A value is a code, a text, a number, a date or a time: what equals only
// itself.
using SameValues = std::map<hir::BinderId, SameValue>;
[[nodiscard]] SameValues same_values(const hir::Rule& rule);

} // namespace sanku::analysis
