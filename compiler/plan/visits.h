// What a whole visit decides of a rule: that no element of a list passes a test without which the
// rule has nothing to say, or that a guard on the visit alone surely fails. Private to this folder;
// tested by tests/unit/compiler/plan_test.cpp.
#pragma once

#include "compiler/plan/plan.h"

namespace sanku::plan {

// A visit key, of a rule on visits or groups that has no other.
void add_visit_key(const hir::Program& program, const hir::Rule& rule, Rule& planned);
// A key without a test, of a rule on elements or groups that has guards on the visit alone: of
// visits of which they surely fail no element is looked at.
void add_gate(const hir::Rule& rule, Rule& planned);

} // namespace sanku::plan
