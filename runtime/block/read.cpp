// Reading blocks (block.h): the head first, then only the frames of the columns that are wanted.
// Whatever does not fit together ends the reading, before anything of it is believed.
#include "runtime/batch/column.h"
#include "runtime/block/block.h"
#include "runtime/block/column_bytes.h"

namespace sanku::block {
namespace {

struct RelationEntry {
  std::uint32_t rows = 0;
  bool told_apart = true;
  ColumnEntry offsets;
  std::vector<ColumnEntry> columns;
};

// Codes of one dictionary, as the block numbers them.
struct CodesEntry {
  bool shared = false;
  std::uint32_t count = 0;
  ColumnEntry entry;
  std::string_view frame;
  bool resolved = false;
  std::vector<std::uint32_t> ids; // in the batch
};

constexpr std::uint32_t most_rows = 1u << 28;

bool plausible(const ColumnEntry& entry) {
  // LZ4 packs at most 255 to one.
  return entry.raw <= (std::uint64_t{entry.packed} + 16) * 255;
}

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
      relation.offsets.raw = head.value<std::uint32_t>();
      relation.offsets.packed = head.value<std::uint32_t>();
    } else if (relation.rows != settlements) {
      return false;
    }
    relation.columns.resize(shape.columns.size());
    for (ColumnEntry& column : relation.columns)
      if (!take_entry(head, column) || !plausible(column))
        return false;
    return head.good() && plausible(relation.offsets);
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
      entry.entry.raw = head.value<std::uint32_t>();
      entry.entry.packed = head.value<std::uint32_t>();
      entry.frame = from.piece(entry.entry.packed);
      if (!head.good() || !from.good() || !plausible(entry.entry) || entry.count > most_rows)
        return false;
    }
    return head.at_end() && from.at_end();
  }

  const schema::Schema& schema_;
};

// Whether the rows' ids are as they have to be: none where nothing is known, else one that `fits`.
template <class Fits> bool ids_fit(const batch::ColumnData& column, Fits fits) {
  bool good = true;
  for (std::uint32_t row = 0; row < column.rows; ++row) {
    const auto id = batch::stored<std::uint32_t>(column, row);
    good &= batch::is_known(column, row) ? fits(id) : id == 0;
  }
  return good;
}

// Ids within what their texts allow, turned into the batch's.
bool translate_codes(batch::ColumnData& column, const std::vector<std::uint32_t>& ids) {
  const auto count = static_cast<std::uint32_t>(ids.size());
  if (!ids_fit(column, [&](std::uint32_t id) { return id - codes::first_code < count; }))
    return false;
  for (std::uint32_t row = 0; row < column.rows; ++row)
    if (const auto id = batch::stored<std::uint32_t>(column, row); id != 0)
      std::memcpy(column.values.data() + std::size_t{row} * sizeof(id),
                  &ids[id - codes::first_code], sizeof(id));
  return true;
}

bool enums_fit(const batch::ColumnData& column, const schema::EnumType& type,
               std::size_t unlisted) {
  const auto members = static_cast<std::uint32_t>(type.members.size());
  const auto others = static_cast<std::uint32_t>(unlisted);
  return ids_fit(column, [&](std::uint32_t id) {
    return (id - 1 < members) | (id - first_unlisted < others);
  });
}

bool booleans_fit(const batch::ColumnData& column) {
  for (const std::uint8_t value : column.values)
    if (value > 1)
      return false;
  return true;
}

// Resolves the codes of a block when a wanted column asks for them.
struct CodesOfBlock {
  const batch::Dictionaries& dictionaries;
  const std::vector<codes::Texts>& shared;
  std::vector<SharedIds>& shared_ids;
  Parts& parts;
  batch::Batch& batch;
  Unpacker& unpacker;

  // Each text comes once, which is made sure of afterwards for all together.
  std::uint32_t id_of(std::uint32_t d, std::string_view text, std::uint32_t frozen) const {
    if (frozen != codes::no_code)
      return frozen;
    return codes::frozen_size(dictionaries[d]) + codes::append(batch.overflow[d], text);
  }

  // The ids of a column in the batch's terms.
  bool translate(std::uint32_t d, batch::ColumnData& column) {
    return resolve(d) && translate_codes(column, parts.codes[d].ids);
  }

  bool resolve(std::uint32_t d) {
    CodesEntry& entry = parts.codes[d];
    if (entry.resolved)
      return true;
    entry.resolved = true;
    const auto bytes = unpacker.unpack(entry.frame, entry.entry.raw);
    if (!bytes)
      return false;
    Take from(*bytes);
    entry.ids.resize(entry.count);
    return (entry.shared ? take_numbers_of(d, from) : take_texts(d, from)) && from.at_end();
  }

  bool take_texts(std::uint32_t d, Take& from) {
    for (std::uint32_t& id : parts.codes[d].ids) {
      const std::string_view text = from.text();
      if (!from.good() || text.empty())
        return false;
      id = id_of(d, text, codes::find(dictionaries[d], text));
    }
    codes::Overflow& own = batch.overflow[d];
    return own.ids.catch_up(own.texts);
  }

  // Numbers of the file's dictionary, whose texts differ.
  bool take_numbers_of(std::uint32_t d, Take& from) {
    if (d >= shared.size())
      return false;
    SharedIds& known = shared_ids[d];
    if (known.frozen.empty()) {
      known.taken.resize(shared[d].size());
      for (std::size_t i = 0; i < shared[d].size(); ++i)
        known.frozen.push_back(codes::find(dictionaries[d], shared[d][i]));
    }
    ++known.block;
    CodesEntry& entry = parts.codes[d];
    std::vector<std::uint64_t> numbers(entry.count);
    if (!take_numbers(from, numbers.data(), numbers.size()))
      return false;
    for (std::uint32_t i = 0; i < entry.count; ++i) {
      const std::uint64_t number = numbers[i];
      if (number >= known.taken.size() || known.taken[number] == known.block)
        return false;
      known.taken[number] = known.block;
      entry.ids[i] = id_of(d, shared[d][number], known.frozen[number]);
    }
    return true;
  }
};

bool take_offsets(const RelationEntry& entry, std::string_view frame, std::uint32_t settlements,
                  Unpacker& unpacker, std::vector<std::uint32_t>& offsets) {
  std::vector<std::uint64_t> counts(settlements);
  const auto bytes = unpacker.unpack(frame, entry.offsets.raw);
  if (!bytes)
    return false;
  Take from(*bytes);
  if (!take_numbers(from, counts.data(), counts.size()) || !from.at_end())
    return false;
  std::uint64_t at = 0;
  offsets.assign(1, 0);
  for (const std::uint64_t count : counts) {
    if (count > entry.rows || at + count > entry.rows)
      return false;
    at += count;
    offsets.push_back(static_cast<std::uint32_t>(at));
  }
  return at == entry.rows;
}

// What was unpacked is of its type: ids within what they stand for.
bool take_ids(CodesOfBlock& codes, const schema::Schema& schema, const Type& type,
              batch::ColumnData& column) {
  if (type.kind == Kind::boolean)
    return booleans_fit(column);
  if (type.kind == Kind::enumeration)
    return enums_fit(column, schema.enums[type.domain], codes.parts.unlisted[type.domain].size());
  return type.kind != Kind::code || codes.translate(schema.systems[type.domain].dictionary, column);
}

bool take_relation(CodesOfBlock& codes, Take& frames, const schema::Schema& schema, std::uint32_t r,
                   const std::vector<bool>& wanted) {
  const RelationEntry& entry = codes.parts.relations[r];
  const schema::Relation& shape = schema.relations[r];
  batch::RelationData& relation = codes.batch.relations[r];
  const std::uint32_t settlements = codes.parts.settlements;
  relation.rows = entry.rows;
  relation.columns.resize(shape.columns.size());
  if (shape.raw_of)
    relation.offsets.assign(std::size_t{settlements} + 1, 0);
  else if (shape.kind == schema::RelationKind::child &&
           !take_offsets(entry, frames.piece(entry.offsets.packed), settlements, codes.unpacker,
                         relation.offsets))
    return false;
  for (std::size_t c = 0; c < shape.columns.size(); ++c) {
    const ColumnEntry column = shape.raw_of ? ColumnEntry{} : entry.columns[c];
    const std::string_view frame = frames.piece(column.packed);
    const Physical physical = info(shape.columns[c].type.kind).physical;
    batch::ColumnData& data = relation.columns[c];
    if (column.known == ColumnEntry::Known::none || (!wanted[c] && entry.told_apart)) {
      batch::make_missing(data, physical, entry.rows);
      continue;
    }
    if (!frames.good() || !take_column(column, frame, physical, entry.rows, codes.unpacker, data) ||
        !take_ids(codes, schema, shape.columns[c].type, data))
      return false;
  }
  return true;
}

} // namespace

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
    for (const std::string_view text : parts.unlisted[e])
      (void)codes::intern(batch.unlisted[e], text);
  CodesOfBlock codes{dictionaries_, shared_, ids_, parts, batch, unpacker_};
  Take frames(parts.frames);
  for (std::size_t r = 0; r < parts.relations.size(); ++r) {
    batch.relations.emplace_back();
    if (!take_relation(codes, frames, schema_, static_cast<std::uint32_t>(r), wanted[r]))
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
