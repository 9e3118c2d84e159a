// Makes settlement k of a run: who, where, when, which diagnoses, operations and lines, with the
// violations that were drawn for it. One entry: compose. A settlement is a function of (catalogue,
// seed, k, rate) alone, so that generation can start anywhere and stream. Tested by
// tests/unit/tools/generate_test.cpp.
#pragma once

#include "tools/generate/claim.h"

namespace sanku::generate {

struct Settings {
  std::uint64_t seed = 0;
  double violation_rate = 0;
};

// `number` counts from 1. Overwrites the claim; its lists are reused for their memory.
void compose(const Catalogue& catalogue, const Settings& settings, std::uint64_t number,
             Claim& claim);

} // namespace sanku::generate
