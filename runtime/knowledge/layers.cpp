// compose (layers.h).
#include "runtime/knowledge/layers.h"

#include "runtime/knowledge/repeats.h"
#include "runtime/types/value_order.h"

#include <algorithm>
#include <map>
#include <set>

namespace sanku::knowledge {
namespace {

// Outer without inner: nothing, one interval or two.
void subtract(std::vector<Zones>& intervals, Zones inner) {
  std::vector<Zones> left;
  for (const Zones& outer : intervals) {
    if (!overlap(outer, inner)) {
      left.push_back(outer);
      continue;
    }
    if (outer.first < inner.first)
      left.push_back({outer.first, inner.first - 1});
    if (outer.last > inner.last)
      left.push_back({inner.last + 1, outer.last});
  }
  intervals = std::move(left);
}

struct ByOrder {
  bool operator()(const Value& a, const Value& b) const { return before(a, b); }
};
using ByKey = std::map<Value, std::vector<std::size_t>, ByOrder>;

struct Composer {
  const TableShape& shape;
  Table& table;
  std::vector<TableFault>& faults;
  std::vector<std::vector<Zones>> intervals = {}; // by row
  ByKey by_key = {};

  [[nodiscard]] std::uint32_t layer_of(std::size_t row) const {
    return table.files[table.file_of[row]].layer;
  }
  [[nodiscard]] bool is_zone(std::size_t column) const {
    return column == *shape.zone_from || column == *shape.zone_to;
  }

  void remove(const TablePart& part, std::uint32_t number) {
    for (std::uint32_t key = 0; key < part.removed.size(); ++key) {
      bool found = false, below = false;
      for (const std::size_t row : by_key[part.removed[key]]) {
        if (std::ranges::find(part.below, layer_of(row)) == part.below.end())
          continue;
        below = true;
        const std::vector<Zones> before = intervals[row];
        subtract(intervals[row], part.zones);
        if (before == intervals[row])
          continue;
        found = true;
        ++table.files[table.file_of[row]].removed;
      }
      if (!found)
        faults.push_back(
            {.kind = below ? TableFault::Kind::removed_already : TableFault::Kind::nothing_removed,
             .file = {},
             .line = 0,
             .column = shape.headers[shape.key],
             .found = {},
             .part = number,
             .key = key});
    }
  }

  [[nodiscard]] bool meet(std::size_t a, std::size_t b) const {
    for (const Zones& x : intervals[a])
      for (const Zones& y : intervals[b])
        if (overlap(x, y))
          return true;
    return false;
  }
  // All but the zones, and but a column of sets where one is named.
  [[nodiscard]] bool equal(std::size_t a, std::size_t b, std::optional<std::size_t> but) const {
    for (std::size_t c = 0; c < table.rows[a].size(); ++c)
      if (!is_zone(c) && c != but && !same(table.rows[a][c], table.rows[b][c]))
        return false;
    return true;
  }

  // A row that a layer below has already, in a place where both count.
  void tell_repeated() {
    for (const auto& [key, rows] : by_key)
      for (std::size_t i = 1; i < rows.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
          if (layer_of(rows[i]) != layer_of(rows[j]) && meet(rows[i], rows[j]) &&
              equal(rows[i], rows[j], std::nullopt)) {
            faults.push_back({.kind = TableFault::Kind::row_there_already,
                              .file = shown_file(table, rows[i]),
                              .line = table.lines[rows[i]],
                              .column = {},
                              .found = place_beside(table, rows[i], rows[j])});
            break;
          }
  }

  // Rows that say elements of one set are cut where the others begin or end, so that they can be
  // gathered zone by zone.
  void cut_sets(std::size_t column) {
    for (const auto& [key, rows] : by_key)
      for (const std::size_t row : rows) {
        if (!is_known(table.rows[row][column]))
          continue;
        std::set<std::int32_t> cuts;
        for (const std::size_t other : rows)
          if (other != row && is_known(table.rows[other][column]) && equal(row, other, column))
            for (const Zones& each : intervals[other]) {
              cuts.insert(each.first);
              if (each.last != last_zone)
                cuts.insert(each.last + 1);
            }
        std::vector<Zones> parts;
        for (Zones each : intervals[row]) {
          for (auto cut = cuts.upper_bound(each.first); cut != cuts.end() && *cut <= each.last;
               ++cut) {
            parts.push_back({each.first, *cut - 1});
            each.first = *cut;
          }
          parts.push_back(each);
        }
        intervals[row] = std::move(parts);
      }
  }

  // Each row once for each interval.
  void spread() {
    std::vector<std::vector<Value>> rows;
    std::vector<std::uint64_t> lines;
    std::vector<std::uint32_t> file_of;
    for (std::size_t row = 0; row < table.rows.size(); ++row)
      for (const Zones& zones : intervals[row]) {
        std::vector<Value>& made = rows.emplace_back(table.rows[row]);
        made[*shape.zone_from] = Integer{zones.first};
        made[*shape.zone_to] = Integer{zones.last};
        lines.push_back(table.lines[row]);
        file_of.push_back(table.file_of[row]);
      }
    table.rows = std::move(rows);
    table.lines = std::move(lines);
    table.file_of = std::move(file_of);
  }
};

} // namespace

void compose(const std::vector<TablePart>& parts, const TableShape& shape, Table& table,
             std::vector<TableFault>& faults) {
  Composer composer{.shape = shape, .table = table, .faults = faults};
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    composer.intervals.push_back({zones_of(shape, table.rows[row])});
    composer.by_key[table.rows[row][shape.key]].push_back(row);
  }
  for (std::uint32_t number = 0; number < parts.size(); ++number)
    composer.remove(parts[number], number);
  composer.tell_repeated();
  for (std::size_t column = 0; column < shape.sets.size(); ++column)
    if (shape.sets[column])
      composer.cut_sets(column);
  composer.spread();
}

} // namespace sanku::knowledge
