// JSON and SARIF. Columns count characters from 1, as editors do; ends are behind the last
// character.
#include "compiler/diag/render.h"
#include "compiler/source/utf8.h"

#include <algorithm>
#include <set>

namespace sanku::diag {

namespace {

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const source::Decoded next = source::decode(text, at);
    const char32_t c = next.code_point;
    if (c == U'"' || c == U'\\')
      out += '\\';
    if (c == U'\n')
      out += "\\n";
    else if (c < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      source::append(out, c);
    at += next.size;
  }
  return out + "\"";
}

template <class T, class F> std::string list(const std::vector<T>& items, F shown) {
  std::string out = "[";
  for (const T& each : items)
    out += (out.size() > 1 ? "," : "") + shown(each);
  return out + "]";
}

std::string path_of(const source::SourceMap& map, std::uint32_t file) {
  return file < map.files.size() ? map.files[file].path : "";
}

struct Range {
  source::Place begin, end;
};

Range range_of(const source::SourceMap& map, Span span) {
  if (span.file >= map.files.size())
    return {};
  return {.begin = source::place_of(map, span.file, span.begin),
          .end = source::place_of(map, span.file, std::max(span.begin, span.end))};
}

std::string json_place(const source::SourceMap& map, Span span) {
  const Range range = range_of(map, span);
  return fmt::format(R"("file":{},"line":{},"column":{},"end_line":{},"end_column":{})",
                     json_text(path_of(map, span.file)), range.begin.line, range.begin.column,
                     range.end.line, range.end.column);
}

std::string sarif_region(const source::SourceMap& map, Span span) {
  const Range range = range_of(map, span);
  return fmt::format(R"({{"startLine":{},"startColumn":{},"endLine":{},"endColumn":{}}})",
                     range.begin.line, range.begin.column, range.end.line, range.end.column);
}

// Paths are relative to the folder of the run; a URI has no spaces or other signs bare.
std::string uri(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string sarif_place(const source::SourceMap& map, Span span) {
  return fmt::format(R"("physicalLocation":{{"artifactLocation":{{"uri":{}}},"region":{}}})",
                     json_text(uri(path_of(map, span.file))), sarif_region(map, span));
}

std::string sarif_result(const Diagnostic& each, const source::SourceMap& map, Language language) {
  const bool zh = language == Language::zh;
  std::string message = zh ? each.zh : each.en;
  for (const Help& help : each.helps)
    message += "\n" + (zh ? help.zh : help.en);
  std::string out =
      fmt::format(R"({{"ruleId":"{}","level":"{}","message":{{"text":{}}},"locations":[{{{}}}])",
                  code_name(each.number), each.severity == Severity::error ? "error" : "warning",
                  json_text(message), sarif_place(map, each.span));
  if (!each.labels.empty()) {
    out += R"(,"relatedLocations":)" + list(each.labels, [&](const Label& label) {
             return fmt::format(R"({{{},"message":{{"text":{}}}}})", sarif_place(map, label.span),
                                json_text(zh ? label.zh : label.en));
           });
  }
  if (!each.fixes.empty()) {
    out += fmt::format(
        R"(,"fixes":[{{"artifactChanges":[{{"artifactLocation":{{"uri":{}}},"replacements":{}}}]}}])",
        json_text(uri(path_of(map, each.fixes.front().span.file))),
        list(each.fixes, [&](const Fix& fix) {
          return fmt::format(R"({{"deletedRegion":{},"insertedContent":{{"text":{}}}}})",
                             sarif_region(map, fix.span), json_text(fix.replacement));
        }));
  }
  return out + "}";
}

} // namespace

std::string json(const Diagnostics& diags, const source::SourceMap& map) {
  std::string out;
  for (const Diagnostic& each : diags.all) {
    out +=
        fmt::format(R"({{"code":"{}","severity":"{}",{},"zh":{},"en":{})", code_name(each.number),
                    each.severity == Severity::error ? "error" : "warning",
                    json_place(map, each.span), json_text(each.zh), json_text(each.en));
    out += R"(,"labels":)" + list(each.labels, [&](const Label& label) {
             return fmt::format(R"({{{},"zh":{},"en":{}}})", json_place(map, label.span),
                                json_text(label.zh), json_text(label.en));
           });
    out += R"(,"help":)" + list(each.helps, [](const Help& help) {
             return fmt::format(R"({{"zh":{},"en":{}}})", json_text(help.zh), json_text(help.en));
           });
    out += R"(,"fixes":)" + list(each.fixes, [&](const Fix& fix) {
             return fmt::format(R"({{{},"replacement":{}}})", json_place(map, fix.span),
                                json_text(fix.replacement));
           });
    out += "}\n";
  }
  return out;
}

std::string sarif(const Diagnostics& diags, const source::SourceMap& map, Language language) {
  std::set<std::uint16_t> numbers;
  for (const Diagnostic& each : diags.all)
    numbers.insert(each.number);
  const auto rules =
      list(std::vector<std::uint16_t>(numbers.begin(), numbers.end()), [&](std::uint16_t number) {
        const Row* row = row_of(number);
        const std::string_view text = row == nullptr             ? ""
                                      : language == Language::zh ? row->explanation.zh
                                                                 : row->explanation.en;
        return fmt::format(R"({{"id":"{}","fullDescription":{{"text":{}}}}})", code_name(number),
                           json_text(text));
      });
  const auto results =
      list(diags.all, [&](const Diagnostic& each) { return sarif_result(each, map, language); });
  return fmt::format(
      R"({{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"sanku",)"
      R"("rules":{}}}}},"columnKind":"unicodeCodePoints","results":{}}}]}})"
      "\n",
      rules, results);
}

} // namespace sanku::diag
