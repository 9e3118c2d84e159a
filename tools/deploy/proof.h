// What an opened pack says of itself, against what this machine finds: rules, tables, tests and
// reports, computed again. Entry: prove. Tested by tests/unit/tools/install_test.cpp and
// overlay_install_test.cpp.
#pragma once

#include "compiler/source/source.h"
#include "tools/deploy/evidence.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace sanku::deploy {

// What was told while a pack was tried; the texts that it points into.
struct Told {
  source::SourceMap map;
  diag::Diagnostics diagnostics;
};

// An opened pack, what it lies on, and what messages call it.
struct Tried {
  pack::PackFile file;
  std::vector<pack::PackFile> bases = {};
  std::filesystem::path place;
};

// Empty: refused, and told why. Errors are of the JIT.
[[nodiscard]] Result<std::optional<Evidence>> prove(Tried tried, Language language,
                                                    double most_seconds, Told& told);

} // namespace sanku::deploy
