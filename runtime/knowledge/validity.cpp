// Validity (validity.h).
#include "runtime/knowledge/validity.h"

#include "runtime/knowledge/repeats.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

namespace sanku::knowledge {
namespace {

std::optional<std::size_t> date_column(const TableShape& shape, std::string_view header) {
  for (std::size_t c = 0; c < shape.headers.size(); ++c)
    if (shape.headers[c] == header && shape.relation.columns[c].type.kind == Kind::date)
      return c;
  return std::nullopt;
}

struct Period {
  std::int32_t from = 0, to = 0; // days; an open end is the largest
  std::size_t row = 0;
};

std::int32_t day_of(const Value& value, std::int32_t open) {
  const Date* date = std::get_if<Date>(&value);
  return date != nullptr ? date->days : open;
}

} // namespace

void check_validity(const TableShape& shape, const Table& table, std::vector<TableFault>& faults) {
  const auto from = date_column(shape, "valid_from"), to = date_column(shape, "valid_to");
  if (!from || !to)
    return;
  using Limits = std::numeric_limits<std::int32_t>;
  const auto fault = [&](TableFault::Kind kind, std::size_t row, std::string column,
                         std::string found) {
    faults.push_back({.kind = kind,
                      .file = shown_file(table, row),
                      .line = table.lines[row],
                      .column = std::move(column),
                      .found = std::move(found)});
  };
  // Rows by everything but their periods.
  std::map<std::string, std::vector<Period>> same_rows;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const std::vector<Value>& cells = table.rows[row];
    const Period period{.from = day_of(cells[*from], Limits::min()),
                        .to = day_of(cells[*to], Limits::max()),
                        .row = row};
    if (period.to < period.from) {
      fault(TableFault::Kind::period_order, row, "valid_to", date_text(std::get<Date>(cells[*to])));
      continue;
    }
    std::string content;
    for (std::size_t c = 0; c < cells.size(); ++c)
      if (c != *from && c != *to) {
        const Type& type = shape.relation.columns[c].type;
        const auto* listed = std::get_if<EnumValue>(&cells[c]);
        content += listed != nullptr ? fmt::format("{}", listed->id)
                                     : to_text(cells[c], type, Language::en, {});
        content += is_known(cells[c]) ? '\x01' : '\x02';
      }
    same_rows[content].push_back(period);
  }
  for (auto& [content, periods] : same_rows) {
    std::ranges::stable_sort(periods, {}, &Period::from);
    for (std::size_t i = 1; i < periods.size(); ++i) {
      const Period &a = periods[i - 1], &b = periods[i];
      // Rows that are the same in everything are told as repeated.
      if (a.to >= b.from && !(a.from == b.from && a.to == b.to))
        fault(TableFault::Kind::period_overlap, std::max(a.row, b.row), "valid_from",
              place_beside(table, std::max(a.row, b.row), std::min(a.row, b.row)));
      // The longer of the two is what the next may not overlap.
      if (a.to > b.to)
        periods[i].to = a.to;
    }
  }
}

} // namespace sanku::knowledge
