// Reading and checking a pack with its overlays (rules.h).
#include "tools/engine/rules.h"

#include "runtime/types/check.h"
#include "tools/engine/clear_names.h"
#include "tools/engine/layers.h"
#include "tools/engine/packed_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

// What the pack that was named takes from the one at the bottom.
void inherit(Rules& rules) {
  const Pack& lowest = rules.layers.front();
  rules.pack.schema = lowest.schema;
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

Result<PackSources> read_layers(const ReadOptions& options, Rules& rules) {
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
                                  .below = rules.below[layer],
                                  .manifest = pack.file,
                                  .rule_files = std::move(*files),
                                  .knowledge_folder = pack.knowledge_folder,
                                  .models_folder = pack.models_folder,
                                  .read = pack.read,
                                  .defaults = pack.local_defaults});
  }
  sources.reading.region = options.region;
  sources.reading.as_of = options.as_of;
  sources.as_known = options.as_known;
  // Who names an overlay means its region.
  if (options.region.empty() && rules.named.front() != 0)
    sources.reading.home = rules.named.front();
  return sources;
}

} // namespace

Result<std::unique_ptr<Rules>> read_rules(const fs::path& place, const ReadOptions& options) {
  auto rules = load_rules(place, options);
  if (!rules)
    return rules;
  return check_rules(std::move(*rules), options);
}

Result<std::unique_ptr<Rules>> read_rules(pack::PackFile file, const fs::path& place,
                                          std::vector<pack::PackFile> bases) {
  auto rules = std::make_unique<Rules>();
  if (auto loaded = load_layers(std::move(file), place, std::move(bases), *rules); !loaded)
    return tl::unexpected(loaded.error());
  return check_rules(std::move(rules), {});
}

Result<std::unique_ptr<Rules>> load_rules(const fs::path& place, const ReadOptions& options) {
  auto rules = std::make_unique<Rules>();
  if (auto loaded = load_layers(place, options, *rules); !loaded)
    return tl::unexpected(loaded.error());
  return rules;
}

Result<std::unique_ptr<Rules>> check_rules(std::unique_ptr<Rules> rules,
                                           const ReadOptions& options) {
  // Without its schema, or what it lies on, nothing of a pack can be checked.
  if (diag::has_errors(rules->diagnostics))
    return rules;
  inherit(*rules);
  const auto sources = read_layers(options, *rules);
  if (!sources)
    return tl::unexpected(sources.error());
  rules->checked = check_pack(rules->map, *sources, rules->diagnostics);
  diag::sort(rules->diagnostics);
  refuse_look_alikes(*rules);
  check_layouts(*rules);
  return rules;
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
