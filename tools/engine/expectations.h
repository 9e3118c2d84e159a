// What a rule did on a test's claim, and whether that is what the test expects. Shared by the run
// of tests and by what measures them (tools/measure). Entries: did, met. Tested by
// tests/unit/tools/engine_test.cpp.
#pragma once

#include "compiler/evaluate/evaluate.h"
#include "compiler/hir/schema_from_ast.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace sanku::engine {

// On all settlements of a test.
struct Did {
  std::set<abi::Outcome> outcomes;
  std::set<ast::Severity> severities;
  std::set<std::string> missing;
  std::set<std::string> lines;      // numbers of the offending ones
  std::set<std::string> exemptions; // that made it not applicable
  bool computed = true;             // of what fired
  Int128 cents = 0;
};
// `evaluator` is one over `input`.
[[nodiscard]] Did did(evaluate::Evaluator& evaluator, const evaluate::Input& input,
                      std::uint32_t rule);
// The outcome that stands for the rule: what fired before what could not be decided before what was
// clear.
[[nodiscard]] abi::Outcome outcome_of(const Did& did);

[[nodiscard]] bool met(const ast::Expect& expect, const Did& did, const hir::CheckedSchema& schema);
[[nodiscard]] std::set<std::string> expected_missing(const ast::Expect& expect,
                                                     const hir::CheckedSchema& schema);

// Visits that only stand beside are not; of groups across visits all are.
[[nodiscard]] bool is_judged(const evaluate::Input& input, std::uint32_t settlement,
                             std::uint32_t rule);
// Of `expect nothing`: the rules that the test is about; all when it names none.
[[nodiscard]] std::vector<std::uint32_t> rules_of_nothing(const hir::Program& program,
                                                          const hir::Test& test);

} // namespace sanku::engine
