// Batches out to and in from programs that speak the Arrow C Data Interface (c_data.h). A batch is
// an array of structs, one a settlement: its fields by their English paths, and each list as a list
// of structs. Entries: to_arrow, from_arrow. Tested by tests/unit/runtime/arrow_test.cpp.
//
//   field            Arrow                     handed over
//   whole number     int64 `l`                 as it lies
//   date             date32 `tdD`              as it lies
//   date and time    timestamp s `tss:`        as it lies
//   text             utf8 `u`                  as it lies
//   number, money    decimal128 `d:p,s`        converted: columns hold 64 bits
//   yes or no        bool `b`                  converted: columns hold bytes
//   code             utf8 `u`                  converted: columns hold ids
//   enum             utf8 `u`, a wire code     converted, likewise
//   length of time   utf8 `u`, as written      converted
//
// Validity and the offsets of lists lie as Arrow has them. Nothing that lies as Arrow has it is
// copied on the way out; on the way in every value is checked and taken over.
#pragma once

#include "runtime/arrow/c_data.h"
#include "runtime/batch/batch.h"
#include "runtime/types/result.h"

namespace sanku::arrow {

// The receiver calls `release` of both.
void to_arrow(batch::Batch batch, const schema::Schema& schema,
              const batch::Dictionaries& dictionaries, ArrowSchema& types, ArrowArray& array);

// Slices and any order of fields are taken; a field that the schema does not know, or of another
// type, is refused by name. Nothing is released here.
[[nodiscard]] Result<batch::Batch> from_arrow(const ArrowSchema& types, const ArrowArray& array,
                                              const schema::Schema& schema,
                                              const batch::Dictionaries& dictionaries);

} // namespace sanku::arrow
