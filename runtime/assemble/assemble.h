// assemble: completes the visits of a batch after reading: gives each element of a child list its
// canonical rank inside the visit (time, code, unit price, quantity, line key, then every other
// column, then a running number among equals; without a time: no rank), as `earlier`, `beyond
// first` and every tie need it. Merging parts of a visit, refunds and local codes belong here too.
#pragma once

#include "runtime/batch/batch.h"

namespace sanku::assemble {

void assemble(batch::Batch& batch, const schema::Schema& schema,
              const batch::Dictionaries& dictionaries);

} // namespace sanku::assemble
