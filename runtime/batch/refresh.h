// A View (batch.h) that stands on one batch after the other, so that its room is used again. Entry:
// refresh. Tested by tests/unit/runtime/batch_test.cpp and tests/unit/request/.
#pragma once

#include "runtime/batch/batch.h"

namespace sanku::batch {

// Whatever it was of before: now of this batch.
void refresh(View& into, const Batch& batch);

} // namespace sanku::batch
