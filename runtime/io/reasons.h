// Why a record is refused, in both languages: the words of the rejects file. Entry: one function a
// reason. What stands in fields marked `identity` is never repeated. Tested by
// tests/unit/runtime/ndjson_test.cpp.
#pragma once

#include "runtime/io/csv_rows.h"
#include "runtime/io/json_tape.h"
#include "runtime/schema/schema.h"
#include "runtime/types/result.h"

#include <cstdint>
#include <string_view>

namespace sanku::io {

// The place of a field: `element` counts from 1 in a child list and is 0 in the settlement.
struct FieldPlace {
  const schema::Relation& relation;
  const schema::Column& column;
  std::string_view wire;
  std::uint64_t element = 0;
};

[[nodiscard]] Error unreadable_json(JsonFault fault);
[[nodiscard]] Error line_too_long();
[[nodiscard]] Error wrong_cell(const FieldPlace& place, std::string_view found);
[[nodiscard]] Error not_a_value(const FieldPlace& place, NodeKind found);
[[nodiscard]] Error missing_field(const FieldPlace& place);
[[nodiscard]] Error not_a_node(std::string_view key, NodeKind found);
[[nodiscard]] Error no_visit();
[[nodiscard]] Error no_current_visit();
[[nodiscard]] Error field_twice(std::string_view key);

// ---- rows of CSV files
[[nodiscard]] Error unusable_row(RowFault fault);
// A visit was refused for what is wrong with one of its rows.
[[nodiscard]] Error left_out_with(const Error& why, std::string_view visit, std::uint64_t rows);

} // namespace sanku::io
