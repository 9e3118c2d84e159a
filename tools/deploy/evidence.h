// What a pack says of itself in its manifest and reports, computed from its rules and from running
// its tests: when it is built, and again when it is installed. Of an overlay, what is its own.
// Entries: stated_facts, evidence_of. Tested by
// tests/unit/tools/install_test.cpp and overlay_file_test.cpp.
#pragma once

#include "tools/deploy/proofs.h"
#include "tools/engine/engine.h"
#include "tools/engine/rules.h"
#include "tools/engine/run_tests.h"
#include "tools/pack/manifest.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sanku::deploy {

inline constexpr const char* tests_report = "reports/tests.txt";
inline constexpr const char* cost_report = "reports/cost.txt";
inline constexpr const char* coverage_report = "reports/coverage.txt";
inline constexpr const char* mutation_report = "reports/mutation.txt";

struct Evidence {
  std::vector<pack::Fact> figures;            // of the manifest: rules, tables, tests …
  std::map<std::string, std::string> reports; // by member
  std::uint64_t tests = 0, failed = 0;
  bool is_compiled = true; // false: compiling took too long, so only the evaluator judged
  // Of a sample of mutants, the lines that the report of all has to have, and how many it has to
  // have of them.
  std::vector<std::string> mutants = {};
  std::uint64_t all_mutants = 0;
  std::optional<Proven> proofs = std::nullopt; // of all rules or, with a seed, of a sample
};

// How many mutants are run again where a pack is installed.
inline constexpr std::uint64_t sampled_mutants = 200;

// What the manifest says before its figures: name, version, edition, schema, layer, regions, base.
[[nodiscard]] std::vector<pack::Fact> stated_facts(const engine::Rules& rules);
// What the file of the pack that was named is pinned to; none: it lies on no other.
[[nodiscard]] std::optional<pack::Pin> pin_for(const engine::Rules& rules);

struct EvidenceOptions {
  Language language = Language::en;
  std::optional<std::uint64_t> seed = std::nullopt; // of the mutants that are run; none: all
  double most_seconds = engine::most_compile_seconds;
  bool prove = false; // ask the solver as well
};
// Runs all tests, and measures them: coverage whole, of mutants all or, with a seed, a sample,
// whose figure is then none of the pack's. The rules are as they were afterwards. Errors: the JIT.
[[nodiscard]] Result<Evidence> evidence_of(engine::Rules& rules, const EvidenceOptions& options);

// The figure that a report of mutants comes to, and whether the lines of a sample stand in it;
// none: it is no such report.
struct MutationClaim {
  std::string figure;
  std::uint64_t mutants = 0;
  std::optional<std::string> differs; // the first line that it has otherwise
};
[[nodiscard]] std::optional<MutationClaim> claimed_mutation(std::string_view report,
                                                            const Evidence& found);

} // namespace sanku::deploy
