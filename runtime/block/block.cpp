// Writing blocks (block.h). Bytes of a block: head (rows, columns, unlisted enum values), codes
// (texts or numbers in the file's dictionary), then the frames of the columns in the head's order.
#include "runtime/block/block.h"

#include "runtime/batch/column.h"
#include "runtime/block/bytes.h"
#include "runtime/block/column_bytes.h"
#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::block {
namespace {

using schema::Role;

// Of what the canonical order looks at before all other columns (runtime/assemble/order.h): what
// completing codes and netting quantities leaves alone.
constexpr Role first_roles[] = {Role::time, Role::unit_price, Role::key};

std::string first_parts(const batch::RelationData& relation, const schema::Relation& shape,
                        std::uint32_t row) {
  std::string parts;
  for (const Role role : first_roles) {
    const auto column = schema::column_with(shape, role);
    if (!column)
      continue;
    const batch::ColumnData& data = relation.columns[*column];
    const Physical physical = info(shape.columns[*column].type.kind).physical;
    const bool known = batch::is_known(data, row);
    parts += known ? '+' : '-';
    if (known && physical == Physical::bytes)
      put_text(parts, batch::stored_text(data, row));
    else if (known)
      parts.append(reinterpret_cast<const char*>(data.values.data()) +
                       row * batch::stored_width(physical),
                   batch::stored_width(physical));
  }
  return parts;
}

// Whether no two elements of a settlement need more than those columns to be told apart.
bool told_apart(const batch::RelationData& relation, const schema::Relation& shape) {
  std::vector<std::string> seen;
  for (std::size_t s = 0; s + 1 < relation.offsets.size(); ++s) {
    seen.clear();
    for (std::uint32_t row = relation.offsets[s]; row < relation.offsets[s + 1]; ++row)
      seen.push_back(first_parts(relation, shape, row));
    std::ranges::sort(seen);
    if (std::ranges::adjacent_find(seen) != seen.end())
      return false;
  }
  return true;
}

void pack_relation(const batch::RelationData& relation, const schema::Relation& shape,
                   Packed& packed) {
  put(packed.head, relation.rows);
  if (shape.kind == schema::RelationKind::child) {
    put(packed.head, static_cast<std::uint8_t>(told_apart(relation, shape)));
    std::vector<std::uint64_t> counts;
    for (std::size_t s = 0; s + 1 < relation.offsets.size(); ++s)
      counts.push_back(relation.offsets[s + 1] - relation.offsets[s]);
    std::string bytes;
    put_numbers(bytes, counts.data(), counts.size());
    put(packed.head, static_cast<std::uint32_t>(bytes.size()));
    put(packed.head, static_cast<std::uint32_t>(put_frame(packed.frames, bytes)));
  }
  for (std::size_t c = 0; c < relation.columns.size(); ++c)
    put_column(relation.columns[c], info(shape.columns[c].type.kind).physical, packed.head,
               packed.frames);
}

void count_uses(const batch::RelationData& relation, const schema::Relation& shape,
                const schema::Schema& schema, Packed& packed) {
  for (std::size_t c = 0; c < relation.columns.size(); ++c) {
    if (shape.columns[c].type.kind != Kind::code)
      continue;
    std::uint64_t& uses = packed.uses[schema.systems[shape.columns[c].type.domain].dictionary];
    for (std::uint32_t row = 0; row < relation.rows; ++row)
      uses += batch::is_known(relation.columns[c], row) ? 1 : 0;
  }
}

constexpr std::uint64_t enough_to_decide = 256; // uses of a dictionary

// Codes that come again and again go into the file's dictionary.
bool is_shared(Shared::One& one, std::size_t texts, std::uint64_t uses) {
  if (!one.decided && uses >= enough_to_decide) {
    one.decided = true;
    one.shared = texts * 2 <= uses;
  }
  return one.shared;
}

} // namespace

Packed pack_block(batch::Batch batch, const schema::Schema& schema,
                  const batch::Dictionaries& none) {
  for (const codes::Dictionary& dictionary : none)
    check(dictionary.texts.empty(), "a block is packed from a batch with codes of its own only");
  Packed packed{.settlements = batch.settlements,
                .head = {},
                .frames = {},
                .codes = {},
                .uses = std::vector<std::uint64_t>(schema.dictionaries)};
  put(packed.head, batch.settlements);
  for (std::size_t r = 0; r < batch.relations.size(); ++r) {
    if (schema.relations[r].raw_of)
      continue;
    pack_relation(batch.relations[r], schema.relations[r], packed);
    count_uses(batch.relations[r], schema.relations[r], schema, packed);
  }
  for (const codes::Overflow& unlisted : batch.unlisted) {
    put(packed.head, static_cast<std::uint32_t>(unlisted.texts.size()));
    for (std::size_t i = 0; i < unlisted.texts.size(); ++i)
      put_text(packed.head, unlisted.texts[i]);
  }
  packed.codes = std::move(batch.overflow);
  return packed;
}

std::string finish_block(Packed packed, Shared& shared) {
  shared.dictionaries.resize(packed.codes.size());
  std::string head, frames;
  for (std::size_t d = 0; d < packed.codes.size(); ++d) {
    const codes::Texts& texts = packed.codes[d].texts;
    Shared::One& one = shared.dictionaries[d];
    const bool share = is_shared(one, texts.size(), packed.uses[d]);
    std::string bytes;
    if (share) {
      std::vector<std::uint64_t> numbers;
      for (std::size_t i = 0; i < texts.size(); ++i)
        numbers.push_back(codes::intern(one.codes, texts[i]));
      put_numbers(bytes, numbers.data(), numbers.size());
    } else {
      for (std::size_t i = 0; i < texts.size(); ++i)
        put_text(bytes, texts[i]);
    }
    put(head, static_cast<std::uint8_t>(share));
    put(head, static_cast<std::uint32_t>(texts.size()));
    put(head, static_cast<std::uint32_t>(bytes.size()));
    put(head, static_cast<std::uint32_t>(put_frame(frames, bytes)));
  }
  std::string block;
  block.reserve(packed.head.size() + head.size() + frames.size() + packed.frames.size() + 16);
  put_text(block, packed.head);
  put_text(block, head);
  put_text(block, frames);
  block += packed.frames;
  return block;
}

} // namespace sanku::block
