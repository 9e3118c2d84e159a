// A claim that was found: which elements there are, and what is known of them. Plain data. Made by
// Session, put into words by test_block.h. Tested by tests/unit/compiler/prove_test.cpp.
#pragma once

#include "compiler/prove/place.h"
#include "runtime/types/value.h"

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace sanku::prove {

struct Claim {
  std::uint32_t visits = 1;
  std::map<Place, Value> cells; // what is known
  std::set<Place> read;         // what rules look at, known or not
  std::vector<Place> elements;  // that are there, column 0; given rows as well
};

} // namespace sanku::prove
