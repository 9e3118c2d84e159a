// Planting of two items that exclude each other (GZ10000102012): inside each of the four windows,
// exactly on their edges, with more of the one than of the other; and just outside a window as a
// decoy. One entry: plant_pair. Tested by tests/unit/tools/generate_test.cpp.
#pragma once

#include "tools/generate/claim.h"
#include "tools/generate/random.h"

namespace sanku::generate {

void plant_pair(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy);

} // namespace sanku::generate
