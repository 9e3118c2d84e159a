// Publications of tables, and what they leave (effective.h).
#include "compiler/evaluate/trace.h"
#include "runtime/io/json_text.h"
#include "runtime/knowledge/bytes.h"
#include "tools/engine/effective.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sanku::engine {
namespace {

std::string in_quotes(std::string_view text) {
  std::string out;
  io::append_json_string(out, text);
  return out;
}

std::string day_of(const knowledge::Publication& publication) {
  return publication.published ? date_text(*publication.published) : "-";
}

// By table, what it takes in memory once it is bound.
std::vector<std::uint64_t> bytes_of(const hir::Program& program,
                                    const std::vector<knowledge::Table>& tables) {
  batch::Dictionaries dictionaries(program.schema.dictionaries);
  for (std::size_t id = 0; id < tables.size(); ++id)
    knowledge::intern_codes(program.tables[id].shape, program.schema, tables[id], dictionaries);
  std::vector<std::uint64_t> bytes;
  for (std::size_t id = 0; id < tables.size(); ++id)
    bytes.push_back(knowledge::bytes_of(
        knowledge::bind(program.tables[id].shape, program.schema, tables[id], dictionaries)));
  return bytes;
}

std::string text_of(const hir::Table& table, const knowledge::Table& loaded, std::uint64_t bytes,
                    const PublishedOptions& options) {
  const auto pick = [&](std::string_view zh, std::string_view en) {
    return options.language == Language::zh ? zh : en;
  };
  const schema::Names& names = table.shape.relation.names;
  std::string out = names.en == names.zh ? names.en : fmt::format("{} / {}", names.en, names.zh);
  out += fmt::format(fmt::runtime(pick("  {} 行", "  {} rows")), loaded.rows.size());
  if (!loaded.rows.empty())
    out += fmt::format(fmt::runtime(pick("，在内存中每行 {} 字节", ", {} bytes a row in memory")),
                       (bytes + loaded.rows.size() / 2) / loaded.rows.size());
  out += '\n';
  for (const knowledge::Table::File& file : loaded.files)
    out +=
        fmt::format(fmt::runtime(pick("  {}  {} 行\n", "  {}  {} rows\n")), file.shown, file.rows);
  for (const knowledge::Publication& each : loaded.publications)
    out += fmt::format(fmt::runtime(pick("  发布 {}：{} 行，其中 {} 行仍有效\n",
                                         "  published {}: {} rows, of which {} still count\n")),
                       day_of(each), each.rows, each.surviving);
  if (loaded.not_yet_known != 0)
    out += fmt::format(fmt::runtime(pick("  当时尚未发布：{} 行\n", "  not known yet: {} rows\n")),
                       loaded.not_yet_known);
  if (options.table.empty())
    return out;
  for (const knowledge::Superseded& each : loaded.superseded)
    out += fmt::format(
        fmt::runtime(pick("  {}:{} 被第 {} 行取代，{}\n", "  {}:{} replaced by line {}, {}\n")),
        loaded.files[each.file].shown, each.line, each.by_line,
        each.until ? fmt::format(fmt::runtime(pick("至 {} 有效", "counts until {}")),
                                 date_text(*each.until))
                   : std::string(pick("不再有效", "no longer counts")));
  return out;
}

std::string json_of(const hir::Table& table, const knowledge::Table& loaded, std::uint64_t bytes) {
  const schema::Names& names = table.shape.relation.names;
  std::string out =
      fmt::format("{{\"name\":{},\"name_zh\":{},\"rows\":{},\"bytes\":{},\"files\":[",
                  in_quotes(names.en), in_quotes(names.zh), loaded.rows.size(), bytes);
  bool first = true;
  const auto comma = [&] { return std::exchange(first, false) ? "" : ","; };
  for (const knowledge::Table::File& file : loaded.files)
    out += fmt::format("{}{{\"file\":{},\"rows\":{}}}", comma(), in_quotes(file.shown), file.rows);
  out += "],\"publications\":[";
  first = true;
  for (const knowledge::Publication& each : loaded.publications)
    out += fmt::format("{}{{\"published\":{},\"rows\":{},\"surviving\":{}}}", comma(),
                       each.published ? in_quotes(date_text(*each.published)) : "null", each.rows,
                       each.surviving);
  out += fmt::format("],\"not_yet_known\":{},\"superseded\":[", loaded.not_yet_known);
  first = true;
  for (const knowledge::Superseded& each : loaded.superseded)
    out += fmt::format("{}{{\"file\":{},\"line\":{},\"by_line\":{},\"until\":{}}}", comma(),
                       in_quotes(loaded.files[each.file].shown), each.line, each.by_line,
                       each.until ? in_quotes(date_text(*each.until)) : "null");
  return out + "]}";
}

} // namespace

Result<std::string> published(const Rules& rules, const PublishedOptions& options) {
  const hir::Program& program = engine::program(rules);
  const std::vector<std::uint64_t> bytes = bytes_of(program, rules.checked->tables);
  std::string out;
  bool found = options.table.empty();
  for (std::size_t id = 0; id < program.tables.size(); ++id) {
    const hir::Table& table = program.tables[id];
    const schema::Names& names = table.shape.relation.names;
    const bool wanted =
        options.table.empty() || names.en == options.table || names.zh == options.table;
    if (!wanted)
      continue;
    found = true;
    const knowledge::Table& loaded = rules.checked->tables[id];
    if (options.json)
      out += (out.empty() ? "" : ",") + json_of(table, loaded, bytes[id]);
    else
      out += text_of(table, loaded, bytes[id], options);
  }
  if (!found)
    return failure(fmt::format("the pack has no table `{}`", options.table),
                   fmt::format("规则包中没有知识表“{}”", options.table));
  return options.json ? "{\"knowledge\":[" + out + "]}\n" : out;
}

} // namespace sanku::engine
