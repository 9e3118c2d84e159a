// A pack's folder as one file: read, checked, tested, looked through for persons, and written in
// its one form. The same sources give the same bytes wherever they lie. An overlay's file holds the
// overlay's own sources, and says on which pack file it was built. Entry: build. Tested by
// tests/unit/tools/pack_file_test.cpp and overlay_file_test.cpp.
#pragma once

#include "tools/engine/engine.h"
#include "tools/engine/rules.h"
#include "tools/pack/proofs.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace sanku::deploy {

struct Built {
  std::unique_ptr<engine::Rules> rules;              // with all that is wrong in their diagnostics
  std::string bytes;                                 // empty: refused
  std::optional<pack::Proofs> proofs = std::nullopt; // where they were wanted
};

struct BuildOptions {
  Language language = Language::en;
  engine::PackTrust trust = {};                  // what the packs below are verified against
  std::vector<std::filesystem::path> bases = {}; // as ReadOptions::bases
  double most_seconds = engine::most_compile_seconds;
  bool prove = false; // with a report of proofs (proofs.h)
};

// Errors are of files and of the JIT.
[[nodiscard]] Result<Built> build(const std::filesystem::path& place, const BuildOptions& options);

} // namespace sanku::deploy
