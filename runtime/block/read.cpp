// Reading blocks (block.h): the head first, then only the frames of the columns that are wanted.
// Whatever does not fit together ends the reading, before anything of it is believed.
#include "runtime/batch/column.h"
#include "runtime/block/block.h"
#include "runtime/block/column_bytes.h"

#include <functional>
#include <numeric>
#include <span>

namespace sanku::block {
namespace {

struct RelationEntry {
  std::uint32_t rows = 0;
  bool told_apart = true;
  FrameSize offsets;
  std::vector<ColumnEntry> columns;
};

// Codes of one dictionary, as the block numbers them.
struct CodesEntry {
  bool shared = false;
  std::uint32_t count = 0;
  FrameSize size;
  std::string_view frame;
  std::vector<std::uint32_t> table; // by number: id in the batch; empty until it is asked for
};

constexpr std::uint32_t most_rows = 1u << 28;

class Parts {
public:
  Parts(std::string_view bytes, const schema::Schema& schema) : schema_(schema) {
    Take all(bytes);
    Take head(all.text()), code_head(all.text());
    const std::string_view code_frames = all.text();
    good = all.good() && take_head(head) && take_codes(code_head, code_frames);
    frames = all.rest();
  }

  bool good = false;
  std::uint32_t settlements = 0;
  std::vector<RelationEntry> relations; // raw lists have an empty entry
  std::vector<std::vector<std::string_view>> unlisted;
  std::vector<CodesEntry> codes;
  std::string_view frames;

private:
  bool take_relation(Take& head, const schema::Relation& shape, RelationEntry& relation) const {
    relation.rows = head.value<std::uint32_t>();
    if (relation.rows > most_rows)
      return false;
    if (shape.kind == schema::RelationKind::child) {
      relation.told_apart = head.value<std::uint8_t>() != 0;
      relation.offsets = take_size(head);
    } else if (relation.rows != settlements) {
      return false;
    }
    relation.columns.resize(shape.columns.size());
    for (ColumnEntry& column : relation.columns)
      if (!take_entry(head, column))
        return false;
    return head.good() && is_plausible(relation.offsets);
  }

  bool take_head(Take& head) {
    settlements = head.value<std::uint32_t>();
    if (settlements > most_rows)
      return false;
    for (const schema::Relation& shape : schema_.relations) {
      if (shape.kind == schema::RelationKind::table)
        continue;
      RelationEntry& relation = relations.emplace_back();
      if (!shape.raw_of && !take_relation(head, shape, relation))
        return false;
    }
    for (std::size_t e = 0; e < schema_.enums.size(); ++e) {
      std::vector<std::string_view>& texts = unlisted.emplace_back();
      const auto count = head.value<std::uint32_t>();
      for (std::uint32_t i = 0; i < count && head.good(); ++i)
        texts.push_back(head.text());
    }
    return head.at_end();
  }

  bool take_codes(Take& head, std::string_view code_frames) {
    Take from(code_frames);
    for (std::uint32_t d = 0; d < schema_.dictionaries; ++d) {
      CodesEntry& entry = codes.emplace_back();
      entry.shared = head.value<std::uint8_t>() != 0;
      entry.count = head.value<std::uint32_t>();
      entry.size = take_size(head);
      entry.frame = from.piece(entry.size.packed);
      if (!head.good() || !from.good() || !is_plausible(entry.size) || entry.count > most_rows)
        return false;
    }
    return head.at_end() && from.at_end();
  }

  const schema::Schema& schema_;
};

// What the numbers of a block's codes and enum values are in the batch, for those that a wanted
// column has.
struct Ids {
  const schema::Schema& schema;
  const batch::Dictionaries& dictionaries;
  const std::vector<codes::Texts>& shared;
  std::vector<SharedIds>& shared_ids;
  Parts& parts;
  batch::Batch& batch;
  Unpacker& unpacker;
  std::vector<std::vector<std::uint32_t>> enums = {}; // by enum, as in CodesEntry

  // Empty: the bytes of the codes are none.
  std::span<const std::uint32_t> table(const Type& type) {
    if (type.kind == Kind::enumeration)
      return enum_table(type.domain);
    const std::uint32_t d = schema.systems[type.domain].dictionary;
    CodesEntry& entry = parts.codes[d];
    if (entry.table.empty() && !resolve(d, entry))
      entry.table.clear();
    return entry.table;
  }

private:
  std::span<const std::uint32_t> enum_table(std::uint32_t domain) {
    std::vector<std::uint32_t>& table = enums[domain];
    if (!table.empty())
      return table;
    const auto members = static_cast<std::uint32_t>(schema.enums[domain].members.size());
    const auto others = static_cast<std::uint32_t>(parts.unlisted[domain].size());
    for (std::uint32_t id = 0; id <= members; ++id)
      table.push_back(id);
    for (std::uint32_t other = 0; other < others; ++other)
      table.push_back(first_unlisted + other);
    return table;
  }

  bool resolve(std::uint32_t d, CodesEntry& entry) {
    const auto bytes = unpacker.unpack(entry.frame, entry.size.raw);
    if (!bytes)
      return false;
    Take from(*bytes);
    entry.table.assign(std::size_t{entry.count} + 1, codes::no_code);
    return (entry.shared ? take_shared(d, from, entry) : take_own(d, from, entry)) && from.at_end();
  }

  [[nodiscard]] std::uint32_t first_own(std::uint32_t d) const {
    return codes::frozen_size(dictionaries[d]) +
           static_cast<std::uint32_t>(batch.overflow[d].texts.size());
  }

  // Texts in their order, so that no two are the same.
  bool take_own(std::uint32_t d, Take& from, CodesEntry& entry) {
    TextsTaken texts;
    if (!take_texts(from, entry.count, texts) || !is_ascending(texts))
      return false;
    codes::Texts& own = batch.overflow[d].texts;
    if (dictionaries[d].texts.empty()) {
      std::iota(entry.table.begin() + 1, entry.table.end(), first_own(d));
      own.push_all(texts.bytes, texts.offsets, std::identity{});
      return true;
    }
    codes::find_all(
        dictionaries[d], entry.count, [&](std::size_t i) { return texts[i]; },
        [&](std::size_t i, std::uint32_t frozen) {
          entry.table[i + 1] = frozen != codes::no_code ? frozen : first_own(d);
          if (frozen == codes::no_code)
            own.push(texts[i]);
        });
    return true;
  }

  // Numbers of the file's dictionary, whose texts differ.
  bool take_shared(std::uint32_t d, Take& from, CodesEntry& entry) {
    SharedIds& known = shared_ids[d];
    if (d >= shared.size())
      return false;
    if (known.codes.empty()) {
      known.codes.resize(shared[d].size());
      codes::find_all(
          dictionaries[d], shared[d].size(), [&](std::size_t i) { return shared[d][i]; },
          [&](std::size_t i, std::uint32_t frozen) { known.codes[i].frozen = frozen; });
    }
    const auto numbers = take_numbers(from, entry.count);
    if (!numbers || !all_below(*numbers, known.codes.size()))
      return false;
    std::uint32_t* ids = entry.table.data() + 1;
    spread(*numbers, sizeof(*ids), ids);
    ++known.block;
    codes::Texts& own = batch.overflow[d].texts;
    std::uint32_t next = first_own(d);
    bool differ = true;
    for (std::uint32_t i = 0; i < entry.count; ++i) {
      const std::uint32_t number = ids[i];
      SharedIds::One& one = known.codes[number];
      differ &= one.block != known.block;
      one.block = known.block;
      ids[i] = one.frozen != codes::no_code ? one.frozen : next++;
      if (one.frozen == codes::no_code)
        own.push(shared[d][number]);
    }
    return differ;
  }
};

bool take_offsets(const RelationEntry& entry, std::string_view frame, std::uint32_t settlements,
                  Unpacker& unpacker, std::vector<std::uint32_t>& offsets) {
  const auto bytes = unpacker.unpack(frame, entry.offsets.raw);
  if (!bytes)
    return false;
  Take from(*bytes);
  const auto counts = take_numbers(from, settlements);
  if (!counts || !from.at_end())
    return false;
  offsets.resize(std::size_t{settlements} + 1);
  return to_offsets(*counts, offsets.data()) == entry.rows;
}

bool take_column(Ids& ids, const ColumnEntry& entry, std::string_view frame, const Type& type,
                 std::uint32_t rows, batch::ColumnData& column) {
  const bool by_number = type.kind == Kind::code || type.kind == Kind::enumeration;
  // Before the frame: one unpacker has one memory.
  const std::span<const std::uint32_t> table =
      by_number ? ids.table(type) : std::span<const std::uint32_t>{};
  const auto bytes = ids.unpacker.unpack(frame, entry.size.raw);
  if (!bytes || (by_number && table.empty()))
    return false;
  return by_number ? take_ids(entry.known, *bytes, table, rows, column)
                   : take_values(entry.known, *bytes, type, rows, column);
}

bool take_relation(Ids& ids, Take& frames, std::uint32_t r, const std::vector<bool>& wanted) {
  const RelationEntry& entry = ids.parts.relations[r];
  const schema::Relation& shape = ids.schema.relations[r];
  batch::RelationData& relation = ids.batch.relations[r];
  const std::uint32_t settlements = ids.parts.settlements;
  relation.rows = entry.rows;
  relation.columns.resize(shape.columns.size());
  if (shape.raw_of)
    relation.offsets.assign(std::size_t{settlements} + 1, 0);
  else if (shape.kind == schema::RelationKind::child &&
           !take_offsets(entry, frames.piece(entry.offsets.packed), settlements, ids.unpacker,
                         relation.offsets))
    return false;
  for (std::size_t c = 0; c < shape.columns.size(); ++c) {
    const ColumnEntry column = shape.raw_of ? ColumnEntry{} : entry.columns[c];
    const std::string_view frame = frames.piece(column.size.packed);
    const Type& type = shape.columns[c].type;
    if (column.known == ColumnEntry::Known::none || (!wanted[c] && entry.told_apart))
      batch::make_missing(relation.columns[c], info(type.kind).physical, entry.rows);
    else if (!frames.good() ||
             !take_column(ids, column, frame, type, entry.rows, relation.columns[c]))
      return false;
  }
  return true;
}

} // namespace

bool take_shared(Take& from, std::vector<codes::Texts>& shared) {
  const auto dictionaries = from.value<std::uint32_t>();
  for (std::uint32_t d = 0; d < dictionaries && from.good(); ++d) {
    const auto count = from.value<std::uint32_t>();
    TextsTaken texts;
    if (!take_texts(from, count, texts) || !is_ascending(texts))
      return false;
    const auto numbers = take_numbers(from, count);
    if (!numbers || !all_below(*numbers, count))
      return false;
    std::vector<std::uint32_t> number_of(count);
    spread(*numbers, sizeof(std::uint32_t), number_of.data());
    std::vector<bool> there(count);
    for (const std::uint32_t number : number_of) {
      if (there[number])
        return false;
      there[number] = true;
    }
    shared.emplace_back().push_all(texts.bytes, texts.offsets,
                                   [&](std::size_t i) { return number_of[i]; });
  }
  return from.good();
}

Reader::Reader(const schema::Schema& schema, const batch::Dictionaries& dictionaries,
               const std::vector<codes::Texts>& shared)
    : schema_(schema), dictionaries_(dictionaries), shared_(shared), ids_(schema.dictionaries) {}

std::optional<batch::Batch> Reader::read(std::string_view bytes, const Columns& wanted,
                                         std::uint64_t first) {
  Parts parts(bytes, schema_);
  if (!parts.good)
    return std::nullopt;
  batch::Batch batch;
  batch.settlements = parts.settlements;
  batch.overflow.resize(schema_.dictionaries);
  batch.unlisted.resize(schema_.enums.size());
  for (std::size_t e = 0; e < parts.unlisted.size(); ++e)
    for (std::uint32_t i = 0; i < parts.unlisted[e].size(); ++i)
      if (codes::intern(batch.unlisted[e], parts.unlisted[e][i]) != i)
        return std::nullopt;
  Ids ids{.schema = schema_,
          .dictionaries = dictionaries_,
          .shared = shared_,
          .shared_ids = ids_,
          .parts = parts,
          .batch = batch,
          .unpacker = unpacker_,
          .enums = std::vector<std::vector<std::uint32_t>>(schema_.enums.size())};
  Take frames(parts.frames);
  for (std::size_t r = 0; r < parts.relations.size(); ++r) {
    batch.relations.emplace_back();
    if (!take_relation(ids, frames, static_cast<std::uint32_t>(r), wanted[r]))
      return std::nullopt;
  }
  if (!frames.at_end())
    return std::nullopt;
  batch.origins.reserve(parts.settlements);
  for (std::uint32_t s = 0; s < parts.settlements; ++s)
    batch.origins.push_back({.file = 0, .offset = first + s, .line = first + s + 1, .part = 0});
  return batch;
}

} // namespace sanku::block
