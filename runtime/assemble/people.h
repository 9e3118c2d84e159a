// Visits beside one another: those of one person side by side, in time order, as programs need them
// that look beyond one visit; and a canonical order of everything in the batch, as groups across
// visits need it. Nothing that comes out depends on the order in which visits came. Entry:
// stand_by_person, before the elements are ranked. Tested by tests/unit/runtime/people_test.cpp.
#pragma once

#include "runtime/batch/batch.h"

namespace sanku::assemble {

// Puts the settlements into the order of persons and time, and says where each one's person begins
// and ends. A visit of somebody who is not known stands for itself. Ranks of the visits: by time,
// over all of the batch.
void stand_by_person(batch::Batch& batch, const schema::Schema& schema,
                     const batch::Dictionaries& dictionaries);

} // namespace sanku::assemble
