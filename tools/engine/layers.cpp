// See layers.h.
#include "tools/engine/layers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <system_error>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

// A folder is what lies there; a pack file is what its manifest says, wherever it lies.
bool is_same(const Pack& a, const Pack& b) {
  if (a.packed != nullptr && b.packed != nullptr)
    return a.packed->manifest_text == b.packed->manifest_text;
  std::error_code failed;
  return (a.packed == nullptr) == (b.packed == nullptr) &&
         (a.folder.lexically_normal() == b.folder.lexically_normal() ||
          fs::equivalent(a.folder, b.folder, failed));
}

struct Loading {
  const ReadOptions& options;
  Rules& rules;
  std::vector<Pack> bases = {}; // by ReadOptions::bases, or opened already

  [[nodiscard]] Result<Pack> load(const fs::path& place) const {
    return load_pack(place, rules.map, rules.diagnostics, options.trust, rules.files);
  }
  [[nodiscard]] bool is_wrong() const { return diag::has_errors(rules.diagnostics); }

  Result<void> load_bases() {
    for (const fs::path& place : options.bases) {
      auto pack = load(place);
      if (!pack)
        return tl::unexpected(pack.error());
      bases.push_back(std::move(*pack));
    }
    return {};
  }

  // What the pins of a pack file may mean, the likely one first.
  [[nodiscard]] const Pack* known(const pack::Pin& pin) const {
    const Pack* by_name = nullptr;
    for (const std::span<const Pack> packs :
         {std::span<const Pack>(rules.layers), std::span(bases)})
      for (const Pack& each : packs) {
        if (each.packed != nullptr && pack::is_meant(pin, *each.packed))
          return &each;
        if (each.name == pin.name && by_name == nullptr)
          by_name = &each;
      }
    return by_name;
  }

  // Nothing of that name was named; what was.
  void tell_absent(const Pack& above) const {
    std::vector<std::string> labels;
    for (const Pack& each : bases)
      labels.push_back(fmt::format("`{}`", label(each)));
    const std::string zh = labels.empty() ? "没有给出该规则包"
                                          : fmt::format("所给为 {}", fmt::join(labels, "、")),
                      en = labels.empty()
                               ? "no such pack was named"
                               : fmt::format("what was named is {}", fmt::join(labels, ", "));
    diag::report<"pin_absent">(
        rules.diagnostics, above.base_span, above.name,
        fmt::format("{} {}", above.pin->name, pack::versions_text(above.pin->versions)),
        diag::Words{zh, en});
  }

  Result<Pack> below_pinned(const Pack& above) const {
    const pack::Pin& pin = *above.pin;
    const Pack* found = known(pin);
    Pack below;
    if (found != nullptr && found->packed != nullptr) {
      below = *found;
    } else if (auto place = below_in_store(above.folder, pin, rules.map, rules.diagnostics);
               !place) {
      return tl::unexpected(place.error());
    } else if (!place->empty()) {
      auto loaded = load(*place);
      if (!loaded || is_wrong())
        return loaded;
      below = std::move(*loaded);
    }
    if (is_wrong())
      return below;
    if (below.packed != nullptr)
      (void)pack::lies_on(pin, *below.packed, above.name, above.base_span, rules.diagnostics);
    else if (found != nullptr)
      diag::report<"pack_file_base">(rules.diagnostics, above.base_span, above.name,
                                     found->folder.string());
    else
      tell_absent(above);
    return below;
  }

  // `is_named`: the pack that everything else is about.
  Result<Pack> below(const Pack& above, bool is_named) const {
    if (above.pin)
      return below_pinned(above);
    const bool is_given = is_named && !bases.empty();
    std::error_code failed;
    if (!is_given && !fs::is_regular_file(above.base / "pack.toml", failed) &&
        !is_packed(above.base)) {
      diag::report<"pack_base">(rules.diagnostics, above.base_span, above.base.string());
      return Pack{};
    }
    auto below = is_given ? Result<Pack>(bases.front()) : load(above.base);
    if (below && !is_wrong() && above.base_versions &&
        !pack::has_version(*above.base_versions, below->version))
      diag::report<"pin_version">(rules.diagnostics, above.base_span, above.name, below->name,
                                  pack::versions_text(*above.base_versions), below->version);
    return below;
  }

  // A pack and what it lies on, the lowest first; with diagnostics, as much as could be had.
  Result<std::vector<Pack>> chain_of(Pack pack, bool is_named) const {
    std::vector<Pack> chain;
    chain.push_back(std::move(pack));
    while (!is_wrong() && is_overlay(chain.front())) {
      auto next = below(chain.front(), is_named && chain.size() == 1);
      if (!next)
        return tl::unexpected(next.error());
      if (is_wrong())
        break;
      if (std::ranges::any_of(chain, [&](const Pack& each) { return is_same(each, *next); }))
        diag::report<"pack_base_circle">(rules.diagnostics, chain.front().base_span,
                                         chain.front().name);
      chain.insert(chain.begin(), std::move(*next));
    }
    return chain;
  }

  // The layers of a chain that are not there yet, each with what it lies on.
  void add(std::vector<Pack> chain) const {
    if (rules.pack.folder.empty())
      rules.pack = chain.back();
    if (is_wrong())
      return;
    if (!rules.layers.empty() && !is_same(chain.front(), rules.layers.front())) {
      diag::report<"pack_base_other">(rules.diagnostics, chain.back().base_span, chain.back().name,
                                      rules.layers.front().name);
      return;
    }
    std::uint32_t at = 0;
    for (Pack& pack : chain) {
      const auto known =
          std::ranges::find_if(rules.layers, [&](const Pack& each) { return is_same(each, pack); });
      if (known == rules.layers.end()) {
        rules.below.push_back(at);
        rules.layers.push_back(std::move(pack));
        at = static_cast<std::uint32_t>(rules.layers.size() - 1);
      } else {
        at = static_cast<std::uint32_t>(known - rules.layers.begin());
      }
    }
    if (std::ranges::find(rules.named, at) == rules.named.end())
      rules.named.push_back(at);
  }

  Result<void> add_chain(Result<Pack> pack, bool is_named) const {
    if (!pack)
      return tl::unexpected(pack.error());
    auto chain = chain_of(std::move(*pack), is_named);
    if (!chain)
      return tl::unexpected(chain.error());
    add(std::move(*chain));
    return {};
  }
};

// A folder of overlays stands for all of them, in the order of their names.
Result<std::vector<fs::path>> overlay_places(const fs::path& place) {
  std::error_code failed;
  if (!fs::is_directory(place, failed) || fs::exists(place / "pack.toml", failed) ||
      is_packed(place))
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

} // namespace

Result<void> load_layers(const fs::path& place, const ReadOptions& options, Rules& rules) {
  std::vector<fs::path> places{place};
  for (const fs::path& each : options.overlays) {
    const auto found = overlay_places(each);
    if (!found)
      return tl::unexpected(found.error());
    places.insert(places.end(), found->begin(), found->end());
  }
  Loading loading{.options = options, .rules = rules};
  if (auto loaded = loading.load_bases(); !loaded)
    return loaded;
  for (const fs::path& each : places) {
    if (auto added = loading.add_chain(loading.load(each), &each == &places.front()); !added)
      return added;
    if (loading.is_wrong())
      break;
  }
  return {};
}

Result<void> load_layers(pack::PackFile file, const fs::path& place,
                         std::vector<pack::PackFile> bases, Rules& rules) {
  const ReadOptions options;
  Loading loading{.options = options, .rules = rules};
  for (pack::PackFile& each : bases) {
    const fs::path called =
        place / ".." /
        fmt::format("{}@{}", pack::fact(each.manifest, "name"), pack::fact(each.manifest, "layer"));
    auto pack = load_packed(std::move(each), called, rules.map, rules.diagnostics, rules.files);
    if (!pack)
      return tl::unexpected(pack.error());
    loading.bases.push_back(std::move(*pack));
  }
  return loading.add_chain(
      load_packed(std::move(file), place, rules.map, rules.diagnostics, rules.files), true);
}

} // namespace sanku::engine
