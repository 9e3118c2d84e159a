// assemble (assemble.h): the canonical rank of every element inside its visit: the number of lines
// of the visit that come before it. Only lines equal in every column are told apart by the order of
// the file, and those are interchangeable. Tested by tests/unit/runtime/assemble_test.cpp.
#include "runtime/assemble/assemble.h"

#include "runtime/batch/column.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <compare>
#include <numeric>
#include <optional>

namespace sanku::assemble {
namespace {

// One part of the order: a column of numbers, or one of codes or texts compared bytewise. A missing
// value comes first.
struct Part {
  const batch::ColumnData* column = nullptr;
  Type type;
  std::uint32_t dictionary = 0; // codes only
};

struct Order {
  const batch::Batch& batch;
  const batch::Dictionaries& dictionaries;
  std::vector<Part> parts;

  [[nodiscard]] std::strong_ordering known_order(const Part& part, std::uint32_t a,
                                                 std::uint32_t b) const {
    const batch::ColumnData& column = *part.column;
    switch (info(part.type.kind).physical) {
    case Physical::bit8:
      return batch::stored<std::uint8_t>(column, a) <=> batch::stored<std::uint8_t>(column, b);
    case Physical::day32:
      return batch::stored<std::int32_t>(column, a) <=> batch::stored<std::int32_t>(column, b);
    case Physical::word64:
    case Physical::wide128:
      return batch::stored<std::int64_t>(column, a) <=> batch::stored<std::int64_t>(column, b);
    case Physical::bytes:
      return batch::stored_text(column, a) <=> batch::stored_text(column, b);
    case Physical::id32:
      break;
    case Physical::pair64:
      unreachable("counts are no columns");
    }
    const std::uint32_t x = batch::stored<std::uint32_t>(column, a),
                        y = batch::stored<std::uint32_t>(column, b);
    if (x == y)
      return std::strong_ordering::equal;
    if (part.type.kind == Kind::enumeration) {
      const bool listed_x = x < first_unlisted, listed_y = y < first_unlisted;
      if (listed_x != listed_y)
        return listed_x <=> listed_y; // codes that no schema lists come first
      if (listed_x)
        return x <=> y;
    }
    return text(part, x) <=> text(part, y);
  }

  // Ids of what no dictionary lists follow the order of reading, so their texts decide.
  [[nodiscard]] std::string_view text(const Part& part, std::uint32_t id) const {
    if (part.type.kind == Kind::code)
      return batch::code_text(batch, dictionaries, part.dictionary, id);
    return batch.unlisted[part.type.domain].texts[id - first_unlisted];
  }

  [[nodiscard]] std::strong_ordering compare(std::uint32_t a, std::uint32_t b) const {
    for (const Part& part : parts) {
      const bool has_a = batch::is_known(*part.column, a), has_b = batch::is_known(*part.column, b);
      if (!has_a && !has_b)
        continue;
      if (has_a != has_b)
        return has_a <=> has_b;
      if (const auto order = known_order(part, a, b); order != 0)
        return order;
    }
    return std::strong_ordering::equal;
  }
};

Order order_of(const batch::Batch& batch, const schema::Schema& schema,
               const batch::Dictionaries& dictionaries, std::uint32_t relation) {
  Order order{.batch = batch, .dictionaries = dictionaries, .parts = {}};
  const auto add = [&](std::uint32_t column) {
    const Type& type = schema.relations[relation].columns[column].type;
    order.parts.push_back(
        {.column = &batch.relations[relation].columns[column],
         .type = type,
         .dictionary = type.kind == Kind::code ? schema.systems[type.domain].dictionary : 0});
  };
  using schema::Role;
  for (const Role role : {Role::time, Role::code, Role::unit_price, Role::quantity, Role::key}) {
    const std::optional<std::uint32_t> column =
        schema::column_with(schema.relations[relation], role);
    if (column)
      add(*column);
  }
  // Lines that share even their number: by whatever else tells them apart.
  for (std::uint32_t column = 0; column < schema.relations[relation].columns.size(); ++column)
    add(column);
  return order;
}

} // namespace

void assemble(batch::Batch& batch, const schema::Schema& schema,
              const batch::Dictionaries& dictionaries) {
  std::vector<std::uint32_t> lines;
  for (std::uint32_t r = 1; r < batch.relations.size(); ++r) {
    batch::RelationData& relation = batch.relations[r];
    relation.order.assign(relation.rows, abi::no_rank);
    const Order order = order_of(batch, schema, dictionaries, r);
    const auto time = schema::column_with(schema.relations[r], schema::Role::time);
    for (std::uint32_t s = 0; s < batch.settlements; ++s) {
      lines.clear();
      for (std::uint32_t row = relation.offsets[s]; row < relation.offsets[s + 1]; ++row) {
        // A line whose time is not known comes neither before nor after another.
        if (!time || batch::is_known(relation.columns[*time], row))
          lines.push_back(row);
      }
      std::stable_sort(lines.begin(), lines.end(),
                       [&](std::uint32_t a, std::uint32_t b) { return order.compare(a, b) < 0; });
      for (std::uint32_t i = 0; i < lines.size(); ++i)
        relation.order[lines[i]] = i;
    }
  }
}

} // namespace sanku::assemble
