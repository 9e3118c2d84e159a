// settle_publications (publications.h).
#include "runtime/knowledge/publications.h"

#include "runtime/knowledge/repeats.h"
#include "runtime/types/value_order.h"

#include <algorithm>
#include <limits>
#include <map>

namespace sanku::knowledge {
namespace {

constexpr std::int32_t always = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t forever = std::numeric_limits<std::int32_t>::max();

struct ByOrder {
  bool operator()(const Value& a, const Value& b) const { return before(a, b); }
};

// What ends a row: from that day on, and the row that says so.
struct End {
  std::int32_t from = forever;
  std::size_t by = 0;
};

struct Settling {
  const TableShape& shape;
  const Publications& publications;
  Table& table;
  std::vector<TableFault>& faults;
  std::vector<End> ends = {}; // by row

  [[nodiscard]] std::int32_t day(std::size_t row, std::uint32_t column, std::int32_t open) const {
    const auto* date = std::get_if<Date>(&table.rows[row][column]);
    return date != nullptr ? date->days : open;
  }
  // A row that does not say when it was published has always been known.
  [[nodiscard]] std::int32_t published(std::size_t row) const {
    return day(row, publications.published, always);
  }
  [[nodiscard]] std::int32_t begins(std::size_t row) const {
    return shape.valid_from ? day(row, *shape.valid_from, published(row)) : published(row);
  }
  [[nodiscard]] std::uint32_t layer_of(std::size_t row) const {
    return table.files[table.file_of[row]].layer;
  }
  void end(std::size_t row, std::int32_t from, std::size_t by) {
    if (from < ends[row].from)
      ends[row] = {from, by};
  }

  // Every publication ends all that its layer had published before.
  void replace_table() {
    using Key = std::pair<std::uint32_t, std::int32_t>; // layer, published
    std::map<Key, End> first;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const auto [at, added] =
          first.emplace(Key{layer_of(row), published(row)}, End{begins(row), row});
      at->second.from = std::min(at->second.from, begins(row));
    }
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const auto next = first.upper_bound({layer_of(row), published(row)});
      if (next != first.end() && next->first.first == layer_of(row))
        end(row, next->second.from, next->second.by);
    }
  }

  void replace_rows() {
    std::map<Value, std::vector<std::size_t>, ByOrder> named;
    for (std::size_t row = 0; row < table.rows.size(); ++row)
      if (is_known(table.rows[row][publications.named]))
        named[table.rows[row][publications.named]].push_back(row);
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const Value& name = table.rows[row][publications.naming];
      if (!is_known(name))
        continue;
      bool found = publications.naming == publications.named;
      if (const auto rows = named.find(name); rows != named.end())
        for (const std::size_t other : rows->second)
          if (layer_of(other) == layer_of(row) && published(other) < published(row)) {
            found = true;
            end(other, begins(row), row);
          }
      if (!found)
        faults.push_back({.kind = TableFault::Kind::nothing_replaced,
                          .file = shown_file(table, row),
                          .line = table.lines[row],
                          .column = shape.headers[publications.naming],
                          .found = to_text(name, shape.relation.columns[publications.naming].type,
                                           Language::en, {})});
    }
  }

  // Whether the row counts on some day still.
  [[nodiscard]] bool survives(std::size_t row) {
    const End& by = ends[row];
    if (by.from == forever)
      return true;
    Superseded told{.file = table.file_of[row],
                    .line = table.lines[row],
                    .by_line = table.lines[by.by],
                    .until = std::nullopt};
    bool left = false;
    if (shape.valid_from) {
      const std::int32_t last = std::min(day(row, *shape.valid_to, forever), by.from - 1);
      left = day(row, *shape.valid_from, always) <= last;
      if (left) {
        table.rows[row][*shape.valid_to] = Date{last};
        told.until = Date{last};
      }
    }
    table.superseded.push_back(told);
    return left;
  }
};

void keep(Table& table, const std::vector<bool>& kept) {
  std::size_t to = 0;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (!kept[row])
      continue;
    if (to != row)
      table.rows[to] = std::move(table.rows[row]);
    table.lines[to] = table.lines[row];
    table.file_of[to++] = table.file_of[row];
  }
  table.rows.resize(to);
  table.lines.resize(to);
  table.file_of.resize(to);
}

} // namespace

void settle_publications(const TableShape& shape, std::optional<Date> as_known, Table& table,
                         std::vector<TableFault>& faults) {
  if (!shape.publications)
    return;
  Settling settling{
      .shape = shape, .publications = *shape.publications, .table = table, .faults = faults};
  std::vector<bool> kept(table.rows.size());
  for (std::size_t row = 0; row < kept.size(); ++row)
    kept[row] = !as_known || settling.published(row) <= as_known->days;
  table.not_yet_known = static_cast<std::uint64_t>(std::ranges::count(kept, false));
  keep(table, kept);
  settling.ends.resize(table.rows.size());
  if (shape.publications->replaces == Publications::Replaces::table)
    settling.replace_table();
  if (shape.publications->replaces == Publications::Replaces::rows)
    settling.replace_rows();
  std::map<std::int32_t, Publication> tally;
  kept.assign(table.rows.size(), true);
  for (std::size_t row = 0; row < kept.size(); ++row) {
    const std::int32_t day = settling.published(row);
    Publication& publication = tally[day];
    if (day != always)
      publication.published = Date{day};
    ++publication.rows;
    kept[row] = settling.survives(row);
    publication.surviving += kept[row] ? 1 : 0;
  }
  for (const auto& [day, publication] : tally)
    table.publications.push_back(publication);
  keep(table, kept);
}

} // namespace sanku::knowledge
