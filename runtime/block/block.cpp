// Writing blocks (block.h). Bytes of a block: head (rows, columns, unlisted enum values), codes
// (texts or numbers in the file's dictionary), then the frames of the columns in the head's order.
#include "runtime/block/block.h"

#include "runtime/batch/column.h"
#include "runtime/block/bytes.h"
#include "runtime/block/column_bytes.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <numeric>

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

// What ids of a batch are in a block: its own numbers from 1 on, 0 where nothing is known. Codes
// are numbered in the order of their texts, so that a reader sees without looking them up that they
// differ.
struct Numbering {
  const schema::Schema& schema;
  std::vector<std::vector<std::uint32_t>> of_code; // by dictionary, by place in the overflow

  [[nodiscard]] std::uint64_t number(const Type& type, std::uint32_t id) const {
    if (id == 0)
      return 0;
    if (type.kind == Kind::code)
      return of_code[schema.systems[type.domain].dictionary][id - codes::first_code];
    return id < first_unlisted ? id
                               : id - first_unlisted + 1 + schema.enums[type.domain].members.size();
  }
};

// Numbers the texts and lays them out in that order.
std::vector<std::uint32_t> sort_texts(codes::Texts& texts) {
  std::vector<std::uint32_t> places(texts.size()), numbers(texts.size());
  std::iota(places.begin(), places.end(), 0u);
  std::ranges::sort(places, {}, [&](std::uint32_t place) { return texts[place]; });
  codes::Texts sorted;
  for (std::uint32_t i = 0; i < places.size(); ++i) {
    numbers[places[i]] = i + 1;
    sorted.push(texts[places[i]]);
  }
  texts = std::move(sorted);
  return numbers;
}

void pack_column(const batch::ColumnData& column, const Type& type, const Numbering& numbering,
                 Packed& packed) {
  if (type.kind != Kind::code && type.kind != Kind::enumeration)
    return put_values(column, info(type.kind).physical, packed.head, packed.frames);
  std::vector<std::uint64_t> numbers(column.rows);
  for (std::uint32_t row = 0; row < column.rows; ++row)
    numbers[row] = numbering.number(type, batch::stored<std::uint32_t>(column, row));
  put_ids(numbers, packed.head, packed.frames);
}

void pack_relation(const batch::RelationData& relation, const schema::Relation& shape,
                   const Numbering& numbering, Packed& packed) {
  put(packed.head, relation.rows);
  if (shape.kind == schema::RelationKind::child) {
    put(packed.head, static_cast<std::uint8_t>(told_apart(relation, shape)));
    std::vector<std::uint64_t> counts;
    for (std::size_t s = 0; s + 1 < relation.offsets.size(); ++s)
      counts.push_back(relation.offsets[s + 1] - relation.offsets[s]);
    std::string bytes;
    put_numbers(bytes, counts);
    put_size(packed.head, put_frame(packed.frames, bytes));
  }
  for (std::size_t c = 0; c < relation.columns.size(); ++c)
    pack_column(relation.columns[c], shape.columns[c].type, numbering, packed);
}

// Codes that come again from block to block go into the file's dictionary.
bool is_shared(Shared::One& one, const codes::Texts& texts) {
  if (one.decided || texts.empty())
    return one.shared;
  if (one.first.texts.empty()) {
    for (std::size_t i = 0; i < texts.size(); ++i)
      codes::append(one.first, texts[i]);
    one.first.ids.catch_up(one.first.texts);
    return false;
  }
  std::size_t again = 0;
  for (std::size_t i = 0; i < texts.size(); ++i)
    again += codes::find(one.first, texts[i]) != codes::no_offset ? 1 : 0;
  one.decided = true;
  one.shared = again * 4 >= texts.size();
  one.first = {};
  return one.shared;
}

} // namespace

Packed pack_block(batch::Batch batch, const schema::Schema& schema,
                  const batch::Dictionaries& none) {
  for (const codes::Dictionary& dictionary : none)
    check(dictionary.texts.empty(), "a block is packed from a batch with codes of its own only");
  Packed packed{.settlements = batch.settlements, .head = {}, .frames = {}, .codes = {}};
  Numbering numbering{schema, {}};
  for (codes::Overflow& own : batch.overflow) {
    numbering.of_code.push_back(sort_texts(own.texts));
    packed.codes.push_back(std::move(own.texts));
  }
  put(packed.head, batch.settlements);
  for (std::size_t r = 0; r < batch.relations.size(); ++r)
    if (!schema.relations[r].raw_of)
      pack_relation(batch.relations[r], schema.relations[r], numbering, packed);
  for (const codes::Overflow& unlisted : batch.unlisted) {
    put(packed.head, static_cast<std::uint32_t>(unlisted.texts.size()));
    for (std::size_t i = 0; i < unlisted.texts.size(); ++i)
      put_text(packed.head, unlisted.texts[i]);
  }
  return packed;
}

std::string finish_block(Packed packed, Shared& shared) {
  shared.dictionaries.resize(packed.codes.size());
  std::string head, frames;
  for (std::size_t d = 0; d < packed.codes.size(); ++d) {
    const codes::Texts& texts = packed.codes[d];
    Shared::One& one = shared.dictionaries[d];
    const bool share = is_shared(one, texts);
    std::string bytes;
    if (share) {
      std::vector<std::uint64_t> numbers;
      for (std::size_t i = 0; i < texts.size(); ++i)
        numbers.push_back(codes::intern(one.codes, texts[i]));
      put_numbers(bytes, numbers);
    } else {
      put_texts(bytes, texts);
    }
    put(head, static_cast<std::uint8_t>(share));
    put(head, static_cast<std::uint32_t>(texts.size()));
    put_size(head, put_frame(frames, bytes));
  }
  std::string block;
  block.reserve(packed.head.size() + head.size() + frames.size() + packed.frames.size() + 16);
  put_text(block, packed.head);
  put_text(block, head);
  put_text(block, frames);
  block += packed.frames;
  return block;
}

// Texts in their order, so that a reader sees that they differ, each with its number.
void put_shared(std::string& out, const Shared& shared) {
  put(out, static_cast<std::uint32_t>(shared.dictionaries.size()));
  for (const Shared::One& one : shared.dictionaries) {
    codes::Texts texts = one.codes.texts;
    const std::vector<std::uint32_t> places = sort_texts(texts);
    std::vector<std::uint64_t> numbers(places.size());
    for (std::uint32_t number = 0; number < places.size(); ++number)
      numbers[places[number] - 1] = number;
    put(out, static_cast<std::uint32_t>(texts.size()));
    put_texts(out, texts);
    put_numbers(out, numbers);
  }
}

} // namespace sanku::block
