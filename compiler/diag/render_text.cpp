// Text for people: excerpts, underlines, labels; the summary and explanations. See render.h.
#include "compiler/diag/render.h"
#include "compiler/source/utf8.h"

#include <algorithm>
#include <map>
#include <utility>

namespace sanku::diag {

namespace {

// Lines wider than this are shown in part, so that one line of a megabyte fills no terminal.
constexpr std::size_t widest_line = 140;
constexpr std::size_t shown_before_mark = 60;
constexpr std::size_t tab_cells = 4;

struct Mark {
  std::uint32_t begin = 0, end = 0; // bytes within the line
  std::string text;
  bool primary = false;
};
using Place = std::pair<std::uint32_t, std::uint32_t>; // file, line

std::size_t cells_of(char32_t c) { return c == U'\t' ? tab_cells : source::cells(c); }

// What is shown of a line: printable text, and the column of each of its bytes.
struct ShownLine {
  std::string text;
  std::vector<std::size_t> columns; // by byte of the line, one more for its end
};

ShownLine shown(std::string_view line, std::size_t mark) {
  std::vector<std::size_t> at(line.size() + 1, 0);
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size();) {
    const source::Decoded next = source::decode(line, i);
    for (std::size_t byte = 0; byte < next.size; ++byte)
      at[i + byte] = column;
    column += cells_of(next.code_point);
    i += next.size;
  }
  at[line.size()] = column;
  const std::size_t here = at[std::min(mark, line.size())];
  const bool cut = column > widest_line;
  const std::size_t from = cut && here > shown_before_mark ? here - shown_before_mark : 0;
  const std::size_t to = cut ? from + widest_line : column;
  ShownLine out;
  if (from > 0)
    out.text = "…";
  const std::size_t shift = from > 0 ? 1 : 0;
  for (std::size_t i = 0; i < line.size();) {
    const source::Decoded next = source::decode(line, i);
    if (at[i] >= from && at[i] + cells_of(next.code_point) <= to) {
      if (next.code_point == U'\t')
        out.text.append(tab_cells, ' ');
      else if (next.code_point >= 0x20 && source::cells(next.code_point) > 0)
        source::append(out.text, next.code_point);
    }
    i += next.size;
  }
  if (to < column)
    out.text += "…";
  out.columns = std::move(at);
  for (std::size_t& each : out.columns)
    each = each < from ? 0 : std::min(each, to) - from + shift;
  return out;
}

struct TextPrinter {
  const source::SourceMap& map;
  TextOptions options;
  std::string out;

  [[nodiscard]] bool zh() const { return options.language == Language::zh; }
  [[nodiscard]] std::string painted(std::string_view text, std::string_view colour) const {
    return options.colour ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text) : std::string(text);
  }

  void head(const Diagnostic& each) {
    const bool error = each.severity == Severity::error;
    const std::string_view word = zh() ? (error ? "错误" : "警告") : (error ? "error" : "warning");
    out += painted(fmt::format("{} {}", word, code_name(each.number)), error ? "1;31" : "1;33");
    out += fmt::format(": {}\n", painted(zh() ? each.zh : each.en, "1"));
  }

  void gutter(std::size_t width, std::string_view number, std::string_view rest) {
    out += fmt::format("{}{}\n", painted(fmt::format("{:>{}} |", number, width), "34"),
                       rest.empty() ? "" : fmt::format(" {}", rest));
  }

  void line(const Place& place, std::vector<Mark> marks, std::size_t width);
  void excerpt(const Diagnostic& each);
  void diagnostic(const Diagnostic& each);
};

// Of a line far too long to show, the bytes around the mark: measuring all of it for each mistake
// would cost more than finding them. `shift` is where they begin.
std::string_view neighbourhood(std::string_view line, std::uint32_t mark, std::uint32_t& shift) {
  constexpr std::uint32_t reach = 2000;
  const auto inside = [&](std::size_t at) {
    return at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80;
  };
  shift = mark > reach ? mark - reach : 0;
  while (shift < mark && inside(shift))
    ++shift;
  return line.substr(shift, 2 * reach);
}

// One source line, underlined: the rightmost text stands beside its underline, the others below,
// each at its own column.
void TextPrinter::line(const Place& place, std::vector<Mark> marks, std::size_t width) {
  std::ranges::stable_sort(marks, {}, &Mark::begin);
  std::uint32_t shift = 0;
  const std::string_view near =
      neighbourhood(source::line_text(map, place.first, place.second), marks.front().begin, shift);
  for (Mark& mark : marks) {
    const auto size = static_cast<std::uint32_t>(near.size());
    mark.begin = std::min(mark.begin - shift, size);
    mark.end = std::min(mark.end - shift, size);
  }
  const ShownLine source = shown(near, marks.front().begin);
  gutter(width, std::to_string(place.second), source.text);
  std::string under;
  std::size_t column = 0;
  for (const Mark& mark : marks) {
    const std::size_t begin = std::max(source.columns[mark.begin], column);
    const std::size_t end = std::max(source.columns[mark.end], begin + 1);
    under += std::string(begin - column, ' ') +
             painted(std::string(end - begin, '^'), mark.primary ? "1;31" : "1;34");
    column = end;
  }
  const bool beside = !marks.back().text.empty();
  gutter(width, "", beside ? fmt::format("{} {}", under, marks.back().text) : under);
  for (std::size_t i = marks.size() - (beside ? 1 : 0); i-- > 0;) {
    if (!marks[i].text.empty())
      gutter(width, "", std::string(source.columns[marks[i].begin], ' ') + marks[i].text);
  }
}

void TextPrinter::excerpt(const Diagnostic& each) {
  std::map<Place, std::vector<Mark>> lines;
  const auto add = [&](const Span& span, std::string text, bool primary) {
    const std::uint32_t number = source::place_of(map, span.file, span.begin).line;
    const std::uint32_t start = map.files[span.file].line_starts[number - 1];
    const auto size = static_cast<std::uint32_t>(source::line_text(map, span.file, number).size());
    const std::uint32_t begin = std::min(span.begin - start, size);
    lines[{span.file, number}].push_back({.begin = begin,
                                          .end = std::clamp(span.end - start, begin, size),
                                          .text = std::move(text),
                                          .primary = primary});
  };
  add(each.span, "", true);
  for (const Label& label : each.labels) {
    auto& marks =
        lines[{label.span.file, source::place_of(map, label.span.file, label.span.begin).line}];
    // A label on the diagnostic's own span is its text rather than a second underline.
    const bool own = label.span == each.span && marks.front().text.empty();
    if (own)
      marks.front().text = zh() ? label.zh : label.en;
    else
      add(label.span, zh() ? label.zh : label.en, false);
  }
  std::size_t width = 0;
  for (const auto& [place, marks] : lines)
    width = std::max(width, std::to_string(place.second).size());
  const auto header = [&](std::uint32_t file, Span span) {
    if (map.files[file].text.empty()) {
      out += fmt::format("{}{} {}\n", std::string(width, ' '), painted("-->", "34"),
                         map.files[file].path);
      return;
    }
    const source::Place at = source::place_of(map, file, span.begin);
    out += fmt::format("{}{} {}:{}:{}\n", std::string(width, ' '), painted("-->", "34"),
                       map.files[file].path, at.line, at.column);
  };
  // The diagnostic's own file first, then the others.
  std::vector<std::uint32_t> files{each.span.file};
  for (const Label& label : each.labels) {
    if (std::ranges::find(files, label.span.file) == files.end())
      files.push_back(label.span.file);
  }
  for (const std::uint32_t file : files) {
    const auto other = std::ranges::find_if(
        each.labels, [&](const Label& label) { return label.span.file == file; });
    header(file, file == each.span.file ? each.span : other->span);
    // A file that is no text, such as a pack file, has nothing to show.
    if (map.files[file].text.empty())
      continue;
    gutter(width, "", "");
    std::uint32_t last = 0;
    for (const auto& [place, marks] : lines) {
      if (place.first != file)
        continue;
      if (last != 0 && place.second > last + 1)
        out += fmt::format("{}...\n", std::string(width, ' '));
      line(place, marks, width);
      last = place.second;
    }
  }
}

void TextPrinter::diagnostic(const Diagnostic& each) {
  head(each);
  if (each.span.file < map.files.size())
    excerpt(each);
  const std::size_t width =
      each.span.file < map.files.size()
          ? std::to_string(source::place_of(map, each.span.file, each.span.begin).line).size()
          : 1;
  for (const Help& help : each.helps) {
    out += fmt::format("{} = {}: {}\n", std::string(width, ' '), zh() ? "提示" : "help",
                       zh() ? help.zh : help.en);
  }
  out += "\n";
}

} // namespace

std::string code_name(std::uint16_t number) { return fmt::format("SK{:04}", number); }

std::string text(const Diagnostics& diags, const source::SourceMap& map, TextOptions options) {
  TextPrinter printer{.map = map, .options = options, .out = {}};
  for (const Diagnostic& each : diags.all)
    printer.diagnostic(each);
  return std::move(printer.out);
}

std::string summary(const Diagnostics& diags, std::size_t files, Language language) {
  const std::size_t errors = count(diags, Severity::error),
                    warnings = count(diags, Severity::warning);
  std::string more;
  if (!diags.all.empty()) {
    const std::string code = code_name(diags.all.front().number);
    more = language == Language::zh ? fmt::format("详见 `sanku explain-code {}`。", code)
                                    : fmt::format(" `sanku explain-code {}` says more.", code);
  }
  if (language == Language::zh)
    return fmt::format("{} 个文件：{} 个错误，{} 个警告。{}\n", files, errors, warnings, more);
  const auto plural = [](std::size_t n) { return n == 1 ? "" : "s"; };
  return fmt::format("{} error{}, {} warning{} in {} file{}.{}\n", errors, plural(errors), warnings,
                     plural(warnings), files, plural(files), more);
}

std::optional<std::string> explain_code(std::string_view code, Language language) {
  if (code.size() > 2 && (code[0] == 'S' || code[0] == 's') && (code[1] == 'K' || code[1] == 'k'))
    code.remove_prefix(2);
  if (code.size() != 4 || code.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  const Row* row = row_of(static_cast<std::uint16_t>(std::stoi(std::string(code))));
  if (row == nullptr)
    return std::nullopt;
  return fmt::format("{}\n", language == Language::zh ? row->explanation.zh : row->explanation.en);
}

} // namespace sanku::diag
