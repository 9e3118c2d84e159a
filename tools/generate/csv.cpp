// One pass over the text with the two states of RFC 4180, inside quotes and outside.
#include "tools/generate/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

namespace sanku::generate {

namespace {

using Row = std::vector<std::string>;

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// Appends one record that starts at `position`, moves past it. False: a quoted cell does not end.
bool take_record(std::string_view text, std::size_t& position, Row& row) {
  std::string cell;
  bool quoted = false;
  while (position < text.size()) {
    const char c = text[position++];
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (position < text.size() && text[position] == '"') {
        cell += '"';
        ++position;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      row.push_back(std::exchange(cell, {}));
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      cell += c;
    }
  }
  row.push_back(std::move(cell));
  return !quoted;
}

tl::unexpected<Error> bad_record(const std::string& name, std::size_t record, std::size_t found,
                                 std::size_t expected) {
  return failure(fmt::format("{}: record {} has {} cells, the header has {}; correct the file",
                             name, record, found, expected),
                 fmt::format("{}：第 {} 条记录有 {} 个单元格，表头有 {} 个；请更正该文件", name,
                             record, found, expected));
}

} // namespace

Result<CsvTable> parse_csv(std::string name, std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  CsvTable table{.name = std::move(name), .header = {}, .rows = {}};
  std::size_t position = 0, record = 0;
  while (position < text.size()) {
    ++record;
    Row row;
    if (!take_record(text, position, row)) {
      return failure(fmt::format("{}: the quoted cell that begins in record {} does not end",
                                 table.name, record),
                     fmt::format("{}：第 {} 条记录中的引号没有闭合", table.name, record));
    }
    if (row.size() == 1 && row[0].empty())
      continue; // an empty line
    if (table.header.empty()) {
      table.header = std::move(row);
    } else if (row.size() != table.header.size()) {
      return bad_record(table.name, record, row.size(), table.header.size());
    } else {
      table.rows.push_back(std::move(row));
    }
  }
  if (table.header.empty()) {
    return failure(fmt::format("{}: the file is empty, a header line was expected", table.name),
                   fmt::format("{}：文件为空，应有表头", table.name));
  }
  return table;
}

Result<CsvTable> read_csv(const std::filesystem::path& file) {
  const std::unique_ptr<std::FILE, FileCloser> in(std::fopen(file.c_str(), "rb"));
  std::string text;
  if (in) {
    char block[1 << 16];
    while (const std::size_t count = std::fread(block, 1, sizeof block, in.get())) {
      text.append(block, count);
    }
  }
  if (!in || std::ferror(in.get()) != 0) {
    return failure(fmt::format("cannot read {}; give the folder that holds it", file.string()),
                   fmt::format("无法读取 {}；请指定其所在文件夹", file.string()));
  }
  return parse_csv(file.string(), text);
}

Result<std::vector<std::size_t>> columns(const CsvTable& table,
                                         const std::vector<std::string_view>& names) {
  std::vector<std::size_t> positions;
  for (const std::string_view name : names) {
    const auto found = std::find(table.header.begin(), table.header.end(), name);
    if (found == table.header.end()) {
      return failure(fmt::format("{}: no column named {}", table.name, name),
                     fmt::format("{}：没有名为 {} 的列", table.name, name));
    }
    positions.push_back(static_cast<std::size_t>(found - table.header.begin()));
  }
  return positions;
}

} // namespace sanku::generate
