// What two versions of a rule say that has no terms: severity, trial, the lines that are named,
// amounts of groups, by whom findings are attributed. The solver cannot tell versions apart by
// these, so they are compared as they stand in the typed rule. Entry: unseen. Tested by
// tests/unit/tools/prove_test.cpp.
#pragma once

#include "tools/prove/analyse.h"

namespace sanku::prove {

struct Version {
  const Tables& tables;
  std::uint32_t rule = 0;

  [[nodiscard]] const hir::Rule& form() const { return tables.program().rules[rule]; }
};

// The parts that are not written the same.
[[nodiscard]] std::vector<PartDiffers> unseen(const Version& before, const Version& now,
                                              bool chinese);
// The branch takes an amount of the subject's own line that the solver compares.
[[nodiscard]] bool has_amount_terms(const hir::Program& program, const hir::Rule& rule,
                                    const hir::Report& report);
[[nodiscard]] bool same_rows(const Tables& a, hir::TableId x, const Tables& b, hir::TableId y);

} // namespace sanku::prove
