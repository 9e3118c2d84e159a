// See repeats.h; and knowledge::finish (table.h).
#include "runtime/knowledge/repeats.h"

#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

namespace sanku::knowledge {
namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 29);
}

std::uint64_t text_hash(std::uint64_t hash, std::string_view text) {
  hash = mixed(hash, text.size());
  while (!text.empty()) {
    std::uint64_t word = 0;
    const std::size_t n = std::min<std::size_t>(8, text.size());
    std::memcpy(&word, text.data(), n);
    hash = mixed(hash, word);
    text.remove_prefix(n);
  }
  return hash;
}

// Equal by `same` means equal here. Only decides which rows are compared.
std::uint64_t hash_of(std::uint64_t hash, const Value& value) {
  auto word = [&](std::int64_t x) { return mixed(hash, static_cast<std::uint64_t>(x)); };
  return std::visit(match{
                        [&](const Unknown&) { return word(-1); },
                        [&](const Bool& x) { return word(x.value ? 1 : 0); },
                        [&](const Integer& x) { return word(x.value); },
                        [&](const Decimal& x) {
                          return word(static_cast<std::int64_t>(x.units & 0x7fffffffffffffff));
                        },
                        [&](const Date& x) { return word(x.days); },
                        [&](const DateTime& x) { return word(x.seconds); },
                        [&](const Span& x) { return word(x.packed); },
                        [&](const Window& x) { return word(x.packed); },
                        [&](const Age& x) { return word(x.packed); },
                        [&](const Count& x) { return word(x.low * 31 + x.high); },
                        [&](const CodeText& x) { return text_hash(hash, x.text); },
                        [&](const EnumValue& x) { return text_hash(word(x.id), x.unlisted); },
                        [&](const std::string& x) { return text_hash(hash, x); },
                        [&](const Score& x) { return word(static_cast<std::int64_t>(x.value)); },
                    },
                    value);
}

// For every row that equals an earlier one by `equal`, in row order: (row, the first such earlier
// row).
template <class Hash, class Equal>
std::vector<std::pair<std::size_t, std::size_t>> repeated(std::size_t rows, Hash hash,
                                                          Equal equal) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  order.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row)
    order.emplace_back(hash(row), row);
  std::sort(order.begin(), order.end());
  std::vector<std::pair<std::size_t, std::size_t>> found;
  std::vector<std::size_t> distinct; // rows of one hash that differ, first ones
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || order[i].first != order[i - 1].first)
      distinct.clear();
    const std::size_t row = order[i].second;
    const auto first = std::find_if(distinct.begin(), distinct.end(),
                                    [&](std::size_t other) { return equal(other, row); });
    if (first == distinct.end()) {
      distinct.push_back(row);
    } else {
      found.emplace_back(row, *first);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool same_rows(const std::vector<Value>& a, const std::vector<Value>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Value& x, const Value& y) { return same(x, y); });
}

std::int32_t day_of(const Value& cell, std::int32_t open) {
  const auto* date = std::get_if<Date>(&cell);
  return date != nullptr ? date->days : open;
}

} // namespace

Zones zones_of(const TableShape& shape, const std::vector<Value>& row) {
  if (!shape.zone_from)
    return {};
  const auto cell = [&](std::uint32_t column, std::int32_t open) {
    const auto* zone = std::get_if<Integer>(&row[column]);
    return zone != nullptr ? static_cast<std::int32_t>(zone->value) : open;
  };
  return {cell(*shape.zone_from, 0), cell(*shape.zone_to, last_zone)};
}

bool count_together(const TableShape& shape, const std::vector<Value>& a,
                    const std::vector<Value>& b) {
  constexpr std::int32_t first = std::numeric_limits<std::int32_t>::min();
  constexpr std::int32_t last = std::numeric_limits<std::int32_t>::max();
  if (!overlap(zones_of(shape, a), zones_of(shape, b)))
    return false;
  return !shape.valid_from ||
         (day_of(a[*shape.valid_from], first) <= day_of(b[*shape.valid_to], last) &&
          day_of(b[*shape.valid_from], first) <= day_of(a[*shape.valid_to], last));
}

std::string shown_file(const Table& table, std::size_t row) {
  return table.file_of.empty() ? table.files.front().shown : table.files[table.file_of[row]].shown;
}

std::string place_beside(const Table& table, std::size_t row, std::size_t other) {
  const bool same_file = table.file_of.empty() || table.file_of[row] == table.file_of[other];
  return same_file ? fmt::format("{}", table.lines[other])
                   : fmt::format("{}:{}", shown_file(table, other), table.lines[other]);
}

namespace {

// Rows of one key that count on the same day and place as an earlier one: (row, the earlier one).
std::vector<std::pair<std::size_t, std::size_t>> overlapping(const TableShape& shape,
                                                             const Table& table) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t row = 0; row < table.rows.size(); ++row)
    order.emplace_back(hash_of(0, table.rows[row][shape.key]), row);
  std::sort(order.begin(), order.end());
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < order.size(); ++i)
    for (std::size_t j = i; j-- > 0 && order[j].first == order[i].first;) {
      const std::vector<Value>& a = table.rows[order[j].second];
      const std::vector<Value>& b = table.rows[order[i].second];
      if (same(a[shape.key], b[shape.key]) && count_together(shape, a, b))
        found.emplace_back(order[i].second, order[j].second);
    }
  std::sort(found.begin(), found.end());
  return found;
}

// The first row whose key begins with, or begins, that of an earlier one that counts on the same
// day, and the earlier one.
std::vector<std::pair<std::size_t, std::size_t>> nested(const TableShape& shape,
                                                        const Table& table) {
  std::map<std::string_view, std::vector<std::size_t>> by_key;
  const auto key_of = [&](std::size_t row) -> std::string_view {
    return std::get<CodeText>(table.rows[row][shape.key]).text;
  };
  for (std::size_t row = 0; row < table.rows.size(); ++row)
    by_key[key_of(row)].push_back(row);
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const std::string_view key = key_of(row);
    for (std::size_t length = 1; length <= key.size(); ++length) {
      const auto others = by_key.find(key.substr(0, length));
      if (others == by_key.end())
        continue;
      for (const std::size_t other : others->second)
        if (other != row && count_together(shape, table.rows[row], table.rows[other]))
          found.emplace_back(std::max(row, other), std::min(row, other));
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

} // namespace

void report_repeats(const Table& table, std::vector<TableFault>& faults) {
  const auto duplicates = repeated(
      table.rows.size(),
      [&](std::size_t row) {
        std::uint64_t hash = 0;
        for (const Value& value : table.rows[row])
          hash = hash_of(hash, value);
        return hash;
      },
      [&](std::size_t a, std::size_t b) { return same_rows(table.rows[a], table.rows[b]); });
  for (const auto& [row, first] : duplicates) {
    faults.push_back({.kind = TableFault::Kind::duplicate_row,
                      .file = shown_file(table, row),
                      .line = table.lines[row],
                      .column = {},
                      .found = place_beside(table, row, first)});
  }
}

bool finish(const TableShape& shape, Table& table) {
  const std::size_t width = shape.relation.columns.size();
  table.lines.resize(table.rows.size());
  table.unique_key = true;
  table.first_duplicate = table.duplicate_of = 0;
  for (std::vector<Value>& row : table.rows) {
    // Rows of a test count everywhere.
    if (row.size() == width && shape.zone_from && !is_known(row[*shape.zone_from])) {
      row[*shape.zone_from] = Integer{0};
      row[*shape.zone_to] = Integer{last_zone};
    }
    if (row.size() != width || !is_known(row[shape.key]))
      return false;
    if (const Integer* key = std::get_if<Integer>(&row[shape.key])) {
      if (key->value < 0 || key->value >= int_key_bound)
        return false;
    }
    if (const EnumValue* key = std::get_if<EnumValue>(&row[shape.key]);
        key != nullptr && key->id == 0)
      return false;
  }
  // Two rows of one key stand in each other's way when there are days on which both count.
  const auto duplicates =
      shape.key_prefix == KeyPrefix::all ? nested(shape, table)
      : shape.valid_from || shape.zone_from
          ? overlapping(shape, table)
          : repeated(
                table.rows.size(),
                [&](std::size_t row) { return hash_of(0, table.rows[row][shape.key]); },
                [&](std::size_t a, std::size_t b) {
                  return same(table.rows[a][shape.key], table.rows[b][shape.key]);
                });
  if (!duplicates.empty()) {
    table.unique_key = false;
    table.first_duplicate = duplicates.front().first;
    table.duplicate_of = duplicates.front().second;
  }
  return true;
}

} // namespace sanku::knowledge
