// A test made ready to be evaluated again and again: its claim assembled, its tables in place, and
// an observer that may be changed between one judgement and the next. Only the evaluator runs here;
// that compiled code says the same is what run_tests sees to. Entries: trial, judge. Tested by
// tests/unit/tools/coverage_test.cpp and mutation_test.cpp.
#pragma once

#include "compiler/evaluate/evaluate.h"
#include "compiler/hir/schema_from_ast.h"
#include "tools/engine/engine.h"
#include "tools/engine/rules.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace sanku::measure {

using engine::Rules;

// Kept at one address: what it evaluates with refers to it.
struct Trial {
  const hir::Test* test = nullptr;
  std::vector<std::uint32_t> rules; // of which it says something
  std::vector<knowledge::Table> tables;
  std::vector<bool> given; // by table: its rows are the test's own
  std::unique_ptr<engine::Engine> engine;
  batch::Batch batch;
  exec::PeersOfRules peers;
  evaluate::Observer observer;
  std::optional<evaluate::Evaluator> evaluator; // made when first asked for
};

// The tests that stand in `files` (empty: all that were asked for) say something of which rules.
[[nodiscard]] std::vector<std::vector<const hir::Test*>>
tests_by_rule(const Rules& rules, const std::set<std::uint32_t>& files);
// Of which rules a test says something, each once.
[[nodiscard]] std::vector<std::uint32_t> rules_of(const hir::Program& program,
                                                  const hir::Test& test);

// Null where what the test gives cannot be had; such a test fails where tests are run.
[[nodiscard]] std::unique_ptr<Trial> trial(const Rules& rules, const hir::CheckedSchema& schema,
                                           const hir::Test& test);
// After its claim was changed; false: the claim cannot be had now.
[[nodiscard]] bool read_again(const Rules& rules, const hir::CheckedSchema& schema, Trial& trial);
// After its tables or the program were changed in ways that stay beyond one judgement.
void forget(Trial& trial);

[[nodiscard]] evaluate::Input input_of(const hir::Program& program, const Trial& trial);
// The evaluator over that, with peers where the rule compares groups with theirs.
[[nodiscard]] evaluate::Evaluator& evaluator_for(const hir::Program& program, Trial& trial,
                                                 std::uint32_t rule);
// What the rule does on the claim: the outcomes of its subjects, visit by visit.
[[nodiscard]] std::vector<evaluate::SubjectOutcome> judge(const hir::Program& program, Trial& trial,
                                                          std::uint32_t rule);
// Whether somebody who reads the findings can tell the two apart.
[[nodiscard]] bool same_outcomes(const std::vector<evaluate::SubjectOutcome>& a,
                                 const std::vector<evaluate::SubjectOutcome>& b);

} // namespace sanku::measure
