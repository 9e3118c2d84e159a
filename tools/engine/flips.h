// What stands between a rule and firing on a subject that is clear: the single conditions that
// would make it fire if they alone turned over, or, where none would, the fewest that have to turn
// over together. Found by turning conditions over in the trace; what knowledge alone decides is
// left as it is. Entry: flips. Tested by tests/unit/tools/flips_test.cpp.
#pragma once

#include "compiler/evaluate/trace.h"

#include <vector>

namespace sanku::engine {

// A condition that has to become true, or false. Nodes are the trace's.
struct Flip {
  const evaluate::Node* condition = nullptr;
  bool to = true;
};

struct Flips {
  std::vector<Flip> single;   // each by itself, those with a distance first, else as written
  std::vector<Flip> together; // without a single one: the fewest, all of them; empty: none would
};

[[nodiscard]] Flips flips(const evaluate::Trace& trace);

} // namespace sanku::engine
