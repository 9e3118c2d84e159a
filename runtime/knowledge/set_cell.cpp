// See set_cell.h.
#include "runtime/knowledge/set_cell.h"

#include "runtime/codes/dictionary.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace sanku::knowledge {
namespace {

constexpr std::array<std::string_view, 7> separators = {",", "，", "、", ";", "；", "|", "｜"};
constexpr std::array<std::string_view, 3> between = {"..", "~", "～"};

// The first sign of any kind. Position by position: a kind that a long cell does not have would be
// looked for to its end, for each element again.
template <std::size_t n>
std::size_t find_any(std::string_view text, const std::array<std::string_view, n>& signs,
                     std::size_t& length) {
  for (std::size_t at = 0; at < text.size(); ++at)
    for (const std::string_view sign : signs)
      if (text.substr(at).starts_with(sign)) {
        length = sign.size();
        return at;
      }
  return std::string_view::npos;
}

std::optional<std::string> one(std::string_view text, const ElementText& element) {
  std::size_t length = 0;
  const std::size_t at = find_any(text, between, length);
  if (at == std::string_view::npos)
    return element(text);
  const auto low = element(codes::trim(text.substr(0, at)));
  const auto high = element(codes::trim(text.substr(at + length)));
  if (!low || !high)
    return std::nullopt;
  return *low + ".." + *high;
}

std::string joined(std::vector<std::string> elements) {
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  std::string text;
  for (const std::string& each : elements)
    text += (text.empty() ? "" : "|") + each;
  return text;
}

std::vector<std::string> elements_of(std::string_view text) {
  std::vector<std::string> elements;
  while (!text.empty()) {
    const std::size_t bar = std::min(text.find('|'), text.size());
    elements.emplace_back(text.substr(0, bar));
    text.remove_prefix(std::min(bar + 1, text.size()));
  }
  return elements;
}

bool equal_but(const std::vector<Value>& a, const std::vector<Value>& b, std::size_t column) {
  for (std::size_t c = 0; c < a.size(); ++c)
    if (c != column && !same(a[c], b[c]))
      return false;
  return true;
}

void gather_column(const TableShape& shape, Table& table, std::size_t column) {
  // Rows of one key in the order of the file; only they can be gathered.
  std::map<std::string, std::vector<std::size_t>> by_key;
  const Type& key_type = shape.relation.columns[shape.key].type;
  std::vector<std::vector<Value>> rows;
  std::vector<std::uint64_t> lines;
  std::vector<std::uint32_t> file_of;
  std::vector<std::vector<std::string>> elements;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    std::vector<Value>& row = table.rows[i];
    const auto* set = std::get_if<std::string>(&row[column]);
    std::vector<std::size_t>& candidates =
        by_key[to_text(row[shape.key], key_type, Language::en, "")];
    const auto partner =
        set == nullptr
            ? candidates.end()
            : std::find_if(candidates.begin(), candidates.end(), [&](std::size_t other) {
                return is_known(rows[other][column]) && equal_but(rows[other], row, column);
              });
    if (partner != candidates.end()) {
      for (std::string& each : elements_of(*set))
        elements[*partner].push_back(std::move(each));
      continue;
    }
    candidates.push_back(rows.size());
    elements.push_back(set == nullptr ? std::vector<std::string>() : elements_of(*set));
    rows.push_back(std::move(row));
    lines.push_back(table.lines[i]);
    if (!table.file_of.empty())
      file_of.push_back(table.file_of[i]);
  }
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (is_known(rows[i][column]))
      rows[i][column] = joined(std::move(elements[i]));
  table.rows = std::move(rows);
  table.lines = std::move(lines);
  table.file_of = std::move(file_of);
}

} // namespace

std::string_view trimmed(std::string_view cell) { return codes::trim(cell); }

std::vector<CellPart> cell_parts(std::string_view cell) {
  std::vector<CellPart> parts;
  while (true) {
    std::size_t length = 0;
    const std::size_t at = find_any(cell, separators, length);
    const std::string_view part = codes::trim(cell.substr(0, at));
    std::size_t sign = 0;
    const std::size_t middle = find_any(part, between, sign);
    if (middle != std::string_view::npos)
      parts.push_back(
          {codes::trim(part.substr(0, middle)), codes::trim(part.substr(middle + sign)), true});
    else if (!part.empty())
      parts.push_back({part, {}, false});
    if (at == std::string_view::npos)
      return parts;
    cell.remove_prefix(at + length);
  }
}

std::optional<std::string> parse_set(std::string_view cell, const ElementText& element) {
  std::vector<std::string> elements;
  while (true) {
    std::size_t length = 0;
    const std::size_t at = find_any(cell, separators, length);
    const std::string_view part = codes::trim(cell.substr(0, at));
    if (!part.empty()) {
      auto text = one(part, element);
      if (!text)
        return std::nullopt;
      elements.push_back(std::move(*text));
    }
    if (at == std::string_view::npos)
      break;
    cell.remove_prefix(at + length);
  }
  return elements.empty() ? std::nullopt : std::optional(joined(std::move(elements)));
}

bool has_too_many_elements(std::string_view cell) {
  std::size_t elements = 0;
  while (true) {
    std::size_t length = 0;
    const std::size_t at = find_any(cell, separators, length);
    elements += codes::trim(cell.substr(0, at)).empty() ? 0 : 1;
    if (elements > most_cell_elements || at == std::string_view::npos)
      return elements > most_cell_elements;
    cell.remove_prefix(at + length);
  }
}

void gather(const TableShape& shape, Table& table) {
  for (std::size_t column = 0; column < shape.sets.size(); ++column)
    if (shape.sets[column])
      gather_column(shape, table, column);
}

} // namespace sanku::knowledge
