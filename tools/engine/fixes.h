// The fixes that diagnostics offer, applied to the texts that they are about. Entry: apply_fixes.
// Tested by tests/unit/tools/fixes_test.cpp, command_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/source/source.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sanku::engine {

struct FixedFile {
  std::uint32_t file = 0;   // of the SourceMap
  std::string text;         // with the fixes
  std::size_t mistakes = 0; // that are corrected
};

// The files that change, in the map's order. A diagnostic's fixes belong together: all are applied
// or none. Where those of two touch the same place, the first one's are taken, and what is told the
// next time decides about the other.
[[nodiscard]] std::vector<FixedFile> apply_fixes(const diag::Diagnostics& diagnostics,
                                                 const source::SourceMap& map);

} // namespace sanku::engine
