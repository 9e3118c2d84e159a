// See layout.h.
#include "tools/engine/layout.h"

#include "compiler/source/source.h"
#include "runtime/types/utf8.h"

#include <fmt/format.h>

#include <algorithm>

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

std::string money_text(Int128 cents) {
  const std::string plain = decimal_text(cents, 2, 2);
  const std::size_t point = plain.size() - 3;
  return separated(plain.substr(0, point)) + plain.substr(point);
}

std::string count_text(std::uint64_t number) { return separated(fmt::format("{}", number)); }

} // namespace sanku::engine
