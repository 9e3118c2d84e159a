// See named_cells.h.
#include "runtime/io/named_cells.h"

#include "runtime/codes/dictionary.h"
#include "runtime/io/csv_rows.h"
#include "runtime/io/files.h"
#include "runtime/io/json_tape.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace sanku::io {
namespace {

constexpr std::size_t kept_text = 64u << 10;

tl::unexpected<Error> wrong(std::string en, std::string zh) {
  return tl::unexpected(Error{.en = std::move(en), .zh = std::move(zh)});
}

struct Reading {
  std::span<const NamedColumn> columns;
  const std::function<Result<void>(const NamedRow&)>& take;

  [[nodiscard]] std::string names(std::string_view between) const {
    std::string text;
    for (const NamedColumn& column : columns)
      text.append(text.empty() ? std::string_view() : between).append(column.name);
    return text;
  }

  [[nodiscard]] Result<std::size_t> place_of(std::string_view name) const {
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (name == columns[i].name || (!columns[i].zh.empty() && name == columns[i].zh))
        return i;
    return wrong(fmt::format("`{}` is not known here; there are {}", name, names(", ")),
                 fmt::format("没有“{}”一项；可用的有 {}", name, names("、")));
  }

  [[nodiscard]] Result<std::vector<std::string>> cells_of(JsonTape& tape,
                                                          std::string_view line) const {
    if (tape.parse(line, line.size()) != JsonFault::none)
      return wrong("the line is no JSON object; write one a line",
                   "该行不是 JSON 对象；请每行写一个");
    std::vector<std::string> cells(columns.size());
    std::vector<bool> given(columns.size());
    const std::vector<Node>& nodes = tape.nodes();
    for (std::uint32_t i = 1; i < nodes[0].next; i = nodes[i].next) {
      const auto at = place_of(nodes[i].key);
      if (!at)
        return tl::unexpected(at.error());
      if (nodes[i].kind == NodeKind::object || nodes[i].kind == NodeKind::list)
        return wrong(fmt::format("`{}` is neither a text nor a number", nodes[i].key),
                     fmt::format("{} 既不是文本也不是数字", nodes[i].key));
      if (given[*at])
        return wrong(fmt::format("`{}` stands twice", nodes[i].key),
                     fmt::format("{} 出现了两次", nodes[i].key));
      given[*at] = true;
      cells[*at] = codes::trim(nodes[i].text);
    }
    return cells;
  }

  [[nodiscard]] Result<void> chunk(JsonTape& tape, const Chunk& chunk) const {
    std::uint64_t line = chunk.first_line;
    std::string_view rest = chunk.text;
    for (std::uint64_t offset = chunk.offset; !rest.empty(); ++line) {
      const std::size_t bytes = std::min(rest.find('\n'), rest.size() - 1) + 1;
      const std::string_view text = codes::trim(rest.substr(0, bytes));
      if (!text.empty())
        if (auto done = take({.cells = cells_of(tape, text),
                              .line = line,
                              .offset = offset,
                              .text = std::string(text.substr(0, kept_text))});
            !done)
          return done;
      rest.remove_prefix(bytes);
      offset += bytes;
    }
    return {};
  }

  [[nodiscard]] Result<void> json(const std::string& path) const {
    auto file = InputFile::open(path);
    if (!file)
      return tl::unexpected(file.error());
    LineChunks lines([&](char* buffer, std::size_t size) { return file->read(buffer, size); });
    JsonTape tape;
    Chunk read;
    auto more = lines.next(read);
    for (; more && *more; more = lines.next(read))
      if (auto done = chunk(tape, read); !done)
        return done;
    return more ? Result<void>() : tl::unexpected(more.error());
  }

  // Which column each header is.
  [[nodiscard]] Result<std::vector<std::size_t>> head(const std::string& path,
                                                      const CsvRow& row) const {
    std::vector<std::size_t> places;
    for (const std::string_view header : row.fields) {
      const auto at = place_of(codes::trim(header));
      if (!at)
        return wrong(fmt::format("{}:{}: {}", path, row.line, at.error().en),
                     fmt::format("{}:{}：{}", path, row.line, at.error().zh));
      if (std::ranges::find(places, *at) != places.end())
        return wrong(fmt::format("{}:{}: `{}` stands twice", path, row.line, header),
                     fmt::format("{}:{}：{} 出现了两次", path, row.line, header));
      places.push_back(*at);
    }
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i].needed && std::ranges::find(places, i) == places.end())
        return wrong(
            fmt::format("`{}` has no column `{}`; the first line names the columns: {}", path,
                        columns[i].name, names(",")),
            fmt::format("“{}”没有 {} 一列；首行应为列名：{}", path, columns[i].name, names(",")));
    return places;
  }

  [[nodiscard]] Result<void> csv(const std::string& path) const {
    auto rows = CsvRows::open(path, std::nullopt);
    if (!rows)
      return tl::unexpected(rows.error());
    CsvRow row;
    auto more = rows->next(row);
    if (!more)
      return tl::unexpected(more.error());
    const auto places = head(path, *more ? row : CsvRow{});
    if (!places)
      return tl::unexpected(places.error());
    for (more = rows->next(row); more && *more; more = rows->next(row))
      if (auto done = take(one(row, *places)); !done)
        return done;
    return more ? Result<void>() : tl::unexpected(more.error());
  }

  [[nodiscard]] NamedRow one(const CsvRow& row, const std::vector<std::size_t>& places) const {
    NamedRow made{
        .cells = std::vector<std::string>(columns.size()), .line = row.line, .offset = row.offset};
    for (const std::string_view field : row.fields)
      made.text.append(made.text.empty() ? "" : ",").append(field);
    made.text.resize(std::min(made.text.size(), kept_text));
    if (row.fault != RowFault::none || row.fields.size() != places.size())
      made.cells = wrong(fmt::format("the row is no CSV of {} cells, as many as the first line has",
                                     places.size()),
                         fmt::format("该行不是与首行一致的 {} 列 CSV", places.size()));
    else
      for (std::size_t i = 0; i < places.size(); ++i)
        (*made.cells)[places[i]] = codes::trim(row.fields[i]);
    return made;
  }
};

} // namespace

Result<void> read_named_cells(const std::string& path, std::span<const NamedColumn> columns,
                              const std::function<Result<void>(const NamedRow&)>& take) {
  const Reading reading{columns, take};
  return path.ends_with(".csv") || path.ends_with(".CSV") ? reading.csv(path) : reading.json(path);
}

} // namespace sanku::io
