// What a key's header condition asks, written out without naming table or rule: keys with the same
// text, for rows with the same cells, are answered alike by every header, whatever rule they belong
// to. So rules share the bits of the index. Tested by tests/unit/compiler/plan_test.cpp.
#pragma once

#include "compiler/plan/plan.h"

#include <string>

namespace sanku::plan {

// Of a key whose header_guards, header_branches and row_columns stand.
[[nodiscard]] std::string header_text(const hir::Rule& rule, const Key& key);

} // namespace sanku::plan
