// Codes of enums that only a region's senders use, as its overlay maps them: once a batch is read,
// each becomes the value that it means where the visit took place. Elsewhere, and where the place
// is not known, it stays a code that nobody lists. Entry: map_local_codes. Tested by
// tests/cases/overlays/local_codes.case.
#pragma once

#include "runtime/assemble/place.h"
#include "runtime/batch/batch.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sanku::assemble {

struct LocalCode {
  std::int32_t first = 0, last = 0; // zones, both included
  std::uint32_t type = 0;           // enum
  std::string code;
  std::uint32_t member = 0; // value id
};
struct LocalCodes {
  Regions where;
  std::vector<LocalCode> codes; // of several for one place the last counts
};

void map_local_codes(batch::Batch& batch, const schema::Schema& schema,
                     const batch::Dictionaries& dictionaries, const LocalCodes& codes);

} // namespace sanku::assemble
