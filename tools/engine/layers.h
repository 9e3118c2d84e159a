// The layers of a pack: it, what it lies on down to a pack that lies on none, and overlays beside
// it. A folder says by path what it lies on; a pack file by name and digest, and what is meant is
// found among the packs that are loaded or were named, and in the store that it is in. Entry:
// load_layers. Tested by tests/unit/tools/overlays_test.cpp and overlay_file_test.cpp.
#pragma once

#include "tools/engine/rules.h"

#include <filesystem>
#include <vector>

namespace sanku::engine {

// Layers, what each lies on, and the named ones; what is wrong goes to the diagnostics, and then
// not all of them are there. Errors are files that cannot be read.
[[nodiscard]] Result<void> load_layers(const std::filesystem::path& place,
                                       const ReadOptions& options, Rules& rules);
[[nodiscard]] Result<void> load_layers(pack::PackFile file, const std::filesystem::path& place,
                                       std::vector<pack::PackFile> bases, Rules& rules);

} // namespace sanku::engine
