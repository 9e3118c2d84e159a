// Putting packs in force: verified, compiled, their tests run on this machine, what they say of
// themselves computed again and compared, and only then handed to the store; all of them or none.
// What serves afterwards has to lie on what it was built on (standing.h). Whatever goes wrong
// leaves what served serving. Entries: install, roll_back. Tested by
// tests/unit/tools/install_test.cpp and overlay_install_test.cpp.
#pragma once

#include "tools/deploy/proof.h"
#include "tools/pack/store.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sanku::deploy {

struct Where {
  pack::Disk disk;
  const pack::PrivateKey& key; // of the store
  pack::Moment now;
  Language language = Language::en;
  double most_seconds = engine::most_compile_seconds; // of compiling, for the tests
};

struct Installed {
  pack::LogEntry entry;
  std::string replaced = {}; // the version that served before; empty: none
  bool was_there = false;    // it serves already, so nothing was done
  bool was_repaired = false; // but that its file, damaged or lost, was put back
  std::uint64_t tests = 0;
  bool is_compiled = true; // false: compiling took too long, so only the evaluator judged them
};

// A pack file or a delta of one that the store has.
struct Coming {
  std::string bytes;
  std::filesystem::path place;
};

// In the order given. Empty: refused, and told why. Errors are of the disk and of the JIT.
using Outcome = Result<std::optional<std::vector<Installed>>>;
[[nodiscard]] Outcome install(const Where& where, std::vector<Coming> coming, Told& told);

// Back to another version of what serves, on purpose: the newest before it, or `version`. Without a
// layer, that of the only pack of the name.
struct Wanted {
  std::string name, layer, version;
};
[[nodiscard]] Outcome roll_back(const Where& where, const std::vector<Wanted>& wanted, Told& told);

} // namespace sanku::deploy
