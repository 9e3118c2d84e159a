// See order.h.
#include "runtime/assemble/order.h"

#include "runtime/batch/column.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <array>
#include <cstring>
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

bool is_all(const OrderPart& part, std::uint32_t row) {
  if (!batch::is_known(*part.column, row) || !batch::is_known(*part.all_of, row))
    return false;
  const auto share = batch::stored<std::int64_t>(*part.column, row);
  return share > 0 && share >= batch::stored<std::int64_t>(*part.all_of, row);
}

} // namespace

std::strong_ordering Order::compare(std::uint32_t a, std::uint32_t b) const {
  for (const OrderPart& part : parts) {
    if (part.all_of != nullptr) {
      if (const auto order = is_all(part, a) <=> is_all(part, b); order != 0)
        return order;
      continue;
    }
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

namespace {

constexpr auto first_roles =
    std::to_array({schema::Role::time, schema::Role::code, schema::Role::unit_price,
                   schema::Role::quantity, schema::Role::key});

// Numbers of lines mostly grow.
bool grows(const batch::ColumnData& keys, std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t row = begin; row < end; ++row)
    if (!batch::is_known(keys, row) ||
        (row != begin && batch::stored_text(keys, row - 1) >= batch::stored_text(keys, row)))
      return false;
  return true;
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0xFF51AFD7ED558CCDu;
  return hash ^ (hash >> 32);
}

std::uint64_t cell_hash(const batch::ColumnData& column, Physical physical, std::uint32_t row) {
  if (!batch::is_known(column, row))
    return 1;
  if (physical == Physical::bytes)
    return codes::text_hash(batch::stored_text(column, row));
  const std::size_t width = batch::stored_width(physical);
  std::uint64_t word = 0;
  check(width <= sizeof(word), "counts are no columns");
  std::memcpy(&word, column.values.data() + row * width, width);
  return word;
}

} // namespace

bool told_apart(const batch::Batch& batch, const schema::Schema& schema) {
  std::vector<std::uint64_t> hashes;
  for (std::uint32_t r = 1; r < batch.relations.size(); ++r) {
    const batch::RelationData& relation = batch.relations[r];
    const schema::Relation& shape = schema.relations[r];
    const auto key = schema::column_with(shape, schema::Role::key);
    const bool texts = key && info(shape.columns[*key].type.kind).physical == Physical::bytes;
    for (std::uint32_t s = 0; s < batch.settlements && relation.rows != 0; ++s) {
      const std::uint32_t begin = relation.offsets[s], end = relation.offsets[s + 1];
      if (end - begin < 2 || (texts && grows(relation.columns[*key], begin, end)))
        continue;
      hashes.assign(end - begin, 0);
      for (const schema::Role role : first_roles) {
        const auto column = schema::column_with(shape, role);
        for (std::uint32_t row = begin; column && row < end; ++row)
          hashes[row - begin] = mixed(
              hashes[row - begin], cell_hash(relation.columns[*column],
                                             info(shape.columns[*column].type.kind).physical, row));
      }
      std::ranges::sort(hashes);
      if (std::ranges::adjacent_find(hashes) != hashes.end())
        return false;
    }
  }
  return true;
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
  const auto& columns = schema.relations[relation].columns;
  const auto of_role = [&](schema::Role role) {
    return schema::column_with(schema.relations[relation], role);
  };
  const auto share = of_role(schema::Role::own_share), amount = of_role(schema::Role::amount);
  for (const schema::Role role : first_roles) {
    if (role == schema::Role::quantity && share && amount &&
        columns[*share].type.scale == columns[*amount].type.scale) {
      add(*share);
      order.parts.back().all_of = &batch.relations[relation].columns[*amount];
    }
    if (const auto column = of_role(role))
      add(*column);
  }
  // Lines that share even their number: by whatever else tells them apart.
  for (std::uint32_t column = 0; column < schema.relations[relation].columns.size(); ++column)
    add(column);
  return order;
}

} // namespace sanku::assemble
