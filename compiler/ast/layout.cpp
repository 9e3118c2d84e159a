// Finds comments and blank lines of a file. See layout.h.
#include "compiler/ast/layout.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace sanku::ast {

namespace {

bool begins_line(std::string_view text, std::uint32_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '\r'))
    --at;
  return at == 0 || text[at - 1] == '\n';
}

std::string bare_comment(const std::string& text) {
  const std::size_t slashes =
      text.starts_with("//") ? 2 : 6; // full-width slashes have three bytes each
  const std::size_t begin = text.find_first_not_of(' ', std::min(slashes, text.size()));
  return begin == std::string::npos ? "" : text.substr(begin);
}

// The comment lines right above a place, without a blank line or other text between.
std::vector<std::string> comments_above(const File& file, const source::File& in,
                                        std::uint32_t place) {
  std::vector<std::string> out;
  for (auto each = file.comments.rbegin(); each != file.comments.rend(); ++each) {
    if (each->span.begin >= place)
      continue;
    const std::string_view between =
        std::string_view(in.text).substr(each->span.end, place - each->span.end);
    const bool adjacent = between.find_first_not_of(" \t\r\n") == std::string_view::npos &&
                          std::ranges::count(between, '\n') == 1;
    if (!each->own_line || !adjacent)
      break;
    out.insert(out.begin(), bare_comment(each->text));
    place = each->span.begin;
  }
  return out;
}

} // namespace

void add_layout(File& file, const source::File& in, const std::vector<Span>& comments) {
  for (const Span& each : comments) {
    std::string text = in.text.substr(each.begin, each.end - each.begin);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
      text.pop_back();
    file.comments.push_back({.text = std::move(text),
                             .span = {file.source, each.begin, each.end},
                             .own_line = begins_line(in.text, each.begin)});
  }
  bool blank_before = false;
  for (std::size_t line = 0; line < in.line_starts.size(); ++line) {
    const std::size_t begin = in.line_starts[line];
    const std::size_t end =
        line + 1 < in.line_starts.size() ? in.line_starts[line + 1] : in.text.size();
    const bool blank =
        in.text.substr(begin, end - begin).find_first_not_of(" \t\r\n") == std::string::npos;
    if (blank && !blank_before)
      file.blank_lines.push_back(static_cast<std::uint32_t>(begin));
    blank_before = blank;
  }
}

void attach_comments(File& file, const source::File& in) {
  std::uint32_t end = 0;
  for (Decl& decl : file.decls) {
    std::visit(
        [&](auto& each) {
          if constexpr (requires { each.comments; })
            each.comments = comments_above(file, in, each.span.begin);
          end = std::max(end, each.span.end);
        },
        decl);
  }
  for (const Comment& each : file.comments) {
    if (each.span.begin >= end && each.own_line)
      file.trailing_comments.push_back(bare_comment(each.text));
  }
}

} // namespace sanku::ast
