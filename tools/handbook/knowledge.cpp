// Tables as pages show them (knowledge.h).
#include "tools/handbook/knowledge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace sanku::handbook {
namespace {

constexpr std::size_t shown_rows = 5, shown_cells = 40;

struct Teller {
  const Book& book;
  const hir::Table& table;
  const knowledge::Table& loaded;
  std::string out = {};

  [[nodiscard]] std::string_view pick(std::string_view zh, std::string_view en) const {
    return book.pick(zh, en);
  }
  // Columns that files have.
  [[nodiscard]] bool is_hidden(std::uint32_t column) const {
    return column == table.shape.zone_from || column == table.shape.zone_to;
  }
  [[nodiscard]] std::vector<std::uint32_t> columns() const {
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 0; i < table.shape.relation.columns.size(); ++i)
      if (!is_hidden(i))
        all.push_back(i);
    return all;
  }

  void head() {
    out += fmt::format(
        "<h3>{} <span class=\"count\">{}</span></h3>\n",
        html::escaped(book.of(table.shape.relation.names)),
        html::escaped(fmt::format(fmt::runtime(pick("{} 行 × {} 列", "{} rows × {} columns")),
                                  engine::count_text(loaded.rows.size()), columns().size())));
    std::string note = table.title;
    if (!table.shape.file.empty())
      note += fmt::format("{}{}", note.empty() ? "" : "  ", table.shape.file);
    out += fmt::format("<p class=\"note\">{}</p>\n", html::escaped(note));
    if (loaded.rows.empty())
      out += fmt::format("<p>{}</p>\n",
                         pick("此表在规则包中为空，由地方写入。",
                              "This table stands empty in the pack: regions write it."));
  }
  // Rows by the file that brought them in, where there are several.
  void layers() {
    if (loaded.files.size() < 2)
      return;
    std::vector<std::vector<std::string>> rows;
    for (const knowledge::Table::File& file : loaded.files)
      rows.push_back({layer_of(book, file.layer), file.shown, engine::count_text(file.rows),
                      engine::count_text(file.removed)});
    out += html::table({{std::string(pick("层", "layer"))},
                        {std::string(pick("文件", "file"))},
                        {std::string(pick("行", "rows")), true},
                        {std::string(pick("被更窄的层删除", "removed by a narrower layer")), true}},
                       rows);
  }
  void publications() {
    const auto batch = std::ranges::find_if(table.shape.relation.columns, [](const auto& each) {
      return each.names.en == "batch" && each.type.kind == Kind::text;
    });
    std::map<std::string, std::uint64_t> batches;
    if (batch != table.shape.relation.columns.end()) {
      const auto at = static_cast<std::size_t>(batch - table.shape.relation.columns.begin());
      for (const std::vector<Value>& row : loaded.rows)
        if (const auto* text = std::get_if<std::string>(&row[at]))
          ++batches[*text];
    }
    if (!batches.empty()) {
      std::string text;
      for (const auto& [name, rows] : batches)
        text += fmt::format("{}{}: {}", text.empty() ? "" : pick("；", "; "), name,
                            engine::count_text(rows));
      out += fmt::format("<p>{} {}</p>\n", pick("公布批次（行数）：", "published batches (rows):"),
                         html::escaped(text));
    }
    if (loaded.publications.empty())
      return;
    std::vector<std::vector<std::string>> rows;
    for (const knowledge::Publication& each : loaded.publications)
      rows.push_back({each.published ? date_text(*each.published)
                                     : std::string(pick("不知何日", "nobody knows")),
                      engine::count_text(each.rows), engine::count_text(each.surviving)});
    out += html::table({{std::string(pick("公布于", "published"))},
                        {std::string(pick("行", "rows")), true},
                        {std::string(pick("仍有效", "still counting")), true}},
                       rows);
  }
  void shape(const std::set<std::uint32_t>& read) {
    std::vector<std::vector<std::string>> rows;
    for (const std::uint32_t each : columns()) {
      const schema::Column& column = table.shape.relation.columns[each];
      rows.push_back({column.names.zh == column.names.en
                          ? column.names.en
                          : fmt::format("{}  {}", book.of(column.names),
                                        book.zh() ? column.names.en : column.names.zh),
                      type_of(book, table.shape, each),
                      std::string(each == table.shape.key ? pick("键", "key")
                                  : read.contains(each)   ? pick("规则读取", "read")
                                                          : std::string_view())});
    }
    out += fmt::format("<details><summary>{}</summary>{}</details>\n", pick("列", "columns"),
                       html::table({{std::string(pick("列", "column"))},
                                    {std::string(pick("类型", "type"))},
                                    {std::string(pick("用途", "use"))}},
                                   rows));
  }
  void first_rows(const std::set<std::uint32_t>& read) {
    if (loaded.rows.empty())
      return;
    std::vector<html::Column> head;
    std::vector<std::uint32_t> wanted;
    for (const std::uint32_t each : columns()) {
      const bool name =
          table.shape.relation.columns[each].type.kind == Kind::text && each == table.shape.key + 1;
      if (each != table.shape.key && !name && !read.contains(each))
        continue;
      wanted.push_back(each);
      head.push_back({.name = book.of(table.shape.relation.columns[each].names)});
    }
    std::vector<std::vector<std::string>> rows;
    for (std::size_t row = 0; row < loaded.rows.size() && row < shown_rows; ++row) {
      std::vector<std::string> cells;
      for (const std::uint32_t each : wanted)
        cells.push_back(engine::fitted(
            book.value(loaded.rows[row][each], table.shape.relation.columns[each].type),
            shown_cells));
      rows.push_back(std::move(cells));
    }
    out += fmt::format("<p class=\"note\">{}</p>\n{}", pick("前几行", "the first rows"),
                       html::table(head, rows));
  }
};

} // namespace

std::string knowledge_of(const Book& book, hir::TableId table,
                         const std::set<std::uint32_t>& read) {
  Teller teller{.book = book,
                .table = book.program.tables[table],
                .loaded = book.rules.checked->tables[table]};
  teller.head();
  teller.layers();
  teller.publications();
  teller.first_rows(read);
  teller.shape(read);
  return std::move(teller.out);
}

} // namespace sanku::handbook
