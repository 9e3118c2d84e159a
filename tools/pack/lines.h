// The lines and words of the small texts of pack files: manifest, signatures, trust root, log. They
// are parsed loosely, written again and compared, so one text has one form. Header only. Tested by
// tests/unit/tools/pack_hostile_test.cpp.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sanku::pack {

// Without their line feeds; what stands behind the last one is a line too.
[[nodiscard]] inline std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// The first `count` - 1 words at single blanks, and the rest as the last; fewer where there are.
[[nodiscard]] inline std::vector<std::string_view> words_of(std::string_view line,
                                                            std::size_t count) {
  std::vector<std::string_view> words;
  while (words.size() + 1 < count) {
    const std::size_t end = line.find(' ');
    if (end == std::string_view::npos)
      break;
    words.push_back(line.substr(0, end));
    line.remove_prefix(end + 1);
  }
  words.push_back(line);
  return words;
}

[[nodiscard]] inline std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || text.empty())
    return std::nullopt;
  return value;
}

// The number of the first line that differs, from 1.
[[nodiscard]] inline std::size_t first_other_line(std::string_view one, std::string_view other) {
  const auto left = lines_of(one), right = lines_of(other);
  std::size_t line = 0;
  while (line < left.size() && line < right.size() && left[line] == right[line])
    ++line;
  return line + 1;
}

} // namespace sanku::pack
