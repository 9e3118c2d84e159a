// What a run delivered, in a form in which runs of any engine, batch size and thread count compare:
// rows counted inside their visit, codes and all other values as text. Two outcomes agree when
// their texts are the same bytes. Entries: rebase, canonical_text. Tested by
// tests/differential/can_fail_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/batch/batch.h"
#include "runtime/exec/finding.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sanku::testing {

struct Outcome {
  std::vector<exec::Finding>
      findings; // settlement: the visit's number from 0; rows inside the visit
  std::vector<exec::Indeterminate> indeterminate;
  std::vector<exec::OutcomeCounts> counts; // by rule
};

// From the batch's rows to rows inside the visit, whose number its origin's line is. Of a line of
// another visit the row holds that number too.
void rebase(const hir::Program& program, const batch::Batch& batch,
            std::vector<exec::Finding>& findings, std::vector<exec::Indeterminate>& indeterminate);

// Every field, exactly.
[[nodiscard]] std::string canonical_text(const hir::Program& program, const exec::Finding& finding);
[[nodiscard]] std::string canonical_text(const hir::Program& program,
                                         const exec::Indeterminate& indeterminate);
[[nodiscard]] std::string canonical_text(const Value& value);

} // namespace sanku::testing
