// Layers: the pack and the overlays on it. Regions become zones, numbered in the order of their
// digits, so that a region and all below it are neighbours; a zone is what parameters, rows and
// rules ask for. Entry: add_layers. Tested by tests/cases/overlays and tests/cases/errors/SK35*.
#include "compiler/hir/declarations.h"
#include "compiler/hir/suggest.h"

#include <algorithm>

namespace sanku::hir {
namespace {

using diag::report;

constexpr std::size_t region_digits = 6;

// `3301` of `330100`: what all places in it begin with.
std::string_view beginning(std::string_view region) {
  while (region.size() > 2 && region.ends_with("00"))
    region.remove_suffix(2);
  return region;
}

// The one overlay of a folder.
const ast::Overlay* overlay_of(const LayerFiles& files, diag::Diagnostics& diagnostics) {
  const ast::Overlay* first = nullptr;
  for (const ast::File* file : files.files)
    for (const ast::Decl& decl : file->decls) {
      const auto* overlay = std::get_if<ast::Overlay>(&decl);
      if (!overlay)
        continue;
      if (first)
        report<"declared_twice">(diagnostics, overlay->name.span, overlay->name.text)
            .label(first->name.span, "第一次声明在此", "the first one");
      else
        first = overlay;
    }
  return first;
}

// Whether something was told of the layer's texts: what was wrong may have been its overlay, which
// then goes no further.
bool was_told(const LayerFiles& files, const diag::Diagnostics& diagnostics) {
  return std::ranges::any_of(diagnostics.all, [&](const diag::Diagnostic& told) {
    return told.severity == diag::error &&
           std::ranges::any_of(
               files.files, [&](const ast::File* file) { return file->source == told.span.file; });
  });
}

// What an overlay says about where it lies, if it is right.
void check_overlay(const ast::Overlay& overlay, const LayerFiles& files, const Layer& below,
                   const Declarations& pack, Layer& made, diag::Diagnostics& diagnostics) {
  made.span = overlay.name.span;
  if (overlay.name.text != files.name)
    report<"overlay_name">(diagnostics, overlay.name.span, overlay.name.text, files.name)
        .fix(overlay.name.span, files.name);
  if (overlay.base.text != below.name)
    report<"overlay_base">(diagnostics, overlay.base.span, overlay.base.text, below.name);
  if (!is_region(overlay.region)) {
    report<"overlay_region">(diagnostics, overlay.region_span, overlay.region);
    return;
  }
  if (!below.region.empty() && !overlay.region.starts_with(beginning(below.region))) {
    report<"overlay_region_outside">(diagnostics, overlay.region_span, overlay.region, below.name,
                                     below.region)
        .label(below.span, "下层声明于此", "the layer below is declared here");
    return;
  }
  made.region = overlay.region;
  if (!schema::column_with(pack.schema.relations[0], schema::Role::care_area))
    report<"overlay_no_place">(diagnostics, overlay.region_span, "care_area");
}

// The zones of the regions that there are.
void number_regions(Declarations& pack) {
  std::vector<std::string> regions;
  for (const Layer& layer : pack.layers)
    if (!layer.region.empty())
      regions.push_back(layer.region);
  std::ranges::sort(regions);
  regions.erase(std::unique(regions.begin(), regions.end()), regions.end());
  for (Layer& layer : pack.layers) {
    if (layer.region.empty())
      continue;
    const auto first = std::ranges::lower_bound(regions, layer.region);
    const auto last = std::find_if_not(first, regions.end(), [&](const std::string& region) {
      return region.starts_with(beginning(layer.region));
    });
    layer.zones = {static_cast<std::int32_t>(first - regions.begin()) + 1,
                   static_cast<std::int32_t>(last - regions.begin())};
  }
  for (const std::string& region : regions)
    pack.regions += region;
}

} // namespace

bool is_region(std::string_view code) {
  return code.size() == region_digits && !code.starts_with("00") &&
         std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
}

void add_layers(const Layers& layers, const Reading& reading, Declarations& pack,
                diag::Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerFiles& files = layers[i];
    Layer made{
        .name = files.name, .below = files.below, .region = {}, .zones = {}, .span = files.place};
    const ast::Overlay* overlay = overlay_of(files, diagnostics);
    if (i == 0 && overlay)
      report<"overlay_in_pack">(diagnostics, overlay->name.span, overlay->name.text);
    if (i != 0 && !overlay && !was_told(files, diagnostics))
      report<"overlay_missing">(diagnostics, files.place, files.name);
    if (i != 0 && overlay)
      check_overlay(*overlay, files, pack.layers[files.below], pack, made, diagnostics);
    pack.layers.push_back(std::move(made));
    pack.overlays.push_back(i == 0 ? nullptr : overlay);
    if (i == 0 || !overlay)
      continue;
    for (const ast::Change& change : overlay->changes)
      if (const auto* values = std::get_if<ast::NewValue>(&change))
        pack.new_values.push_back({static_cast<LayerId>(i), values});
  }
  number_regions(pack);
  pack.home = reading.home ? pack.layers[*reading.home].region : reading.region;
  pack.as_of = reading.as_of;
  pack.visible.resize(layers.size());
}

bool lies_on(const Declarations& pack, LayerId upper, LayerId lower) {
  for (; upper != lower && upper != 0;)
    upper = pack.layers[upper].below;
  return upper == lower;
}

void show_names(Declarations& pack, LayerId layer) {
  pack.layer = layer;
  const PackNames& names = pack.visible[layer];
  pack.table_names = names.table_names;
  pack.source_names = names.source_names;
  pack.set_names = names.set_names;
  pack.param_names = names.param_names;
  pack.function_names = names.function_names;
}

void keep_names(Declarations& pack) {
  pack.visible[pack.layer] = {.table_names = pack.table_names,
                              .source_names = pack.source_names,
                              .set_names = pack.set_names,
                              .param_names = pack.param_names,
                              .function_names = pack.function_names};
}

void report_conflict(const Declarations& pack, Span second, LayerId second_layer, Span first,
                     LayerId first_layer, std::string_view what, diag::Diagnostics& diagnostics) {
  report<"overlay_conflict">(diagnostics, second, what, pack.layers[second_layer].name,
                             pack.layers[first_layer].name)
      .label(first, "另一处", "the other place");
}

} // namespace sanku::hir
