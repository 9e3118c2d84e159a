// What becomes of the records of one visit. A record with the content of an earlier one is a
// repeat. Records of one settlement number and different contents contradict each other, and so do
// records of one number in different visits: nobody knows which of them is right, so none counts,
// and which of them came first does not matter. Only what was judged in an earlier run stands
// against them. Then refunds: a record that says it is a refund leaves, and with it the settlement
// that it names; one that names none cancels the latest settlement that is not after it and whose
// total is the opposite of its own. What is left are the parts of the visit. A refund whose
// settlement is not in the input leaves alone: there is nothing to review.
//
// Entry: settle. Tested by tests/unit/runtime/settle_test.cpp, by hand-worked tables.
#pragma once

#include "runtime/assemble/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sanku::assemble {

// Where a record stands. Line 0: in an earlier run.
struct RecordPlace {
  std::string file = {};
  std::uint64_t line = 0;
};

struct Part {
  batch::Origin origin;
  RecordKeys keys;
  std::string content;   // packed
  bool stands = false;   // judged in an earlier run
  std::string file = {}; // that it came from, where inputs have several
  // Found out from the records of other visits:
  bool taken_back = false;                      // a refund there names this settlement
  std::optional<RecordPlace> contradicted = {}; // one there has its settlement number
};

struct Conflict {
  std::uint32_t part = 0;
  RecordPlace other;
};

// Indices of the given parts, each in exactly one list.
struct Settled {
  std::vector<std::uint32_t> parts, repeated, refunded;
  std::vector<Conflict> conflicts;
};

// `records` are of one visit, in the order in which they came.
[[nodiscard]] Settled settle(const schema::Schema& schema, const std::vector<Part>& records);

} // namespace sanku::assemble
