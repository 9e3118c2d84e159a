// Lines are found once, when a text is added; places are looked up by binary search. See source.h.
#include "compiler/source/source.h"

#include "compiler/source/utf8.h"
#include "runtime/types/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>

namespace sanku::source {

std::uint32_t add(SourceMap& map, std::string path, std::string text) {
  File file{.path = std::move(path), .text = std::move(text), .line_starts = {0}};
  for (std::size_t at = 0; at < file.text.size(); ++at) {
    // Offsets are 32 bits: read() caps texts far below, and longer ones added by a program have no
    // lines past that.
    if (file.text[at] == '\n' && at < 0xFFFFFFFEu)
      file.line_starts.push_back(static_cast<std::uint32_t>(at + 1));
  }
  map.files.push_back(std::move(file));
  return static_cast<std::uint32_t>(map.files.size() - 1);
}

Result<std::uint32_t> read(SourceMap& map, const std::filesystem::path& path,
                           std::size_t max_bytes) {
  const std::string name = path.string();
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return failure(fmt::format("{} is a folder, not a file of rules", name),
                   fmt::format("{} 是目录，不是规则文件", name));
  }
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(name.c_str(), "rb"));
  if (!file) {
    return failure(fmt::format("cannot open {}; check that it exists and may be read", name),
                   fmt::format("无法打开 {}；请检查文件是否存在、是否可读", name));
  }
  // One byte more than may be there, to see whether it is.
  std::string text(max_bytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) {
    return failure(fmt::format("cannot read {}", name), fmt::format("无法读取 {}", name));
  }
  if (text.size() > max_bytes) {
    return failure(
        fmt::format("{} has more than {} bytes, which no file of rules may have; split it", name,
                    max_bytes),
        fmt::format("{} 超过规则文件上限 {} 字节；请拆分", name, max_bytes));
  }
  return add(map, name, std::move(text));
}

Place place_of(const SourceMap& map, std::uint32_t file, std::uint32_t offset) {
  check(file < map.files.size(), "a place in a file that is not in the source map");
  const File& in = map.files[file];
  const auto after = std::upper_bound(in.line_starts.begin(), in.line_starts.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - in.line_starts.begin());
  Place place{.line = line, .column = 1};
  const std::size_t end = std::min<std::size_t>(offset, in.text.size());
  for (std::size_t at = *std::prev(after); at < end; at += decode(in.text, at).size)
    ++place.column;
  return place;
}

std::string_view text_of(const SourceMap& map, Span span) {
  check(span.file < map.files.size(), "a span in a file that is not in the source map");
  const std::string_view text = map.files[span.file].text;
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  return text.substr(begin, std::max<std::size_t>(span.end, begin) - begin);
}

std::string_view line_text(const SourceMap& map, std::uint32_t file, std::uint32_t line) {
  check(file < map.files.size(), "a line in a file that is not in the source map");
  const File& in = map.files[file];
  if (line == 0 || line > in.line_starts.size())
    return {};
  const std::size_t begin = in.line_starts[line - 1];
  const std::size_t end = line < in.line_starts.size() ? in.line_starts[line] : in.text.size();
  std::string_view text = std::string_view(in.text).substr(begin, end - begin);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const Decoded next = decode(utf8, at);
    width += cells(next.code_point);
    at += next.size;
  }
  return width;
}

} // namespace sanku::source
