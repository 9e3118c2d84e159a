// How the files of a pack are read: from its folder, or out of a pack file that was verified.
// Header only, data only; empty means plainly from the disk. Tested by
// tests/unit/tools/pack_file_test.cpp.
#pragma once

#include "runtime/types/result.h"

#include <filesystem>
#include <functional>
#include <string>

namespace sanku {

// The whole file, or why not.
using ReadFile = std::function<Result<std::string>(const std::filesystem::path&)>;

// Whether a path that a pack's text names stays in the folder that it is relative to.
[[nodiscard]] inline bool stays_below(const std::filesystem::path& path) {
  const std::filesystem::path normal = path.lexically_normal();
  return !path.empty() && !path.is_absolute() && *normal.begin() != "..";
}

} // namespace sanku
