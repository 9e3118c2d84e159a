// What becomes of the records of one visit. In the order in which they came: a record with the
// content of an earlier one is a repeat; one with the settlement number of an earlier one but other
// content is a conflict and rejected, as is one whose number belongs to another visit. Then
// refunds: a record that says it is a refund leaves, and with it the settlement that it names; one
// that names none cancels the latest settlement that is not after it and whose total is the
// opposite of its own. What is left are the parts of the visit. A refund whose settlement is not in
// the input leaves alone: there is nothing to review.
//
// Entry: settle. Tested by tests/unit/runtime/settle_test.cpp, by hand-worked tables.
#pragma once

#include "runtime/assemble/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sanku::assemble {

struct Part {
  batch::Origin origin;
  RecordKeys keys;
  std::string content; // packed
  // Found out from the records of other visits:
  bool taken_back = false;                 // a refund there names this settlement
  std::optional<std::uint64_t> taken_by{}; // the line where its settlement number came first
};

struct Conflict {
  std::uint32_t part = 0;
  std::uint64_t line = 0; // where the settlement number came first
};

// Indices of the given parts, each in exactly one list.
struct Settled {
  std::vector<std::uint32_t> parts, repeated, refunded;
  std::vector<Conflict> conflicts;
};

// `records` are of one visit, in the order in which they came.
[[nodiscard]] Settled settle(const schema::Schema& schema, const std::vector<Part>& records);

} // namespace sanku::assemble
