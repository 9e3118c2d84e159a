// A row below a CSV header, of which a test names some cells: the others are empty.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sanku::engine {

// `text`: begins with the header line. Ends with a line break.
inline std::string csv_row(std::string_view text,
                           const std::map<std::string_view, std::string>& cells) {
  const std::string_view header = text.substr(0, text.find_first_of("\r\n"));
  std::string row;
  for (std::size_t at = 0;;) {
    const std::size_t end = header.find(',', at);
    if (const auto cell = cells.find(header.substr(at, end - at)); cell != cells.end())
      row += cell->second;
    if (end == std::string_view::npos)
      return row + "\n";
    row += ',';
    at = end + 1;
  }
}

} // namespace sanku::engine
