// Source texts and places in them. A Span is a byte range of one file of a SourceMap; nothing else
// in the compiler holds text of its own. Tested by tests/unit/compiler/source_test.cpp.
#pragma once

#include "runtime/types/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::source {

struct Span {
  std::uint32_t file = 0;  // index in the SourceMap
  std::uint32_t begin = 0; // byte offsets
  std::uint32_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

// From the start of `a` to the end of `b`, both of one file.
[[nodiscard]] inline Span cover(Span a, Span b) { return Span{a.file, a.begin, b.end}; }

struct File {
  std::string path; // as the user named it
  std::string text;
  std::vector<std::uint32_t> line_starts;
};

// Line and column from 1; the column counts characters (code points), as editors do.
struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

struct SourceMap {
  std::vector<File> files;
};

// Adds a text and finds its lines. `path` is only for messages.
std::uint32_t add(SourceMap& map, std::string path, std::string text);
// Reads a file of at most `max_bytes` (rule text is capped at 4 MiB).
[[nodiscard]] Result<std::uint32_t> read(SourceMap& map, const std::filesystem::path& path,
                                         std::size_t max_bytes = 4u << 20);
[[nodiscard]] Place place_of(const SourceMap& map, std::uint32_t file, std::uint32_t offset);
[[nodiscard]] std::string_view text_of(const SourceMap& map, Span span);
[[nodiscard]] std::string_view line_text(const SourceMap& map, std::uint32_t file,
                                         std::uint32_t line);
// Cells on a terminal: Han and full-width characters take two, combining and zero-width none.
[[nodiscard]] std::size_t display_width(std::string_view utf8);

} // namespace sanku::source
