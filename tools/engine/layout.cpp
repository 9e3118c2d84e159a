// See layout.h.
#include "tools/engine/layout.h"

#include "compiler/source/source.h"
#include "runtime/types/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sanku::engine {
namespace {

std::string separated(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

} // namespace

std::string padded(std::string_view text, std::size_t cells, Align align) {
  const std::size_t width = source::display_width(text);
  const std::string blanks(width < cells ? cells - width : 0, ' ');
  return align == Align::left ? std::string(text) + blanks : blanks + std::string(text);
}

std::string fitted(std::string_view text, std::size_t cells) {
  if (source::display_width(text) <= cells)
    return std::string(text);
  std::string out;
  std::size_t width = 0;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(1, utf8_length(text));
    const std::size_t next = source::display_width(text.substr(0, length));
    if (width + next + 1 > cells)
      break;
    width += next;
    out += text.substr(0, length);
    text.remove_prefix(length);
  }
  return out + "…";
}

std::string folded(std::string_view text, std::size_t cells, std::size_t indent,
                   std::size_t taken) {
  constexpr std::array<std::string_view, 6> marks = {"，", "、", "；", "。", "：", ","};
  std::string out;
  std::size_t width = taken;
  while (!text.empty()) {
    std::size_t end = 0, good = 0, at = width;
    while (end < text.size()) {
      const std::size_t length = std::max<std::size_t>(1, utf8_length(text.substr(end)));
      const std::string_view next = text.substr(end, length);
      at += source::display_width(next);
      if (at > cells)
        break;
      end += length;
      if (next == " " || std::ranges::find(marks, next) != marks.end())
        good = end;
    }
    if (end < text.size() && text[end] == ' ')
      good = end;
    // A word longer than half a line is cut; every line holds a character, however little fits.
    const bool whole = end == text.size();
    const std::size_t least = std::max<std::size_t>(1, utf8_length(text));
    const bool apart = !whole && good > 0 && good >= end / 2;
    const std::size_t cut = std::max(least, apart ? good : end);
    std::string_view line = text.substr(0, cut);
    text.remove_prefix(cut);
    while (!whole && line.ends_with(' '))
      line.remove_suffix(1);
    while (!whole && text.starts_with(' '))
      text.remove_prefix(1);
    out += line;
    if (!text.empty())
      out += '\n' + std::string(indent, ' ');
    width = indent;
  }
  return out;
}

std::string table_text(const std::vector<Heading>& headings, const Rows& rows, Language language) {
  std::vector<std::string> titles;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < headings.size(); ++i) {
    titles.emplace_back(words(language, headings[i].zh, headings[i].en));
    widths.push_back(source::display_width(titles.back()));
    for (const std::vector<std::string>& row : rows)
      widths[i] = std::max(widths[i], source::display_width(row[i]));
  }
  std::string out;
  const auto put = [&](const std::vector<std::string>& cells) {
    std::string line = " ";
    for (std::size_t i = 0; i < cells.size(); ++i)
      line += " " + padded(cells[i], widths[i], headings[i].align) + " ";
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  put(titles);
  for (const std::vector<std::string>& row : rows)
    put(row);
  return out;
}

std::string money_text(Int128 cents) {
  const std::string plain = decimal_text(cents, 2, 2);
  const std::size_t point = plain.size() - 3;
  return separated(plain.substr(0, point)) + plain.substr(point);
}

std::string count_text(std::uint64_t number) { return separated(fmt::format("{}", number)); }

} // namespace sanku::engine
