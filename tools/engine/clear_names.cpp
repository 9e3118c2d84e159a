// See clear_names.h.
#include "tools/engine/clear_names.h"

#include <algorithm>

namespace sanku::engine {

void refuse_look_alikes(Rules& rules, const std::vector<std::uint32_t>& layers) {
  const auto is_refused = [&](std::uint32_t file) {
    const std::filesystem::path path = rules.map.files[file].path;
    for (std::uint32_t layer = 0; layer < rules.layers.size(); ++layer)
      if (std::ranges::find(rules.layers[layer].rule_files, path) !=
          rules.layers[layer].rule_files.end())
        return rules.layers[layer].packed != nullptr ||
               std::ranges::find(layers, layer) != layers.end();
    return false;
  };
  for (diag::Diagnostic& each : rules.diagnostics.all)
    if (each.number == diag::row_named("look_alike_name").number &&
        each.severity != diag::Severity::error && is_refused(each.span.file)) {
      each.severity = diag::Severity::error;
      each.help("规则包文件中不能有这样的名字：审核的人会看错",
                "a pack file must not have such names: who reviews it would read the wrong one");
    }
}

} // namespace sanku::engine
