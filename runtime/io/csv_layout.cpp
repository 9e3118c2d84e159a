// CsvLayout (csv_layout.h).
#include "runtime/io/csv_layout.h"

#include "runtime/codes/dictionary.h"
#include "runtime/io/csv_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <system_error>

namespace sanku::io {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return made;
}

// What a relation's file may be called, in lower case.
std::vector<std::string> file_names(const schema::Relation& relation) {
  std::vector<std::string> names;
  if (relation.kind == schema::RelationKind::settlement)
    names = {"settlement", "settlements", "setlinfo", "结算", "结算单"};
  for (const std::string& name :
       {relation.names.en, relation.names.zh, relation.each.en, relation.each.zh})
    names.push_back(lower(name));
  for (const std::string& name : relation.wire)
    names.push_back(lower(name));
  return names;
}

// `items`, and `items-1`, `items_2026` too.
bool is_called(std::string_view stem, std::string_view name) {
  if (!stem.starts_with(name))
    return false;
  const std::string_view behind = stem.substr(name.size());
  return behind.empty() || std::string_view("-_. 0123456789").find(behind[0]) != std::string::npos;
}

bool is_csv(const fs::path& path) { return lower(path.extension().string()) == ".csv"; }

std::vector<std::uint32_t> claim_relations(const schema::Schema& schema) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t r = 0; r < schema.relations.size(); ++r)
    if (schema.relations[r].kind != schema::RelationKind::table)
      all.push_back(r);
  return all;
}

// The header of one file, asked by name.
struct Header {
  std::map<std::string, std::uint32_t, std::less<>> fields; // in lower case
  std::set<std::uint32_t> used;

  std::optional<std::uint32_t> find(std::string_view name) {
    const auto found = fields.find(lower(name));
    if (found == fields.end())
      return std::nullopt;
    used.insert(found->second);
    return found->second;
  }
};

struct Maker {
  const schema::Schema& schema;
  std::optional<Encoding> encoding;
  CsvLayout layout = {};

  [[nodiscard]] Result<void> find_files(const std::string& folder);
  [[nodiscard]] Result<void> check_files(const std::string& folder) const;
  [[nodiscard]] Result<void> read_header(CsvFile& file);
  [[nodiscard]] Result<Header> index(const CsvFile& file) const;
  [[nodiscard]] Result<void> match(CsvFile& file, Header& header) const;
  void note_unused(const CsvFile& file, const Header& header);

  [[nodiscard]] const schema::Column* key(schema::Role role) const {
    const auto at = schema::column_with(schema.relations[0], role);
    return at ? &schema.relations[0].columns[*at] : nullptr;
  }
};

Result<void> Maker::find_files(const std::string& folder) {
  std::error_code failed;
  std::vector<fs::path> paths;
  fs::directory_iterator at(folder, failed);
  for (; !failed && at != fs::directory_iterator(); at.increment(failed))
    paths.push_back(at->path());
  if (failed)
    return failure(fmt::format("cannot read the folder `{}`: {}", folder, failed.message()),
                   fmt::format("无法读取文件夹“{}”：{}", folder, failed.message()));
  std::ranges::sort(paths);
  std::vector<std::string> unknown;
  for (const fs::path& path : paths) {
    const std::string name = path.filename().string(), stem = lower(path.stem().string());
    if (name.starts_with("."))
      continue;
    std::optional<std::uint32_t> relation;
    for (const std::uint32_t r : claim_relations(schema))
      for (const std::string& called : file_names(schema.relations[r]))
        if (!relation && is_csv(path) && is_called(stem, called))
          relation = r;
    if (!relation) {
      unknown.push_back(name);
      continue;
    }
    layout.bytes += fs::file_size(path, failed);
    layout.files.push_back({.path = path.string(),
                            .name = name,
                            .relation = *relation,
                            .header = {},
                            .columns = {},
                            .visit = {},
                            .settlement = {}});
  }
  std::ranges::stable_sort(layout.files, {}, &CsvFile::relation);
  if (!unknown.empty())
    layout.notes.push_back(
        {.en = fmt::format("`{}`: {} files are not read, their names are not known: {}", folder,
                           unknown.size(), fmt::join(unknown, ", ")),
         .zh = fmt::format("“{}”：{} 个文件名称未知，未读取：{}", folder, unknown.size(),
                           fmt::join(unknown, "、"))});
  return {};
}

// The settlements and the fee lines have to be there; without them nothing can be found.
Result<void> Maker::check_files(const std::string& folder) const {
  const auto lines = schema::line_relation(schema);
  for (const std::uint32_t r : {0u, lines.value_or(0u)}) {
    if (std::ranges::find(layout.files, r, &CsvFile::relation) != layout.files.end())
      continue;
    std::vector<std::string> names;
    for (const std::string& name : file_names(schema.relations[r]))
      names.push_back(name + ".csv");
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return failure(fmt::format("the folder `{}` has no file of {}; expected one of {}", folder,
                               schema.relations[r].names.en, fmt::join(names, ", ")),
                   fmt::format("文件夹“{}”中没有{}文件；文件名应为 {} 之一", folder,
                               schema.relations[r].names.zh, fmt::join(names, "、")));
  }
  return {};
}

Result<void> Maker::read_header(CsvFile& file) {
  auto rows = CsvRows::open(file.path, encoding);
  if (!rows)
    return tl::unexpected(rows.error());
  CsvRow row;
  const auto first = rows->next(row);
  if (!first)
    return tl::unexpected(first.error());
  if (!*first || row.fault != RowFault::none)
    return failure(
        fmt::format("`{}`:1: found no header; expected a line of field names such as mdtrt_id",
                    file.path),
        fmt::format("“{}”第 1 行：没有表头，应为字段名（如 mdtrt_id）", file.path));
  for (const std::string_view field : row.fields)
    file.header.emplace_back(codes::trim(field));
  return {};
}

Result<Header> Maker::index(const CsvFile& file) const {
  Header header;
  for (std::size_t i = 0; i < file.header.size(); ++i) {
    if (file.header[i].empty())
      continue;
    if (!header.fields.emplace(lower(file.header[i]), static_cast<std::uint32_t>(i)).second)
      return failure(
          fmt::format("`{}`:1: the column `{}` stands twice; remove one", file.path,
                      file.header[i]),
          fmt::format("“{}”第 1 行：列 `{}` 出现两次，请删去一个", file.path, file.header[i]));
  }
  return header;
}

// Codes, times, quantities and amounts are what rules stand on: a fee-line file without one of
// these columns more likely has it under another name.
bool is_needed(const schema::Schema& schema, std::uint32_t relation, const schema::Column& column) {
  using schema::Role;
  if (!column.optional || column.role == Role::visit_id)
    return true;
  if (relation != schema::line_relation(schema))
    return relation != 0 && column.role == Role::code;
  return column.role == Role::code || column.role == Role::time || column.role == Role::quantity ||
         column.role == Role::amount;
}

// A list's own `id` is no settlement's.
bool is_own_name(const schema::Relation& relation, const std::string& name) {
  return std::ranges::any_of(relation.columns, [&](const schema::Column& column) {
    return column.path.en == name || column.path.zh == name;
  });
}

Result<void> Maker::match(CsvFile& file, Header& header) const {
  const schema::Relation& relation = schema.relations[file.relation];
  const auto lacks = [&](std::string_view names, const schema::Names& meaning) {
    return failure(
        fmt::format("`{}`:1: the header has no column for {}; expected {}", file.path, meaning.en,
                    names),
        fmt::format("“{}”第 1 行：表头缺少“{}”列，应有 {}", file.path, meaning.zh, names));
  };
  for (std::uint32_t c = 0; c < relation.columns.size(); ++c) {
    const schema::Column& column = relation.columns[c];
    CsvColumn source{.column = c, .fields = {}};
    for (const std::string& name : column.wire)
      if (const auto field = header.find(name))
        source.fields.push_back(*field);
    for (const std::string& name : {column.path.en, column.path.zh})
      if (const auto field = source.fields.empty() ? header.find(name) : std::nullopt)
        source.fields.push_back(*field);
    if (source.fields.empty() && is_needed(schema, file.relation, column))
      return lacks(fmt::format("{}", fmt::join(column.wire, " / ")), column.path);
    if (!source.fields.empty())
      file.columns.push_back(std::move(source));
  }
  const std::array<std::pair<schema::Role, std::optional<std::uint32_t>*>, 2> keys = {
      {{schema::Role::visit_id, &file.visit}, {schema::Role::settlement_id, &file.settlement}}};
  std::string names;
  for (const auto& [role, field] : keys) {
    const schema::Column* column = key(role);
    if (column == nullptr)
      continue;
    names += (names.empty() ? "" : " / ") + fmt::format("{}", fmt::join(column->wire, " / "));
    for (const std::string& name : column->wire)
      if (!*field)
        *field = header.find(name);
    for (const std::string& name : {column->path.en, column->path.zh})
      if (!*field && (file.relation == 0 || !is_own_name(relation, name)))
        *field = header.find(name);
  }
  if (!file.visit && !file.settlement)
    return lacks(names,
                 {.en = "the number of the visit or the settlement", .zh = "就诊号或结算号"});
  return {};
}

void Maker::note_unused(const CsvFile& file, const Header& header) {
  std::vector<std::string> unused;
  for (std::uint32_t i = 0; i < file.header.size(); ++i)
    if (!header.used.contains(i))
      unused.push_back(file.header[i].empty() ? "\"\"" : file.header[i]);
  if (unused.empty())
    return;
  layout.notes.push_back({.en = fmt::format("`{}`: {} columns are not used: {}", file.path,
                                            unused.size(), fmt::join(unused, ", ")),
                          .zh = fmt::format("“{}”：{} 列未使用：{}", file.path, unused.size(),
                                            fmt::join(unused, "、"))});
}

} // namespace

Result<CsvLayout> csv_layout(const std::string& folder, const schema::Schema& schema,
                             std::optional<Encoding> encoding) {
  Maker maker{.schema = schema, .encoding = encoding};
  if (auto found = maker.find_files(folder); !found)
    return tl::unexpected(found.error());
  if (auto whole = maker.check_files(folder); !whole)
    return tl::unexpected(whole.error());
  for (CsvFile& file : maker.layout.files) {
    if (auto read = maker.read_header(file); !read)
      return tl::unexpected(read.error());
    auto header = maker.index(file);
    if (!header)
      return tl::unexpected(header.error());
    if (auto matched = maker.match(file, *header); !matched)
      return tl::unexpected(matched.error());
    maker.note_unused(file, *header);
  }
  return std::move(maker.layout);
}

} // namespace sanku::io
