// See record.h. Numbers are written as this machine holds them: packed records never leave it.
#include "runtime/assemble/record.h"

#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>
#include <type_traits>

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

void put_value(std::string& out, const Value& value) {
  out += is_known(value) ? '\1' : '\0';
  std::visit(match{
                 [](const Unknown&) {},
                 [&](const CodeText& code) { put_text(out, code.text); },
                 [&](const std::string& text) { put_text(out, text); },
                 [&](const EnumValue& listed) {
                   put(out, listed.id);
                   if (listed.id == 0)
                     put_text(out, listed.unlisted);
                 },
                 [&](const auto& plain) { put(out, plain); },
             },
             value);
}

class Reader {
public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class T> T take() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, bytes(sizeof(T)).data(), sizeof(T));
    return value;
  }
  std::string text() {
    const auto size = take<std::uint32_t>();
    return std::string(bytes(size));
  }
  Value value(Kind kind) {
    if (take<char>() == '\0')
      return Unknown{};
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
      return CodeText{text()};
    case Kind::text:
      return text();
    case Kind::enumeration: {
      const auto id = take<std::uint32_t>();
      return EnumValue{.id = id, .unlisted = id == 0 ? text() : std::string()};
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

std::string row_bytes(const batch::Batch& batch, const schema::Schema& schema,
                      const batch::Dictionaries& dictionaries, std::uint32_t relation,
                      std::uint32_t row) {
  std::string out;
  for (std::uint32_t c = 0; c < schema.relations[relation].columns.size(); ++c)
    put_value(out, batch::value_at(batch, schema, dictionaries, relation, c, row));
  return out;
}

// The text in the settlement's column of that role; none when it is missing.
std::optional<std::string> text_with(const batch::Batch& batch, const schema::Schema& schema,
                                     const batch::Dictionaries& dictionaries,
                                     std::uint32_t settlement, Role role) {
  const auto column = schema::column_with(schema.relations[0], role);
  if (!column)
    return std::nullopt;
  const Value value = batch::value_at(batch, schema, dictionaries, 0, *column, settlement);
  if (const auto* code = std::get_if<CodeText>(&value))
    return code->text;
  if (const auto* text = std::get_if<std::string>(&value))
    return *text;
  return std::nullopt;
}

std::string pair_key(const std::optional<std::string>& provider, const std::string& number) {
  std::string key;
  key += provider ? '\1' : '\0';
  put_text(key, provider.value_or(""));
  put_text(key, number);
  return key;
}

std::uint64_t hash_of(std::string_view key, std::uint64_t hash) {
  for (const char c : key) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3u;
  }
  // Spreads the last bytes over all bits.
  hash ^= hash >> 32;
  hash *= 0xd6e8feb86659fd93u;
  return hash ^ (hash >> 32);
}

} // namespace

RecordKeys keys_of(const batch::Batch& batch, const schema::Schema& schema,
                   const batch::Dictionaries& dictionaries, std::uint32_t settlement) {
  const auto text = [&](Role role) {
    return text_with(batch, schema, dictionaries, settlement, role);
  };
  const auto provider = text(Role::provider), visit = text(Role::visit_id),
             own = text(Role::settlement_id), named = text(Role::refunded_id);
  RecordKeys keys;
  keys.visit = pair_key(provider, visit.value_or(""));
  if (own)
    keys.settlement = pair_key(provider, *own);
  std::optional<bool> flag;
  if (const auto column = schema::column_with(schema.relations[0], Role::refund)) {
    const Value value = batch::value_at(batch, schema, dictionaries, 0, *column, settlement);
    if (const auto* known = std::get_if<Bool>(&value))
      flag = known->value;
  }
  const bool names_other = named && named != own;
  keys.refund = flag.value_or(names_other);
  if (keys.refund && names_other)
    keys.takes_back = pair_key(provider, *named);
  return keys;
}

std::uint64_t visit_hash(std::string_view key) { return hash_of(key, 0xcbf29ce484222325u); }

std::uint64_t settlement_hash(std::string_view key) { return hash_of(key, 0x9ae16a3b2f90404fu); }

std::string pack(const batch::Batch& batch, const schema::Schema& schema,
                 const batch::Dictionaries& dictionaries, std::uint32_t settlement) {
  std::string out = row_bytes(batch, schema, dictionaries, 0, settlement);
  for (std::uint32_t r = 1; r < batch.relations.size(); ++r) {
    if (schema.relations[r].raw_of)
      continue;
    std::vector<std::string> rows;
    const std::vector<std::uint32_t>& offsets = batch.relations[r].offsets;
    for (std::uint32_t row = offsets[settlement]; row < offsets[settlement + 1]; ++row)
      rows.push_back(row_bytes(batch, schema, dictionaries, r, row));
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
