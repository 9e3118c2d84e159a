// A pack's folder as one file: read, checked, tested, looked through for persons, and written in
// its one form. The same sources give the same bytes wherever they lie. Entry: build. Tested by
// tests/unit/tools/build_test.cpp.
#pragma once

#include "tools/engine/rules.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace sanku::deploy {

struct Built {
  std::unique_ptr<engine::Rules> rules; // with all that is wrong in their diagnostics
  std::string bytes;                    // empty: refused
};

// Errors are of files and of the JIT.
[[nodiscard]] Result<Built> build(const std::filesystem::path& place, Language language);

} // namespace sanku::deploy
