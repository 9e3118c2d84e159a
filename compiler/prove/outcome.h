// A rule on an unseen claim: its subjects there, and when each is not applicable, fired, clear or
// undecided (compiler/evaluate/evaluate.h). Entry: subjects. Tested by
// tests/unit/compiler/prove_test.cpp.
#pragma once

#include "compiler/prove/outcome_parts.h"
#include "compiler/prove/scope.h"

#include <optional>
#include <vector>

namespace sanku::prove {

// A condition that may be looked at by itself: a guard, a branch's condition, and what these are
// made of by and, or, not. Numbered in the order in which they are written.
struct Condition {
  const hir::Expr* expr = nullptr;                    // null: a guard that is a look-up
  std::optional<std::uint32_t> branch = std::nullopt; // none: of a guard
  Truth truth;
  Term matters; // the conditions beside it leave the decision to it
  // Of a comparison, where they are asked for: that its operands are as close as can be, the
  // closest first.
  std::vector<Term> near = {};
};

struct Subject {
  std::uint32_t visit = 0, slot = 0; // of its first element
  Term there;
  Truth applies;
  std::vector<Truth> branches;       // whether each speaks, whatever speaks before it
  Truth stands_unknown;              // of `when unknown`: whether a line is left
  std::vector<Condition> conditions; // under the subject's own names
  // What is attributed to the subject's own line, by branch, where that is one line and known.
  std::vector<std::optional<Sym>> amounts;

  [[nodiscard]] Term fired_by(Logic& logic, std::size_t branch) const;
  // By some branch, or `when unknown`.
  [[nodiscard]] Term fired(Logic& logic, const hir::Rule& rule) const;
  [[nodiscard]] Term told_unknown(Logic& logic, const hir::Rule& rule) const;
  [[nodiscard]] Term clear(Logic& logic) const;
  [[nodiscard]] Term undecided(Logic& logic) const;
  [[nodiscard]] Term not_applicable() const { return both(there, applies.no); }
};

// Whether the order of elements can be seen by the rule.
[[nodiscard]] bool sees_order(const hir::Rule& rule);
// The lists whose order it sees.
void put_in_order(const hir::Rule& rule, World& world);
// `all`: every element is a subject; else, where the order cannot be seen, the first alone.
struct Asked {
  bool all = false;
  bool near = false; // Condition::near is filled
};
[[nodiscard]] std::vector<Subject> subjects(Shared shared, const Tables& tables,
                                            const hir::Rule& rule, Asked asked);

} // namespace sanku::prove
