// Reading and checking a pack with its overlays (rules.h).
#include "tools/engine/rules.h"

#include "runtime/types/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

// A folder, a pack file, or a pack in a store, which no folder is named by.
bool same_place(const fs::path& a, const fs::path& b) {
  std::error_code failed;
  return a.lexically_normal() == b.lexically_normal() || fs::equivalent(a, b, failed);
}

// A pack and what it lies on, the lowest first. False: something was told.
Result<bool> chain_of(const fs::path& place, const PackTrust& trust, Rules& rules,
                      std::vector<Pack>& chain) {
  auto pack = load_pack(place, rules.map, rules.diagnostics, trust, rules.files);
  if (!pack)
    return tl::unexpected(pack.error());
  chain.push_back(std::move(*pack));
  while (!diag::has_errors(rules.diagnostics) && !chain.front().base.empty()) {
    const Pack& above = chain.front();
    const bool circle = std::ranges::any_of(
        chain, [&](const Pack& each) { return same_place(each.folder, above.base); });
    if (circle) {
      diag::report<"pack_base_circle">(rules.diagnostics, above.base_span, above.name);
      return false;
    }
    auto below = load_pack(above.base, rules.map, rules.diagnostics, trust, rules.files);
    if (!below)
      return tl::unexpected(below.error());
    chain.insert(chain.begin(), std::move(*below));
  }
  return !diag::has_errors(rules.diagnostics);
}

// The layers of a chain that are not there yet, each with what it lies on. False: it lies on
// something else.
bool add_chain(std::vector<Pack> chain, Rules& rules, std::vector<std::uint32_t>& below) {
  if (!rules.layers.empty() && !same_place(chain.front().folder, rules.layers.front().folder)) {
    diag::report<"pack_base_other">(rules.diagnostics, chain.back().base_span, chain.back().name,
                                    rules.layers.front().name);
    return false;
  }
  std::uint32_t at = 0;
  for (Pack& pack : chain) {
    const auto known = std::ranges::find_if(
        rules.layers, [&](const Pack& each) { return same_place(each.folder, pack.folder); });
    if (known == rules.layers.end()) {
      below.push_back(at);
      rules.layers.push_back(std::move(pack));
      at = static_cast<std::uint32_t>(rules.layers.size() - 1);
    } else {
      at = static_cast<std::uint32_t>(known - rules.layers.begin());
    }
  }
  if (std::ranges::find(rules.named, at) == rules.named.end())
    rules.named.push_back(at);
  return true;
}

// A folder of overlays stands for all of them, in the order of their names.
Result<std::vector<fs::path>> overlay_folders(const fs::path& place) {
  std::error_code failed;
  if (!fs::is_directory(place, failed) || fs::exists(place / "pack.toml", failed))
    return std::vector<fs::path>{place};
  std::vector<fs::path> found;
  for (const auto& each : fs::directory_iterator(place, failed))
    if (fs::is_regular_file(each.path() / "pack.toml", failed))
      found.push_back(each.path());
  std::ranges::sort(found);
  if (found.empty())
    return failure(
        fmt::format("`{}` holds no overlay: no folder in it has a pack.toml", place.string()),
        fmt::format("“{}”中没有地方化：其下没有含 pack.toml 的文件夹", place.string()));
  return found;
}

// All layers, and what each lies on. False: something was told.
Result<bool> add_layers(const fs::path& place, const ReadOptions& options, Rules& rules,
                        std::vector<std::uint32_t>& below) {
  std::vector<fs::path> places{place};
  for (const fs::path& each : options.overlays) {
    const auto folders = overlay_folders(each);
    if (!folders)
      return tl::unexpected(folders.error());
    places.insert(places.end(), folders->begin(), folders->end());
  }
  for (const fs::path& each : places) {
    std::vector<Pack> chain;
    const auto whole = chain_of(each, options.trust, rules, chain);
    if (!whole)
      return tl::unexpected(whole.error());
    if (rules.pack.folder.empty())
      rules.pack = chain.back();
    if (!*whole || !add_chain(std::move(chain), rules, below))
      return false;
  }
  return true;
}

// What the pack that was named takes from the one at the bottom.
void inherit(Rules& rules) {
  const Pack& lowest = rules.layers.front();
  rules.pack.schema = lowest.schema;
  rules.pack.defaults = lowest.defaults;
  for (auto layer = rules.layers.rbegin(); layer != rules.layers.rend(); ++layer)
    if (!rules.pack.test_date)
      rules.pack.test_date = layer->test_date;
}

Result<std::vector<std::uint32_t>> read_files(const Pack& pack, source::SourceMap& map) {
  std::vector<std::uint32_t> files;
  for (const fs::path& file : pack.rule_files) {
    const auto read = add_text(map, pack, file);
    if (!read)
      return tl::unexpected(read.error());
    files.push_back(*read);
  }
  return files;
}

Result<PackSources> read_layers(const ReadOptions& options, const std::vector<std::uint32_t>& below,
                                Rules& rules) {
  PackSources sources;
  const Pack& lowest = rules.layers.front();
  sources.knowledge_folder = lowest.knowledge_folder;
  sources.models_folder = lowest.models_folder;
  sources.read = lowest.read;
  sources.defaults = lowest.defaults;
  sources.name = lowest.name;
  const auto schema = add_text(rules.map, lowest, lowest.schema);
  if (!schema)
    return tl::unexpected(schema.error());
  rules.schema_file = *schema;
  sources.schema_files.push_back(*schema);
  for (std::size_t layer = 0; layer < rules.layers.size(); ++layer) {
    const Pack& pack = rules.layers[layer];
    auto files = read_files(pack, rules.map);
    if (!files)
      return tl::unexpected(files.error());
    if (layer == 0)
      sources.rule_files = std::move(*files);
    else
      sources.overlays.push_back({.name = pack.name,
                                  .below = below[layer],
                                  .manifest = pack.file,
                                  .rule_files = std::move(*files),
                                  .knowledge_folder = pack.knowledge_folder,
                                  .models_folder = pack.models_folder,
                                  .read = pack.read});
  }
  sources.reading.region = options.region;
  sources.reading.as_of = options.as_of;
  sources.as_known = options.as_known;
  // Who names an overlay means its region.
  if (options.region.empty() && rules.named.front() != 0)
    sources.reading.home = rules.named.front();
  return sources;
}

// Checks what the layers hold.
Result<void> check_layers(const ReadOptions& options, const std::vector<std::uint32_t>& below,
                          Rules& rules) {
  const auto sources = read_layers(options, below, rules);
  if (!sources)
    return tl::unexpected(sources.error());
  rules.checked = check_pack(rules.map, *sources, rules.diagnostics);
  diag::sort(rules.diagnostics);
  return {};
}

} // namespace

Result<std::unique_ptr<Rules>> read_rules(const fs::path& place, const ReadOptions& options) {
  auto rules = std::make_unique<Rules>();
  std::vector<std::uint32_t> below;
  const auto whole = add_layers(place, options, *rules, below);
  if (!whole)
    return tl::unexpected(whole.error());
  // Without its schema, or what it lies on, nothing of a pack can be checked.
  if (!*whole)
    return rules;
  inherit(*rules);
  if (auto done = check_layers(options, below, *rules); !done)
    return tl::unexpected(done.error());
  return rules;
}

Result<std::unique_ptr<Rules>> check_rules(std::unique_ptr<Rules> rules) {
  // Without its schema nothing of a pack can be checked.
  if (diag::has_errors(rules->diagnostics))
    return rules;
  check(rules->pack.base.empty(), "a pack that is checked by itself lies on no other");
  rules->layers = {rules->pack};
  rules->named = {0};
  if (auto done = check_layers({}, {0}, *rules); !done)
    return tl::unexpected(done.error());
  return rules;
}

Result<std::unique_ptr<Rules>> read_rules(pack::PackFile file, const fs::path& place) {
  auto rules = std::make_unique<Rules>();
  auto pack = load_packed(std::move(file), place, rules->map, rules->diagnostics, rules->files);
  if (!pack)
    return tl::unexpected(pack.error());
  rules->pack = std::move(*pack);
  return check_rules(std::move(rules));
}

bool is_named(const Rules& rules, std::uint32_t layer) {
  return std::ranges::find(rules.named, layer) != rules.named.end();
}

const ReadFile& reader_of(const Rules& rules, std::uint32_t file) {
  const fs::path path = rules.map.files[file].path;
  for (const Pack& layer : rules.layers)
    if (std::ranges::find(layer.rule_files, path) != layer.rule_files.end())
      return layer.read;
  return rules.pack.read;
}

std::string label(const Rules& rules) {
  std::string text = label(rules.pack);
  for (const std::uint32_t layer : rules.named)
    if (rules.layers[layer].folder != rules.pack.folder)
      text += " + " + label(rules.layers[layer]);
  return text;
}

bool is_ready(const Rules& rules) {
  return rules.checked.has_value() && !diag::has_errors(rules.diagnostics);
}

const hir::Program& program(const Rules& rules) {
  check(rules.checked.has_value(), "the program of rules that were not checked");
  return rules.checked->program;
}

} // namespace sanku::engine
