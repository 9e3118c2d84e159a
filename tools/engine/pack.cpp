// pack.toml and the files around it (pack.h).
#include "tools/engine/pack.h"

#include "runtime/types/value.h"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::array known_keys = {"name", "version", "language", "schema", "test_date", "regions"};

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

Result<std::string> required_text(const toml::table& table, const char* key, const fs::path& file) {
  const auto value = table[key].value_exact<std::string>();
  if (value && !value->empty())
    return *value;
  return tl::unexpected(fault(file, fmt::format("`{} = \"…\"` is missing", key),
                              fmt::format("缺少 `{} = \"…\"`", key)));
}

Result<void> read_fields(const toml::table& table, const fs::path& file, Pack& pack) {
  for (const auto& [key, value] : table) {
    if (std::ranges::find(known_keys, key.str()) == known_keys.end())
      return tl::unexpected(fault(
          file,
          fmt::format("unknown key `{}`; known are {}", key.str(), fmt::join(known_keys, ", ")),
          fmt::format("没有名为 `{}` 的项；可用的有 {}", key.str(), fmt::join(known_keys, "、"))));
  }
  std::string schema;
  const std::array<std::pair<const char*, std::string*>, 4> texts = {{{"name", &pack.name},
                                                                      {"version", &pack.version},
                                                                      {"language", &pack.edition},
                                                                      {"schema", &schema}}};
  for (const auto& [key, target] : texts) {
    auto text = required_text(table, key, file);
    if (!text)
      return tl::unexpected(text.error());
    *target = std::move(*text);
  }
  if (pack.edition != language_edition)
    return tl::unexpected(
        fault(file,
              fmt::format("language edition `{}`; this build reads edition {}", pack.edition,
                          language_edition),
              fmt::format("语言版本为 `{}`；本程序支持版本 {}", pack.edition, language_edition)));
  pack.schema = (pack.folder / schema).lexically_normal();
  if (table.contains("test_date")) {
    const auto date = table["test_date"].value_exact<toml::date>();
    Date parsed{};
    if (!date ||
        !parse_date(fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day), parsed))
      return tl::unexpected(fault(file, "`test_date` is expected to be a date such as 2026-03-05",
                                  "`test_date` 应为日期，如 2026-03-05"));
    pack.test_date = parsed;
  }
  if (const toml::array* regions = table["regions"].as_array()) {
    for (const toml::node& region : *regions)
      pack.regions.push_back(region.value_or(std::string()));
  }
  return {};
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

} // namespace

Result<Pack> load_pack(const fs::path& place) {
  const auto folder = pack_folder(place);
  if (!folder)
    return tl::unexpected(folder.error());
  Pack pack;
  pack.folder = *folder;
  pack.knowledge_folder = pack.folder / "knowledge";
  const fs::path file = pack.folder / "pack.toml";
  const toml::parse_result parsed = toml::parse_file(file.string());
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    const auto line = error.source().begin.line;
    return tl::unexpected(
        fault(file, fmt::format("line {}: {}", line, error.description()),
              fmt::format("第 {} 行不符合 TOML 格式：{}", line, error.description())));
  }
  if (auto read = read_fields(parsed.table(), file, pack); !read)
    return tl::unexpected(read.error());
  if (auto collected = collect_rule_files(pack); !collected)
    return tl::unexpected(collected.error());
  return pack;
}

std::string label(const Pack& pack) { return pack.name + " " + pack.version; }

} // namespace sanku::engine
