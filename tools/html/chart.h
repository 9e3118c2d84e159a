// Pictures of what came and what went: bars by name, columns by time. HTML and SVG that the page's
// style (page.h) colours; no script. Entries: difference_bars, difference_columns. Tested by
// tests/unit/tools/html_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sanku::html {

// What came (`up`) and what went (`down`), both 0 or more, and how they are written.
struct Difference {
  std::string name, hint;
  std::int64_t up = 0, down = 0;
  std::string up_text, down_text;
  std::string note = {}; // beside the bars
};
struct DifferenceChart {
  std::string caption, up_name, down_name;
  std::vector<Difference> rows;
};

// A row each: to the left what went, to the right what came, both to one scale.
[[nodiscard]] std::string difference_bars(const DifferenceChart& chart);
// A column each: upwards what came, downwards what went. Names are short, such as months.
[[nodiscard]] std::string difference_columns(const DifferenceChart& chart);

} // namespace sanku::html
