// See order.h.
#include "runtime/assemble/order.h"

#include "runtime/batch/column.h"
#include "runtime/types/check.h"

#include <optional>

namespace sanku::assemble {
namespace {

// Ids of what no dictionary lists follow the order of reading, so their texts decide.
std::string_view text_of(const Order& order, const OrderPart& part, std::uint32_t id) {
  if (part.type.kind == Kind::code)
    return batch::code_text(order.batch, order.dictionaries, part.dictionary, id);
  return order.batch.unlisted[part.type.domain].texts[id - first_unlisted];
}

std::strong_ordering known_order(const Order& order, const OrderPart& part, std::uint32_t a,
                                 std::uint32_t b) {
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
  return text_of(order, part, x) <=> text_of(order, part, y);
}

} // namespace

std::strong_ordering Order::compare(std::uint32_t a, std::uint32_t b) const {
  for (const OrderPart& part : parts) {
    const bool has_a = batch::is_known(*part.column, a), has_b = batch::is_known(*part.column, b);
    if (!has_a && !has_b)
      continue;
    if (has_a != has_b)
      return has_a <=> has_b;
    if (const auto order = known_order(*this, part, a, b); order != 0)
      return order;
  }
  return std::strong_ordering::equal;
}

Order canonical_order(const batch::Batch& batch, const schema::Schema& schema,
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

} // namespace sanku::assemble
