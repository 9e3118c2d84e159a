// What the pack file of an overlay lies on. Header only. Tested by
// tests/unit/tools/overlay_file_test.cpp.
#pragma once

#include "runtime/types/check.h"
#include "tools/engine/rules.h"
#include "tools/pack/container.h"

#include <utility>
#include <vector>

namespace sanku::deploy {

// From the layer below the given one down to a pack that lies on none, each opened once more. They
// are pack files.
[[nodiscard]] inline std::vector<pack::PackFile> bases_of(const engine::Rules& rules,
                                                          std::uint32_t layer) {
  std::vector<pack::PackFile> bases;
  while (layer != 0) {
    layer = rules.below[layer];
    diag::Diagnostics none;
    auto file = pack::open(*rules.layers[layer].packed->bytes, {}, {}, none);
    check(file.has_value(), "a pack file that was opened opens again");
    bases.push_back(std::move(*file));
  }
  return bases;
}

} // namespace sanku::deploy
