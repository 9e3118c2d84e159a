// A View (batch.h) that stands on one batch after the other, so that its room is used again. Entry:
// refresh. Tested by tests/unit/runtime/batch_test.cpp and tests/unit/request/.
#pragma once

#include "runtime/batch/batch.h"

namespace sanku::batch {

// Whatever it was of before: now of this batch. Of columns that are `read` (none are named: of all)
// it is found out whether they have gaps; the others are not looked at.
void refresh(View& into, const Batch& batch, const Kept& read = {});

// What generated code reads of a column without values, as long as so many rows: it reads before it
// asks whether there is one. `own` has room where they are many.
[[nodiscard]] const std::uint8_t* zeros_of(std::uint32_t rows, std::vector<std::uint8_t>& own);

} // namespace sanku::batch
