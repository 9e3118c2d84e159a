// Which wire names of the national audit interface mean which column: prepared once from the
// schema, so that a field of a record costs one look-up. Entry: claim_layout. Tested by
// tests/unit/runtime/ndjson_test.cpp.
#pragma once

#include "runtime/schema/schema.h"
#include "runtime/types/name_index.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sanku::io {

// A column and the slots of its wire names, in the order in which they are tried.
struct ColumnSource {
  std::uint32_t column = 0;
  std::vector<std::uint32_t> slots;
  bool of_patient =
      false; // a column of the record `patient`: the person's node comes before the visit's
  bool of_visit = false; // the visit's own: never taken from a node that several visits share
};

// The fields that one kind of object can have. Slots count from 0; `names` gives slot + 1.
struct ObjectLayout {
  NameIndex names;
  std::uint32_t slots = 0;
  std::vector<ColumnSource> columns;
};

// `visit` serves the nodes above the child lists (envelope, data, person, visit), because senders
// differ in what they put where.
struct ClaimLayout {
  ObjectLayout visit;
  std::vector<ObjectLayout> children; // by relation; [0] is unused
  std::vector<std::vector<std::uint32_t>>
      child_nodes; // by relation: slots of `visit` that hold its list
  // The list that may stand as an object with a key for each question: `{"HER2阳性": true}`.
  struct Answers {
    std::uint32_t relation = 0, question = 0; // the column that the key is
    ColumnSource answer;
  };
  std::optional<Answers> answers;
  std::vector<std::uint32_t> input, data, patients, encounters, current_visit; // slots of `visit`
  std::optional<std::uint32_t> visit_source; // which ColumnSource of `visit` is the visit's number
};

// The schema outlives the layout, which borrows its names.
[[nodiscard]] ClaimLayout claim_layout(const schema::Schema& schema);

} // namespace sanku::io
