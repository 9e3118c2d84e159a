// What a pack says of itself in its manifest and reports, computed from its rules and from running
// its tests: when it is built, and again when it is installed. Entry: evidence_of. Tested by
// tests/unit/tools/build_test.cpp and install_test.cpp.
#pragma once

#include "tools/engine/rules.h"
#include "tools/engine/run_tests.h"
#include "tools/pack/manifest.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sanku::deploy {

inline constexpr const char* tests_report = "reports/tests.txt";
inline constexpr const char* cost_report = "reports/cost.txt";

struct Evidence {
  std::vector<pack::Fact> figures;            // of the manifest: rules, tables, tests …
  std::map<std::string, std::string> reports; // by member
  std::uint64_t failed = 0;                   // tests
};

// Runs all tests. Errors: the JIT.
[[nodiscard]] Result<Evidence> evidence_of(const engine::Rules& rules, Language language);

} // namespace sanku::deploy
