// Pages of HTML: the frame with its style, and escaping. A page needs no network, and no script
// unless it brings one along, and says so to the browser; it opens from disk and prints. Entries:
// page, escaped; pictures are in chart.h. Tested by tests/unit/tools/html_test.cpp.
#pragma once

#include "runtime/types/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace sanku::html {

// For text and for values of attributes in quotes. Characters that HTML does not have are shown as
// U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

// A figure that stands at the head of a page.
struct Fact {
  std::string name, value, hint;
  std::string_view tone = {}; // a class: good, bad, quiet
};

// `body` is HTML; everything else is text. Classes that bodies may use, beside plain elements: `n`
// (cells of numbers), `good`, `bad`, `quiet`, `note`, `wide` (a box that scrolls to the side),
// `pair` (figures side by side), `tag`.
struct Page {
  Language language = Language::zh;
  std::string title, subtitle;
  std::vector<Fact> facts = {};
  std::string body;
  std::string style = {}; // CSS of this page alone
  std::string nav = {};   // HTML above the title
  // Of pages that look something up: JavaScript, which may load files that lie beside the page.
  std::string script = {};
};
[[nodiscard]] std::string page(const Page& page);

// A table of texts, none of them HTML. A column of numbers stands to the right.
struct Column {
  std::string name;
  bool number = false;
};
[[nodiscard]] std::string table(const std::vector<Column>& columns,
                                const std::vector<std::vector<std::string>>& rows);

} // namespace sanku::html
