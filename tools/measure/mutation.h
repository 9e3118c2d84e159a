// Which mutants the tests of a pack notice. Each runs in the evaluator on those tests alone that
// reach what was changed; one that changes no outcome that a test expects has survived, and is
// listed with the smallest claim found that would tell it from the rule. Entry: mutation. Tested by
// tests/unit/tools/mutation_test.cpp.
#pragma once

#include "tools/measure/coverage.h"
#include "tools/measure/mutants.h"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace sanku::measure {

enum class Fate : std::uint8_t {
  noticed,   // some test failed
  survived,  // tests reached it, none failed
  unreached, // no test reaches it; survived as well
  equal,     // shown to be the same rule (equal.h), so no test can notice
};

struct JudgedMutant {
  std::uint64_t number = 0; // among all mutants of the pack
  MutantKind kind = MutantKind::comparison;
  std::uint32_t rule = 0;
  source::Span span;
  std::string from_zh, from_en, to_zh, to_en;
  Fate fate = Fate::noticed;
  const hir::Test* by = nullptr; // that noticed first
  std::string why_zh, why_en;    // why equal
  std::string claim;             // of what survived: a test that would notice; empty: none found
};

struct Mutation {
  std::vector<JudgedMutant> mutants; // by rule, in the order of mutants_of
  std::uint64_t all = 0;             // of which these are all, or a sample
  std::uint64_t tried = 0;           // claims, looking for what would notice
  // Of those that are not equal, the noticed ones.
  [[nodiscard]] Tally score() const;
};

struct MutationOptions {
  std::set<std::uint32_t> files = {}; // rules and tests in these; empty: all that were asked for
  std::uint64_t sample = 0;           // so many, drawn by `seed`; 0: all
  std::uint64_t seed = 1;
  bool claims = true;               // look for what would notice
  Language language = Language::zh; // of the titles of these tests
  // Claims to look from where no test of the rule's own decides it.
  std::function<std::vector<ast::Test>(std::uint32_t rule)> more_claims = {};
};
// The rules are as they were afterwards.
[[nodiscard]] Mutation mutation(Rules& rules, const MutationOptions& options);

} // namespace sanku::measure
