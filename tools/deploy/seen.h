// Which files of a pack are read while it is checked and tested: these belong into its file, and no
// others. Header only. Tested by tests/unit/tools/pack_file_test.cpp and install_test.cpp.
#pragma once

#include "runtime/types/read_file.h"
#include "tools/engine/rules.h"

#include <filesystem>
#include <map>
#include <string>
#include <utility>

namespace sanku::deploy {

// By path as it was read.
using Seen = std::map<std::filesystem::path, std::string>;

// The layer that is or becomes the file.
[[nodiscard]] inline engine::Pack& own(engine::Rules& rules) {
  return rules.layers[rules.named.front()];
}

// Has the pack's own reader note what it reads; `seen` outlives it.
inline void note_reading(engine::Rules& rules, Seen& seen) {
  own(rules).read = [read = std::move(own(rules).read), &seen](const std::filesystem::path& path) {
    auto text = read(path);
    if (text)
      seen.insert_or_assign(path.lexically_normal(), *text);
    return text;
  };
}

} // namespace sanku::deploy
