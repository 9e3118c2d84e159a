// pack.toml and the files around it (pack.h).
#include "tools/engine/pack.h"

#include "compiler/ast/from_parse_tree.h"
#include "compiler/diag/nearest.h"
#include "runtime/types/match.h"
#include "runtime/types/utf8.h"
#include "runtime/types/value.h"
#include "tools/engine/pack_defaults.h"
#include "tools/engine/packed_form.h"
#include "tools/pack/source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <span>
#include <system_error>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::array known_keys = {"name",      "version", "language", "schema", "schema_version",
                                   "test_date", "regions", "defaults", "base",   "linked"};
// Of an overlay; the rest is the pack's below it.
constexpr std::array overlay_keys = {"name",    "version", "language",      "test_date",
                                     "regions", "base",    "base_versions", "defaults"};

Error fault(const fs::path& file, std::string_view en, std::string_view zh) {
  return Error{.en = fmt::format("`{}`: {}", file.string(), en),
               .zh = fmt::format("“{}”：{}", file.string(), zh)};
}

// The folder with the nearest pack.toml at or above `place`.
Result<fs::path> pack_folder(const fs::path& place) {
  std::error_code failed;
  if (!fs::exists(place, failed))
    return failure(fmt::format("there is no `{}`", place.string()),
                   fmt::format("没有“{}”", place.string()));
  // Climbed as an absolute path, then named as the user names places.
  const fs::path here = fs::current_path(failed);
  fs::path at = (here / place).lexically_normal();
  if (!at.has_filename())
    at = at.parent_path();
  if (!fs::is_directory(at, failed))
    at = at.parent_path();
  for (;; at = at.parent_path()) {
    if (fs::is_regular_file(at / "pack.toml", failed))
      return place.is_absolute() ? at : at.lexically_relative(here);
    if (at == at.root_path())
      break;
  }
  return failure(
      fmt::format("`{}` is in no rule pack: neither this folder nor one above has a pack.toml",
                  place.string()),
      fmt::format("“{}”不在规则包内：该文件夹及其上级均没有 pack.toml", place.string()));
}

// What a place of the parser's is in the text: the parser counts lines and characters from 1.
std::uint32_t offset_of(const source::File& file, const toml::source_position& at) {
  const std::size_t line = std::clamp<std::size_t>(at.line, 1, file.line_starts.size());
  std::size_t offset = file.line_starts[line - 1];
  for (toml::source_index column = 1; column < at.column && offset < file.text.size(); ++column) {
    if (file.text[offset] == '\n')
      break;
    offset += std::max<std::size_t>(1, utf8_length(std::string_view(file.text).substr(offset)));
  }
  return static_cast<std::uint32_t>(std::min(offset, file.text.size()));
}

// The edition that a schema's head states; empty where there is none, which the checker tells.
std::string edition_of(const Pack& pack) {
  source::SourceMap map;
  diag::Diagnostics told_later;
  const auto file = add_text(map, pack, pack.schema);
  if (!file)
    return {};
  const ast::File parsed = ast::parse(map, *file, told_later);
  for (const ast::Decl& decl : parsed.decls)
    if (const auto* head = std::get_if<ast::SchemaHead>(&decl))
      return head->edition;
  return {};
}

// As `own`, and what is below the folder `linked` where a link of the pack leads there. It is
// opened by its place there, so that no further link is followed.
ReadFile with_linked(ReadFile own, const fs::path& linked) {
  std::error_code failed;
  fs::path there = fs::weakly_canonical(linked, failed);
  ReadFile other = pack::folder_reader({there});
  return [own = std::move(own), other = std::move(other),
          there = std::move(there)](const fs::path& path) {
    std::error_code none;
    const fs::path target = fs::weakly_canonical(path, none);
    return stays_below(target.lexically_relative(there)) ? other(target) : own(path);
  };
}

// Reads the fields of a pack and tells what is wrong with them.
struct Fields {
  const source::SourceMap& map;
  diag::Diagnostics& diagnostics;
  const toml::table& table;
  Pack& pack;

  [[nodiscard]] source::Span span_of(const toml::source_region& region) const {
    const source::File& file = map.files[pack.file];
    const std::uint32_t begin = offset_of(file, region.begin), end = offset_of(file, region.end);
    return {.file = pack.file, .begin = begin, .end = std::max(begin, end)};
  }
  [[nodiscard]] source::Span span_of(const char* key) const {
    return span_of(table.get(key)->source());
  }

  void unknown_keys(const toml::table& in, std::span<const std::string_view> known) {
    for (const auto& [key, value] : in) {
      if (std::ranges::find(known, key.str()) != known.end())
        continue;
      auto& found =
          diag::report<"pack_key_unknown">(diagnostics, span_of(key.source()), key.str(),
                                           diag::Words{fmt::format("{}", fmt::join(known, "、")),
                                                       fmt::format("{}", fmt::join(known, ", "))});
      if (const auto near = diag::nearest(key.str(), known))
        found.help(fmt::format("是否指 `{}`？", *near), fmt::format("did you mean `{}`?", *near))
            .fix(span_of(key.source()), *near);
    }
  }
  void keys() {
    if (table.contains("base"))
      return unknown_keys(table,
                          std::vector<std::string_view>(overlay_keys.begin(), overlay_keys.end()));
    unknown_keys(table, std::vector<std::string_view>(known_keys.begin(), known_keys.end()));
  }
  void wrong(const char* key, std::string_view zh, std::string_view en) {
    diag::report<"pack_value">(diagnostics, span_of(key), key, diag::Words{zh, en});
  }
  void text(const char* key, std::string& target) {
    if (!table.contains(key)) {
      diag::report<"pack_key_missing">(diagnostics, source::Span{.file = pack.file}, key);
      return;
    }
    const auto value = table[key].value_exact<std::string>();
    if (value && !value->empty())
      target = *value;
    else
      wrong(key, "加引号的文字，不能为空", "a text in quotes that is not empty");
  }
  void edition() {
    if (!pack.edition.empty() && pack.edition != language_edition)
      diag::report<"pack_edition">(diagnostics, span_of("language"), pack.edition,
                                   language_edition);
  }
  void schema(const std::string& written) {
    if (written.empty())
      return;
    pack.schema = (pack.folder / written).lexically_normal();
    if (pack.packed == nullptr)
      pack.read = pack::folder_reader({pack.folder, pack.schema.parent_path()});
    std::error_code failed;
    const bool is_there =
        pack.packed ? pack.read(pack.schema).has_value() : fs::is_regular_file(pack.schema, failed);
    if (!is_there)
      diag::report<"pack_schema">(diagnostics, span_of("schema"), pack.schema.string());
  }
  // A folder for development may share another one's files by links.
  void linked() {
    if (!table.contains("linked"))
      return;
    std::string written;
    text("linked", written);
    if (pack.packed != nullptr)
      wrong("linked", "仅用于文件夹：规则包文件自带它需要的一切",
            "of a folder only: a pack file brings all that it needs");
    else if (!written.empty())
      pack.read = with_linked(std::move(pack.read), pack.folder / written);
  }
  // A folder says where what it lies on is, a pack file only what it is called.
  void base() {
    std::string written;
    text("base", written);
    base_versions();
    if (written.empty())
      return;
    pack.base_span = span_of("base");
    if (pack.packed != nullptr)
      return pinned(written);
    pack.base = (pack.folder / written).lexically_normal();
  }
  void base_versions() {
    if (!table.contains("base_versions"))
      return;
    std::string written;
    text("base_versions", written);
    pack.base_versions = pack::parse_versions(written);
    if (!written.empty() && !pack.base_versions)
      wrong("base_versions", "下层规则包的版本或范围，如 \"2026.11\" 或 \"2026.11..2026.12\"",
            "a version of the pack below or a range, such as \"2026.11\" or \"2026.11..2026.12\"");
  }
  // What people read in the manifest before they sign is what pack.toml says.
  void pinned(const std::string& name) {
    pack.pin = pack::pin_of(pack.packed->manifest);
    const auto told = [](std::string_view of, const std::optional<pack::Versions>& versions) {
      return fmt::format("{} {}", of, versions ? pack::versions_text(*versions) : std::string("-"));
    };
    const std::string written = told(name, pack.base_versions),
                      stated = pack.pin ? told(pack.pin->name, pack.pin->versions) : std::string();
    if (written != stated)
      diag::report<"pack_file_says">(diagnostics, pack.base_span, "base", stated, written);
  }
  void test_date() {
    if (!table.contains("test_date"))
      return;
    const auto date = table["test_date"].value_exact<toml::date>();
    Date parsed{};
    if (date &&
        parse_date(fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day), parsed))
      pack.test_date = parsed;
    else
      wrong("test_date", "日期，如 2026-03-05，不加引号",
            "a date such as 2026-03-05, without quotes");
  }
  void regions() {
    if (!table.contains("regions"))
      return;
    const toml::array* list = table["regions"].as_array();
    const bool texts =
        list != nullptr &&
        std::all_of(list->begin(), list->end(), [](const auto& node) { return node.is_string(); });
    if (!texts) {
      wrong("regions", "文字的列表，如 [\"110000\"]", "a list of texts such as [\"110000\"]");
      return;
    }
    for (const toml::node& region : *list) {
      std::string code = region.value_or(std::string());
      const bool digits = code.size() == 6 &&
                          std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
      if (!digits || std::ranges::find(pack.regions, code) != pack.regions.end())
        diag::report<"pack_value">(
            diagnostics, span_of(region.source()), "regions",
            diag::Words{"六位行政区划代码，各写一次，如 \"330000\"",
                        "codes of six digits, each once, such as \"330000\""});
      else
        pack.regions.push_back(std::move(code));
    }
  }
  void schema_version() {
    if (!table.contains("schema_version"))
      return;
    text("schema_version", pack.schema_version);
    const std::string found = edition_of(pack);
    if (!pack.schema_version.empty() && !found.empty() && pack.schema_version != found)
      diag::report<"pack_schema_version">(diagnostics, span_of("schema_version"),
                                          pack.schema_version, found);
  }

  // Reads a default, or says what it should be.
  void take(const toml::node& value, const DefaultRow& row) {
    const auto wanted = [&](std::string_view zh, std::string_view en) {
      diag::report<"pack_value">(diagnostics, span_of(value.source()), row.name,
                                 diag::Words{zh, en});
    };
    std::optional<std::int64_t> taken;
    std::visit(match{
                   [&](bool hir::Defaults::* const field) {
                     const auto truth = value.value_exact<bool>();
                     if (!truth)
                       return wanted("true 或 false", "true or false");
                     pack.defaults.*field = *truth;
                     taken = *truth ? 1 : 0;
                   },
                   [&](const WholeNumber& form) {
                     const auto number = value.value_exact<std::int64_t>();
                     if (number && *number >= form.least && *number <= form.most)
                       taken = pack.defaults.*form.field = *number;
                     else
                       wanted(fmt::format("{} 至 {} 的整数", form.least, form.most),
                              fmt::format("a whole number from {} to {}", form.least, form.most));
                   },
                   [&](const DayOfYear& form) {
                     const auto text = value.value_exact<std::string>();
                     if (const auto day = text ? day_of_year(*text) : std::nullopt)
                       taken = pack.defaults.*form.field = *day;
                     else
                       wanted("每年都有的一天，加引号写月和日，如 \"07-01\"",
                              "a day that every year has, as month and day in quotes, such as "
                              "\"07-01\"");
                   },
                   [&](const AlwaysTrue& form) {
                     if (!value.value_exact<bool>().value_or(false))
                       wanted(form.why_zh, form.why_en);
                   },
               },
               row.form);
    if (taken && row.regional && table.contains("base"))
      pack.local_defaults.push_back(
          {.which = *row.regional, .value = *taken, .span = span_of(value.source())});
  }
  void defaults() {
    if (!table.contains("defaults"))
      return;
    const toml::table* in = table["defaults"].as_table();
    if (in == nullptr) {
      wrong("defaults", "一节，如 [defaults]，其下每行一项",
            "a section [defaults] with one default a line");
      return;
    }
    // A region decides otherwise what is its own to decide.
    const auto may_stand = [&](const DefaultRow& row) {
      return row.regional.has_value() || !table.contains("base");
    };
    std::vector<std::string_view> known;
    for (const DefaultRow& row : default_rows)
      if (may_stand(row))
        known.push_back(row.name);
    unknown_keys(*in, known);
    for (const DefaultRow& row : default_rows)
      if (may_stand(row) && in->contains(row.name))
        take(*in->get(row.name), row);
  }
};

void read_fields(const toml::table& table, const source::SourceMap& map,
                 diag::Diagnostics& diagnostics, Pack& pack) {
  Fields fields{.map = map, .diagnostics = diagnostics, .table = table, .pack = pack};
  std::string schema;
  fields.keys();
  fields.text("name", pack.name);
  fields.text("version", pack.version);
  fields.text("language", pack.edition);
  fields.edition();
  if (table.contains("base")) {
    fields.base();
  } else {
    fields.text("schema", schema);
    fields.schema(schema);
    fields.linked();
  }
  fields.test_date();
  fields.regions();
  fields.schema_version();
  fields.defaults();
}

Result<void> collect_rule_files(Pack& pack) {
  std::error_code failed;
  fs::recursive_directory_iterator at(pack.folder, failed);
  for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with(".") && at->is_directory(failed)) {
      at.disable_recursion_pending();
      continue;
    }
    // A pack inside the pack is another pack.
    if (at->is_directory(failed) && fs::exists(at->path() / "pack.toml", failed)) {
      at.disable_recursion_pending();
      continue;
    }
    if (at->path().extension() == ".sanku" && at->is_regular_file(failed))
      pack.rule_files.push_back(at->path().lexically_normal());
  }
  if (failed)
    return tl::unexpected(fault(pack.folder, failed.message(), failed.message()));
  std::ranges::sort(pack.rule_files, {},
                    [](const fs::path& path) { return path.generic_string(); });
  return {};
}

// The members of a pack file that are rules.
void collect_members(Pack& pack) {
  for (const auto& [name, bytes] : pack.packed->members)
    if (name.ends_with(".sanku") && pack.folder / name != pack.schema)
      pack.rule_files.push_back(pack.folder / name);
}

// pack.toml says what the manifest says, which people read before they sign.
void compare_manifest(const Pack& pack, diag::Diagnostics& diagnostics) {
  const pack::Manifest& manifest = pack.packed->manifest;
  const auto compare = [&](std::string_view key, const std::string& written) {
    if (pack::fact(manifest, key) != written)
      diag::report<"pack_file_says">(diagnostics, source::Span{.file = pack.file}, key,
                                     pack::fact(manifest, key), written);
  };
  compare("name", pack.name);
  compare("version", pack.version);
  compare("edition", pack.edition);
  compare("regions", fmt::format("{}", fmt::join(pack.regions, " ")));
  if (!pack.pin)
    compare("base", {});
}

Result<void> read_manifest(Pack& pack, source::SourceMap& map, diag::Diagnostics& diagnostics) {
  pack.knowledge_folder = pack.folder / "knowledge";
  pack.models_folder = pack.folder / "models";
  const auto file = add_text(map, pack, pack.folder / "pack.toml");
  if (!file)
    return tl::unexpected(file.error());
  pack.file = *file;
  const toml::parse_result parsed = toml::parse(map.files[pack.file].text);
  if (parsed) {
    read_fields(parsed.table(), map, diagnostics, pack);
  } else {
    const toml::parse_error& error = parsed.error();
    const std::uint32_t at = offset_of(map.files[pack.file], error.source().begin);
    diag::report<"pack_syntax">(diagnostics,
                                source::Span{.file = pack.file, .begin = at, .end = at},
                                error.source().begin.line, error.description());
  }
  if (!pack.packed)
    return collect_rule_files(pack);
  if (!diag::has_errors(diagnostics))
    compare_manifest(pack, diagnostics);
  collect_members(pack);
  return {};
}

} // namespace

Result<Pack> load_packed(pack::PackFile file, const fs::path& place, source::SourceMap& map,
                         diag::Diagnostics& diagnostics, PackFiles& files) {
  Pack pack;
  pack.folder = place.lexically_normal();
  if (file.kind != pack::FileKind::pack) {
    pack.file = source::add(map, place.string(), {});
    diag::report<"pack_file_kind">(diagnostics, source::Span{.file = pack.file},
                                   diag::Words{"增量文件", "a delta"},
                                   diag::Words{"规则包文件", "a whole pack"});
    return pack;
  }
  pack.packed = files.emplace_back(std::make_unique<pack::PackFile>(std::move(file))).get();
  pack.read = pack::member_reader(*pack.packed, pack.folder);
  if (!pack::member(*pack.packed, "pack.toml")) {
    pack.file = source::add(map, place.string(), {});
    diag::report<"pack_file_lacks">(diagnostics, source::Span{.file = pack.file}, "pack.toml");
    return pack;
  }
  if (auto read = read_manifest(pack, map, diagnostics); !read)
    return tl::unexpected(read.error());
  check_members(*pack.packed, source::Span{.file = pack.file}, diagnostics);
  return pack;
}

Result<std::uint32_t> add_text(source::SourceMap& map, const Pack& pack, const fs::path& file) {
  auto text = pack.read ? pack.read(file) : pack::folder_reader({pack.folder})(file);
  if (!text)
    return tl::unexpected(text.error());
  constexpr std::size_t most = 4u << 20;
  if (text->size() > most)
    return failure(fmt::format("{} has more than {} bytes, which no file of rules may have; split "
                               "it",
                               file.string(), most),
                   fmt::format("{} 超过规则文件上限 {} 字节；请拆分", file.string(), most));
  return source::add(map, file.string(), std::move(*text));
}

Result<Pack> load_pack(const fs::path& place, source::SourceMap& map,
                       diag::Diagnostics& diagnostics, const PackTrust& trust, PackFiles& files) {
  if (is_packed(place)) {
    auto file = open_packed(place, map, diagnostics, trust);
    if (!file)
      return tl::unexpected(file.error());
    if (!*file)
      return Pack{};
    return load_packed(std::move(**file), place, map, diagnostics, files);
  }
  const auto folder = pack_folder(place);
  if (!folder)
    return tl::unexpected(folder.error());
  Pack pack;
  pack.folder = *folder;
  pack.read = pack::folder_reader({pack.folder});
  if (auto read = read_manifest(pack, map, diagnostics); !read)
    return tl::unexpected(read.error());
  return pack;
}

Result<Pack> load_pack(const fs::path& place) {
  if (is_packed(place))
    return failure(fmt::format("`{}` is a pack file; this needs the pack's folder", place.string()),
                   fmt::format("“{}”是规则包文件，此处需要规则包的文件夹", place.string()));
  source::SourceMap map;
  diag::Diagnostics diagnostics;
  PackFiles files;
  auto pack = load_pack(place, map, diagnostics, {}, files);
  if (!pack || !diag::has_errors(diagnostics))
    return pack;
  const diag::Diagnostic& first = diagnostics.all.front();
  const std::string& path = map.files[pack->file].path;
  const std::uint32_t line = source::place_of(map, first.span.file, first.span.begin).line;
  return failure(fmt::format("`{}`:{}: {} (SK{})", path, line, first.en, first.number),
                 fmt::format("“{}”第 {} 行：{} (SK{})", path, line, first.zh, first.number));
}

std::string label(const Pack& pack) { return pack.name + " " + pack.version; }

} // namespace sanku::engine
