// Settlements of the ten reference rules' world, as requests of the audit interface 3101, one a
// line: 31 fields of the header, of which the schema knows 24, 8 of each line, numbers as texts,
// names in Han. Violations are rare: what would be one is drawn again but for one time in twenty.
// Settlement k needs nothing of settlement k - 1, so any part can be made alone. Entry:
// append_claims. Checked by `bench_run --check`.
#pragma once

#include "bench/data/reference.h"

#include <cstdint>
#include <string>

namespace sanku::bench {

struct ClaimsShape {
  bool shuffled = false;   // keys in random order, and some texts with escapes
  std::uint32_t lines = 0; // of every settlement; 0: as they fall
};

void append_claims(const Reference& reference, std::uint64_t seed, std::uint64_t first,
                   std::uint64_t count, std::string& out, const ClaimsShape& shape = {});

} // namespace sanku::bench
