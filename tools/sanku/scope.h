// What PATH… means for check, test and dump: the packs that the paths lie in, or of a folder in
// none those below it, read whole because rules need each other's names, and of each the files that
// were meant. Entry: read_scopes.
#pragma once

#include "tools/engine/rules.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace sanku::command {

struct Scope {
  std::unique_ptr<engine::Rules> rules;
  std::set<std::uint32_t> files; // of the SourceMap; empty: all of the pack
};

// One scope a pack, in the order in which the paths name them.
[[nodiscard]] Result<std::vector<Scope>> read_scopes(const std::vector<std::string>& paths,
                                                     const engine::ReadOptions& options = {});

// Those that stand in the scope's files or in pack.toml. What is wrong elsewhere, but keeps these
// from being checked, is not told.
[[nodiscard]] diag::Diagnostics diagnostics_in(const Scope& scope);

} // namespace sanku::command
