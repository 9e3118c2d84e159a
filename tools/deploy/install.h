// Putting a pack in force: verified, compiled, its tests run on this machine, what it says of
// itself computed again and compared, and only then handed to the store. Whatever goes wrong leaves
// what served serving. Entries: install, roll_back. Tested by tests/unit/tools/install_test.cpp.
#pragma once

#include "compiler/source/source.h"
#include "tools/engine/rules.h"
#include "tools/pack/store.h"

#include <filesystem>
#include <optional>
#include <string>

namespace sanku::deploy {

struct Where {
  pack::Disk disk;
  const pack::PrivateKey& key; // of the store
  pack::Moment now;
  Language language = Language::en;
};

struct Installed {
  pack::LogEntry entry;
  std::string replaced = {}; // the version that served before; empty: none
  bool was_there = false;    // it serves already, so nothing was done
  std::uint64_t tests = 0;
};

// What was told while it was tried; the texts that it points into.
struct Told {
  source::SourceMap map;
  diag::Diagnostics diagnostics;
};

// A pack file or a delta of one that the store has. Empty: refused, and told why. Errors are of the
// disk and of the JIT.
[[nodiscard]] Result<std::optional<Installed>>
install(const Where& where, std::string bytes, const std::filesystem::path& place, Told& told);

// Back to another version of what serves, on purpose: the newest before it, or `version`.
struct Wanted {
  std::string name, layer, version;
};
[[nodiscard]] Result<std::optional<Installed>> roll_back(const Where& where, const Wanted& wanted,
                                                         Told& told);

// Rules, tables, tests and reports of an opened pack, as this machine finds them, against its
// manifest. Empty: refused; the number of tests.
[[nodiscard]] Result<std::optional<std::uint64_t>>
prove(pack::PackFile file, const std::filesystem::path& place, Language language, Told& told);

} // namespace sanku::deploy
