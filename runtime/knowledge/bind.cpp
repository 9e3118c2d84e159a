// knowledge::intern_codes and bind (table.h): rows of values to columns of ids, and the index by
// key that generated code probes. Tested by tests/unit/runtime/knowledge_test.cpp.
#include "runtime/abi/keyed.h"
#include "runtime/batch/column.h"
#include "runtime/knowledge/table.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

namespace sanku::knowledge {
namespace {

void store_value(batch::ColumnData& column, const Type& type, std::uint32_t row, const Value& value,
                 const schema::Schema& schema, const batch::Dictionaries& dictionaries) {
  if (const CodeText* code = std::get_if<CodeText>(&value)) {
    const std::uint32_t id =
        codes::find(dictionaries[schema.systems[type.domain].dictionary], code->text);
    check(id != codes::no_code, "intern_codes has put every code of the table into its dictionary");
    batch::store(column, row, id);
  } else if (const EnumValue* listed = std::get_if<EnumValue>(&value)) {
    // load accepts listed values only; in rows of a test an unlisted one has no id that batches
    // share, and stays missing.
    if (listed->id != 0)
      batch::store(column, row, listed->id);
  } else {
    batch::store_plain(column, type, row, value);
  }
}

// A text key's id: its hash, or the next that no other text of the table has.
std::uint32_t text_key_id(std::map<std::uint32_t, std::string_view>& texts, std::string_view text) {
  for (std::uint32_t id = abi::text_key_hash(text.data(), text.size());; ++id) {
    if (texts.try_emplace(id, text).first->second == text)
      return id;
  }
}

// Key id and row, by id and then by row. Rows without an id (unlisted enums) are left out.
std::vector<std::pair<std::uint32_t, std::uint32_t>> keyed_rows(const batch::ColumnData& keys,
                                                                const Type& type) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  std::map<std::uint32_t, std::string_view> texts;
  for (std::uint32_t row = 0; row < keys.rows; ++row) {
    if (!batch::is_known(keys, row))
      continue;
    if (type.kind == Kind::code || type.kind == Kind::enumeration) {
      pairs.emplace_back(batch::stored<std::uint32_t>(keys, row), row);
    } else if (type.kind == Kind::integer) {
      const std::int64_t value = batch::stored<std::int64_t>(keys, row);
      check(value >= 0 && value < std::int64_t{1} << 31, "a whole-number key fits in 31 bits");
      pairs.emplace_back(static_cast<std::uint32_t>(value), row);
    } else if (type.kind == Kind::text) {
      pairs.emplace_back(text_key_id(texts, batch::stored_text(keys, row)), row);
    }
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

std::string_view text_of(const codes::Dictionary& dictionary, std::uint32_t id) {
  return dictionary.texts[id - codes::first_code];
}

// Which keys are codes, or begin them where keys are prefixes; and, where every such key counts,
// the rows of shorter keys among those of longer ones.
void add_texts(const TableShape& shape, const codes::Dictionary& dictionary, BoundTable& bound,
               std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs) {
  std::map<std::string_view, std::uint32_t> keys;
  for (const auto& [id, row] : pairs)
    keys.emplace(text_of(dictionary, id), id);
  for (const auto& [text, id] : keys)
    bound.keys.push_back(id);
  const auto longest = [&](std::string_view text, std::size_t most) -> std::uint32_t {
    for (std::size_t length = most; length > 0; --length)
      if (const auto key = keys.find(text.substr(0, length)); key != keys.end())
        return key->second;
    return codes::no_code;
  };
  bound.key_of.assign(codes::frozen_size(dictionary), codes::no_code);
  if (!shape.key_prefix) {
    for (const std::uint32_t id : bound.keys)
      bound.key_of[id] = id;
    return;
  }
  bound.shorter = bound.key_of;
  for (std::uint32_t id = codes::first_code; id < bound.key_of.size(); ++id) {
    const std::string_view text = text_of(dictionary, id);
    bound.key_of[id] = longest(text, text.size());
    bound.shorter[id] = text.empty() ? codes::no_code : longest(text, text.size() - 1);
  }
  if (shape.key_prefix != KeyPrefix::all)
    return;
  std::multimap<std::uint32_t, std::uint32_t> rows;
  for (const auto& [id, row] : pairs)
    rows.emplace(id, row);
  for (const std::uint32_t id : bound.keys)
    for (std::uint32_t above = bound.shorter[id]; above != codes::no_code;
         above = bound.shorter[above])
      for (auto [at, end] = rows.equal_range(above); at != end; ++at)
        pairs.emplace_back(id, at->second);
  std::sort(pairs.begin(), pairs.end());
}

// More than so many free places for each key are not worth it.
constexpr std::size_t places_a_key = 4;

// `pairs`: key id and row, in order.
void enter_keys(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs,
                BoundTable& bound) {
  std::vector<abi::KeyEntry> entries;
  for (const auto& [id, row] : pairs) {
    if (entries.empty() || entries.back().id != id)
      entries.push_back({id, static_cast<std::uint32_t>(bound.rows.size()), 0});
    ++entries.back().count;
    bound.rows.push_back(row);
  }
  for (abi::KeyEntry& entry : entries)
    if (entry.count == 1)
      entry.begin = bound.rows[entry.begin];
  bound.entries.resize(std::bit_ceil(std::max<std::size_t>(2, entries.size() * 2)));
  const auto mask = static_cast<std::uint32_t>(bound.entries.size() - 1);
  for (const abi::KeyEntry& entry : entries) {
    std::uint32_t at = abi::key_place(entry.id, mask);
    while (bound.entries[at].count != 0)
      at = (at + 1) & mask;
    bound.entries[at] = entry;
  }
  const std::uint64_t span =
      entries.empty() ? 0 : std::uint64_t{entries.back().id} - entries.front().id + 1;
  if (span > entries.size() * places_a_key)
    return;
  bound.runs.resize(span);
  bound.first = entries.empty() ? 0 : entries.front().id;
  for (const abi::KeyEntry& entry : entries)
    bound.runs[entry.id - bound.first] = {entry.begin, entry.count};
}

// When each row counts, and where.
void enter_validity(const TableShape& shape, const Table& table, BoundTable& bound) {
  if (!shape.valid_from && !shape.zone_from)
    return;
  const auto day = [&](const std::vector<Value>& row, std::optional<std::uint32_t> column,
                       std::int32_t open) {
    const auto* date = column ? std::get_if<Date>(&row[*column]) : nullptr;
    return date != nullptr ? date->days : open;
  };
  for (const std::vector<Value>& row : table.rows) {
    bound.valid_from.push_back(
        day(row, shape.valid_from, std::numeric_limits<std::int32_t>::min()));
    bound.valid_to.push_back(day(row, shape.valid_to, std::numeric_limits<std::int32_t>::max()));
    if (!shape.zone_from)
      continue;
    const Zones zones = zones_of(shape, row);
    bound.valid_from.push_back(zones.first);
    bound.valid_to.push_back(zones.last);
  }
}

} // namespace

void intern_codes(const TableShape& shape, const schema::Schema& schema, const Table& table,
                  batch::Dictionaries& dictionaries) {
  for (std::size_t c = 0; c < shape.relation.columns.size(); ++c) {
    const Type& type = shape.relation.columns[c].type;
    if (type.kind != Kind::code)
      continue;
    codes::Dictionary& dictionary = dictionaries[schema.systems[type.domain].dictionary];
    for (const std::vector<Value>& row : table.rows) {
      if (const CodeText* code = std::get_if<CodeText>(&row[c]))
        codes::intern(dictionary, code->text);
    }
  }
}

BoundTable bind(const TableShape& shape, const schema::Schema& schema, const Table& table,
                const batch::Dictionaries& dictionaries) {
  BoundTable bound;
  const auto rows = static_cast<std::uint32_t>(table.rows.size());
  bound.data.rows = rows;
  for (std::size_t c = 0; c < shape.relation.columns.size(); ++c) {
    const Type& type = shape.relation.columns[c].type;
    const Physical physical = info(type.kind).physical;
    batch::ColumnData column;
    batch::reserve_rows(column, physical, rows);
    for (std::uint32_t row = 0; row < rows; ++row) {
      batch::add_row(column, physical);
      store_value(column, type, row, table.rows[row][c], schema, dictionaries);
    }
    bound.data.columns.push_back(std::move(column));
  }
  enter_validity(shape, table, bound);
  const Type& key_type = shape.relation.columns[shape.key].type;
  auto pairs = keyed_rows(bound.data.columns[shape.key], key_type);
  if (by_text(shape, schema))
    add_texts(shape, dictionaries[schema.systems[key_type.domain].dictionary], bound, pairs);
  enter_keys(pairs, bound);
  return bound;
}

abi::KeyedView keyed_view(const BoundTable& table, const TableShape& shape,
                          const schema::Schema& schema) {
  const bool dated = shape.valid_from || shape.zone_from;
  return {.entries = table.entries.data(),
          .runs = table.runs.data(),
          .rows = table.rows.data(),
          .mask = static_cast<std::uint32_t>(table.entries.size() - 1),
          .first = table.first,
          .span = static_cast<std::uint32_t>(table.runs.size()),
          .valid_from = dated ? table.valid_from.data() : nullptr,
          .valid_to = dated ? table.valid_to.data() : nullptr,
          .key_of = table.key_of.data(),
          .shorter = table.shorter.empty() ? nullptr : table.shorter.data(),
          .keys = table.keys.data(),
          .key_count = static_cast<std::uint32_t>(table.keys.size()),
          .codes = static_cast<std::uint32_t>(table.key_of.size()),
          .falls_back = dated && shape.key_prefix == KeyPrefix::longest,
          .two_parts = has_two_parts(shape, schema),
          .zoned = shape.zone_from.has_value()};
}

} // namespace sanku::knowledge
