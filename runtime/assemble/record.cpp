// See record.h. Numbers are written as this machine holds them: packed records never leave it.
#include "runtime/assemble/record.h"

#include "runtime/batch/cells.h"
#include "runtime/batch/column.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <set>
#include <type_traits>
#include <xxhash.h>

namespace sanku::assemble {
namespace {

using schema::Role;

template <class T> void put(std::string& out, T number) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &number, sizeof(T));
  out.append(bytes, sizeof(T));
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

// One cell as its kind has it: whether it is known, then the value.
class Writer {
public:
  Writer(const batch::Batch& batch, const schema::Schema& schema,
         const batch::Dictionaries& dictionaries)
      : batch_(batch), schema_(schema), dictionaries_(dictionaries) {}

  void row(std::string& out, std::uint32_t relation, std::uint32_t row) const {
    const std::vector<batch::ColumnData>& columns = batch_.relations[relation].columns;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const bool known = batch::is_known(columns[c], row);
      out += known ? '\1' : '\0';
      if (known)
        cell(out, columns[c], schema_.relations[relation].columns[c].type, row);
    }
  }

private:
  void cell(std::string& out, const batch::ColumnData& column, const Type& type,
            std::uint32_t row) const {
    switch (type.kind) {
    case Kind::boolean:
      return put(out, Bool{batch::stored<std::uint8_t>(column, row) != 0});
    case Kind::integer:
    case Kind::datetime:
    case Kind::span:
    case Kind::window:
      return put(out, batch::stored<std::int64_t>(column, row));
    case Kind::decimal:
    case Kind::money:
      return put(out, Decimal{batch::stored<std::int64_t>(column, row)});
    case Kind::date:
      return put(out, batch::stored<std::int32_t>(column, row));
    case Kind::text:
      return put_text(out, batch::stored_text(column, row));
    case Kind::code:
      return put_text(out, batch::code_text(batch_, dictionaries_,
                                            schema_.systems[type.domain].dictionary,
                                            batch::stored<std::uint32_t>(column, row)));
    case Kind::enumeration: {
      const auto id = batch::stored<std::uint32_t>(column, row);
      if (id < first_unlisted)
        return put(out, id);
      put(out, std::uint32_t{0});
      return put_text(out, batch_.unlisted[type.domain].texts[id - first_unlisted]);
    }
    case Kind::age:
    case Kind::count:
    case Kind::score:
    case Kind::reasons:
      break;
    }
    unreachable("ages and counts are never stored");
  }

  const batch::Batch& batch_;
  const schema::Schema& schema_;
  const batch::Dictionaries& dictionaries_;
};

class Reader {
public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class T> T take() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, bytes(sizeof(T)).data(), sizeof(T));
    return value;
  }
  std::string_view text() {
    const auto size = take<std::uint32_t>();
    return bytes(size);
  }
  [[nodiscard]] bool known() { return take<char>() != '\0'; }
  Value value(Kind kind) { return known() ? known_value(kind) : Value(Unknown{}); }
  Value known_value(Kind kind) {
    switch (kind) {
    case Kind::boolean:
      return take<Bool>();
    case Kind::integer:
      return take<Integer>();
    case Kind::decimal:
    case Kind::money:
      return take<Decimal>();
    case Kind::date:
      return take<Date>();
    case Kind::datetime:
      return take<DateTime>();
    case Kind::span:
      return take<Span>();
    case Kind::window:
      return take<Window>();
    case Kind::code:
      return CodeText{std::string(text())};
    case Kind::text:
      return std::string(text());
    case Kind::enumeration: {
      const auto id = take<std::uint32_t>();
      return EnumValue{.id = id, .unlisted = std::string(id == 0 ? text() : std::string_view())};
    }
    case Kind::age:
    case Kind::count:
    case Kind::score:
    case Kind::reasons:
      break;
    }
    unreachable("ages and counts are never stored");
  }

private:
  std::string_view bytes(std::size_t size) {
    check(size <= rest_.size(), "a packed record is whole");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view rest_;
};

void put_pair(std::string& key, const std::optional<std::string_view>& provider,
              std::string_view number) {
  key += provider ? '\1' : '\0';
  put_text(key, provider.value_or(""));
  put_text(key, number);
}

std::string pair_key(const std::optional<std::string_view>& provider, std::string_view number) {
  std::string key;
  put_pair(key, provider, number);
  return key;
}

} // namespace

KeyReader::KeyReader(const batch::Batch& batch, const schema::Schema& schema,
                     const batch::Dictionaries& dictionaries)
    : batch_(batch), dictionaries_(dictionaries), provider_(column(schema, Role::provider)),
      visit_(column(schema, Role::visit_id)), settlement_(column(schema, Role::settlement_id)),
      refunded_(column(schema, Role::refunded_id)), refund_(column(schema, Role::refund)) {}

KeyReader::Column KeyReader::column(const schema::Schema& schema, Role role) const {
  const auto number = schema::column_with(schema.relations[0], role);
  if (!number)
    return {};
  const Type& type = schema.relations[0].columns[*number].type;
  return {.data = &batch_.relations[0].columns[*number],
          .type = type,
          .dictionary =
              type.kind == Kind::code ? schema.systems[type.domain].dictionary : std::uint32_t{0}};
}

KeyReader::Text KeyReader::text(const Column& column, std::uint32_t settlement) const {
  if (column.data == nullptr || !batch::is_known(*column.data, settlement))
    return std::nullopt;
  if (column.type.kind == Kind::text)
    return batch::stored_text(*column.data, settlement);
  if (column.type.kind == Kind::code)
    return batch::code_text(batch_, dictionaries_, column.dictionary,
                            batch::stored<std::uint32_t>(*column.data, settlement));
  return std::nullopt;
}

KeyReader::Texts KeyReader::texts(std::uint32_t settlement) const {
  Texts read{.provider = text(provider_, settlement),
             .visit = text(visit_, settlement),
             .settlement = text(settlement_, settlement),
             .refunded = text(refunded_, settlement)};
  const bool names_other = read.refunded && read.refunded != read.settlement;
  const bool flagged = refund_.data != nullptr && refund_.type.kind == Kind::boolean &&
                       batch::is_known(*refund_.data, settlement);
  read.refund = flagged ? batch::stored<std::uint8_t>(*refund_.data, settlement) != 0 : names_other;
  read.takes_back = read.refund && names_other;
  return read;
}

RecordKeys KeyReader::keys(std::uint32_t settlement) const {
  const Texts read = texts(settlement);
  RecordKeys keys;
  keys.visit = pair_key(read.provider, read.visit.value_or(""));
  if (read.settlement)
    keys.settlement = pair_key(read.provider, *read.settlement);
  if (read.takes_back)
    keys.takes_back = pair_key(read.provider, *read.refunded);
  keys.refund = read.refund;
  return keys;
}

KeyHashes KeyReader::hashes(std::uint32_t settlement) {
  const Texts read = texts(settlement);
  const auto key = [&](std::string_view number) -> std::string_view {
    key_.clear();
    put_pair(key_, read.provider, number);
    return key_;
  };
  KeyHashes hashes{.visit = visit_hash(key(read.visit.value_or(""))),
                   .settlement = {},
                   .takes_back = {},
                   .refund = read.refund};
  if (read.settlement)
    hashes.settlement = settlement_hash(key(*read.settlement));
  if (read.takes_back)
    hashes.takes_back = settlement_hash(key(*read.refunded));
  return hashes;
}

RecordKeys keys_of(const batch::Batch& batch, const schema::Schema& schema,
                   const batch::Dictionaries& dictionaries, std::uint32_t settlement) {
  return KeyReader(batch, schema, dictionaries).keys(settlement);
}

std::uint64_t visit_hash(std::string_view key) {
  return XXH3_64bits_withSeed(key.data(), key.size(), 1);
}

std::uint64_t settlement_hash(std::string_view key) {
  return XXH3_64bits_withSeed(key.data(), key.size(), 2);
}

std::string pack(const batch::Batch& batch, const schema::Schema& schema,
                 const batch::Dictionaries& dictionaries, std::uint32_t settlement) {
  const Writer writer(batch, schema, dictionaries);
  std::string out;
  writer.row(out, 0, settlement);
  std::vector<std::string> rows;
  for (std::uint32_t r = 1; r < batch.relations.size(); ++r) {
    if (schema.relations[r].raw_of)
      continue;
    const std::vector<std::uint32_t>& offsets = batch.relations[r].offsets;
    rows.resize(offsets[settlement + 1] - offsets[settlement]);
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      rows[i].clear();
      writer.row(rows[i], r, offsets[settlement] + i);
    }
    std::ranges::sort(rows);
    put(out, static_cast<std::uint32_t>(rows.size()));
    for (const std::string& row : rows)
      out += row;
  }
  return out;
}

Rows unpack(const schema::Schema& schema, std::string_view packed) {
  Reader reader(packed);
  Rows rows(schema.relations.size());
  for (std::uint32_t r = 0; r < schema.relations.size(); ++r) {
    if (schema.relations[r].raw_of)
      continue;
    const std::uint32_t count = r == 0 ? 1 : reader.take<std::uint32_t>();
    for (std::uint32_t i = 0; i < count; ++i) {
      Row& row = rows[r].emplace_back();
      for (const schema::Column& column : schema.relations[r].columns)
        row.push_back(reader.value(column.type.kind));
    }
  }
  return rows;
}

void add_visit(batch::BatchBuilder& builder, const Rows& rows, const batch::Origin& origin,
               bool context) {
  builder.begin();
  for (std::uint32_t relation = 0; relation < rows.size(); ++relation)
    for (const Row& row : rows[relation]) {
      builder.begin_row(relation);
      for (std::uint32_t column = 0; column < row.size(); ++column)
        builder.set_value(relation, column, row[column]);
    }
  builder.commit(origin, context);
}

namespace {

// Codes come again and again; nobody else's cells are worth a way of their own.
void add_code(batch::BatchBuilder& builder, std::uint32_t relation, std::uint32_t column,
              std::uint32_t row, std::string_view text) {
  batch::ColumnBuilding& building = builder.building(relation, column);
  if (building.kept && text.size() <= codes::cell_bytes) {
    std::array<char, codes::cell_bytes> bytes = {};
    std::ranges::copy(text, bytes.begin());
    if (auto* known =
            building.codes->cache.find(codes::cell_of(bytes.data(), text.size()), text.size()))
      return batch::put_fixed(building, row, building.codes->id_of(*known, text));
  }
  builder.set_value(relation, column, CodeText{std::string(text)});
}

void add_row(batch::BatchBuilder& builder, const schema::Relation& shape, std::uint32_t relation,
             Reader& reader) {
  const std::uint32_t row = builder.begin_row(relation);
  for (std::uint32_t c = 0; c < shape.columns.size(); ++c) {
    if (!reader.known())
      continue;
    batch::ColumnBuilding& column = builder.building(relation, c);
    switch (const Kind kind = shape.columns[c].type.kind) {
    case Kind::integer:
    case Kind::datetime:
    case Kind::span:
    case Kind::window:
      batch::put_fixed(column, row, reader.take<std::int64_t>());
      break;
    case Kind::decimal:
    case Kind::money:
      batch::put_fixed(column, row, static_cast<std::int64_t>(reader.take<Decimal>().units));
      break;
    case Kind::date:
      batch::put_fixed(column, row, reader.take<std::int32_t>());
      break;
    case Kind::text:
      batch::put_bytes<false>(column, row, reader.text());
      break;
    case Kind::code:
      add_code(builder, relation, c, row, reader.text());
      break;
    default:
      builder.set_value(relation, c, reader.known_value(kind));
    }
  }
}

} // namespace

void add_packed(batch::BatchBuilder& builder, const schema::Schema& schema, std::string_view packed,
                const batch::Origin& origin, bool context, const HeaderCells& where_missing) {
  Reader reader(packed);
  builder.begin();
  for (std::uint32_t r = 0; r < schema.relations.size(); ++r) {
    if (schema.relations[r].raw_of)
      continue;
    const std::uint32_t count = r == 0 ? 1 : reader.take<std::uint32_t>();
    for (std::uint32_t i = 0; i < count; ++i)
      add_row(builder, schema.relations[r], r, reader);
  }
  for (const auto& [column, value] : where_missing)
    if (builder.is_missing(0, column))
      builder.set_value(0, column, value);
  builder.commit(origin, context);
}

schema::Schema identity_schema(const schema::Schema& schema) {
  const std::set<Role> wanted = {Role::provider, Role::visit_id, Role::settlement_id, Role::refund,
                                 Role::refunded_id};
  schema::Schema made = schema;
  made.relations.resize(1);
  std::erase_if(made.relations[0].columns,
                [&](const schema::Column& column) { return !wanted.contains(column.role); });
  return made;
}

} // namespace sanku::assemble
