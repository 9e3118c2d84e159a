// The evaluator: the language's written semantics in code. Slow and obvious, it is the oracle that
// every compiled tier is compared with (tests/cases, tests/differential), the engine of `run
// --engine evaluator`, and what explains (trace.h). It reads raw rows and shares with compiled code
// nothing but the scalar kernels, which have tests of their own. Entry: run for a batch,
// Evaluator::rule for one rule in one settlement. Tested by tests/unit/compiler/evaluate_test.cpp.
#pragma once

#include "compiler/evaluate/judge.h"
#include "compiler/evaluate/missing.h"
#include "compiler/evaluate/rows.h"
#include "runtime/abi/frame.h"
#include "runtime/exec/finding.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sanku::evaluate {

struct SubjectOutcome {
  abi::Outcome outcome = abi::Outcome::clear;
  std::uint32_t settlement = 0;
  std::uint32_t rule = 0;
  std::uint32_t subject = 0; // as exec::Finding::subject
  // English paths in schema order, of what is indeterminate or spoke `when unknown`.
  std::vector<std::string> missing;
  std::vector<MissingName> missing_names; // the same
  std::optional<exec::Finding> finding;   // of what fired
  std::string exemption;                  // text of the `unless` that made it not applicable
};

class Evaluator {
public:
  // All that `input` refers to outlives the evaluator.
  explicit Evaluator(const Input& input) : rows_(input) {}

  // Outcomes of the rule's subjects in that settlement, in order of their row. Missing names cost
  // about as much again as the rest; who does not show them skips them, but for those that a
  // finding itself shows. Where these would take long, the budget is what is missing; `of_findings`
  // does not judge such subjects at all.
  enum class Names : std::uint8_t { skip, of_findings, collect };
  [[nodiscard]] std::vector<SubjectOutcome> rule(std::uint32_t settlement, std::uint32_t rule,
                                                 Names names = Names::collect);

  // The values of all groups in the batch, added to those of their peers.
  void collect(exec::PeersOfRules& into);

private:
  [[nodiscard]] const std::vector<Subject>& population(std::uint32_t rule);

  Rows rows_;
  std::map<std::uint32_t, std::vector<Subject>> populations_; // by rule: groups across visits
};

// Fills `missing` of those findings whose message names it, where compiled code found them.
void name_missing(const Input& input, std::vector<exec::Finding>& findings);

// Every rule on every settlement: findings and undecided subjects in order of settlement, subject
// row and rule are appended, outcomes added to `counts` by rule (all four kinds exact). `judged`:
// which rules; null: all.
void run(const Input& input, std::vector<exec::Finding>& findings,
         std::vector<exec::Indeterminate>& indeterminate, std::vector<exec::OutcomeCounts>& counts,
         const std::vector<bool>* judged = nullptr);

} // namespace sanku::evaluate
