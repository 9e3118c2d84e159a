// Fills the column of role `supply` of every line that lacks it: how many days what was dispensed
// lasts, from the texts of dose, frequency, specification and unit beside the quantity (dosage.h).
// Done once, when claims are assembled, so that every form of input and both executions have the
// same. Entry: fill_supply. Tested by tests/unit/runtime/dosage_test.cpp and tests/cases/supply.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/schema/schema.h"

namespace sanku::assemble {

// After refunds were netted: what came back lasts no day.
void fill_supply(batch::Batch& batch, const schema::Schema& schema);

} // namespace sanku::assemble
