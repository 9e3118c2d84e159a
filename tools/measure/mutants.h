// Mutants: one thing of a rule's typed tree changed at a time, as somebody could have got it wrong;
// and of the knowledge that its tests look up. What no expectation of a test can say anything about
// (messages, involved lines, an indicator's value) is not changed. Entry: mutants_of; toggle puts a
// change in and takes it out again. Tested by tests/unit/tools/mutation_test.cpp.
#pragma once

#include "tools/measure/parts.h"
#include "tools/measure/trial.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sanku::measure {

enum class MutantKind : std::uint8_t {
  comparison, // < instead of <=, > instead of <
  logic,      // or instead of and; a condition turned round
  clause,     // a guard, a condition of a list or of a branch left out
  arithmetic, // + instead of -, the larger instead of the smaller
  bound,      // a number, an amount, an age, a length of time: one more, one less
  unit,       // months instead of days
  window,     // another window
  date,       // a day earlier, a day later
  severity,
  quantifier, // none instead of any, max instead of min
  order,      // descending instead of ascending
  set,        // an element left out
  row,        // a row of a knowledge table left out, a cell of it changed
};
inline constexpr std::size_t mutant_kinds = 13;
struct KindWords {
  std::string_view key, zh, en;
};
[[nodiscard]] const KindWords& words_of(MutantKind kind);

// One place that changes; toggling it twice leaves all as it was.
struct OtherCall {
  hir::Call* at;
  const builtins::Builtin* other;
};
struct OtherValue {
  hir::Constant* at;
  Value other;
};
struct TurnedRound {
  hir::Expr* at;
  bool is_turned = false;
};
struct LeftOut {
  hir::Expr* at;
  hir::Expr other; // what holds always
};
struct OtherSeverity {
  ast::Severity* at;
  ast::Severity other;
};
struct OtherFold {
  hir::Fold* at;
  hir::FoldKind other;
};
struct OtherOrder {
  hir::Rank* at;
};
// Of a test's tables, by the number of its trial.
struct OtherCell {
  std::size_t trial;
  hir::TableId table;
  std::uint32_t row, column;
  Value other;
};
using Change = std::variant<OtherCall, OtherValue, TurnedRound, LeftOut, OtherSeverity, OtherFold,
                            OtherOrder, OtherCell>;

struct Mutant {
  MutantKind kind = MutantKind::comparison;
  std::uint32_t rule = 0;
  source::Span span;
  std::string from_zh, from_en, to_zh, to_en;
  std::vector<Change> changes; // all at once: what is written once may stand in several places
  std::vector<const hir::Expr*> reaching; // a test that evaluates none of these cannot notice …
  std::optional<std::uint32_t> branch;    // … nor one in which this branch does not speak
};

using Trials = std::vector<std::unique_ptr<Trial>>;

// In a fixed order. The tree is that of `rules`, which is changed while a mutant is in; `trials`
// are the rule's.
[[nodiscard]] std::vector<Mutant> mutants_of(Rules& rules, std::uint32_t rule, Trials& trials);

void toggle(Mutant& mutant, Trials& trials);
// Whether it changes a table, so that what evaluators keep of it is no longer right.
[[nodiscard]] bool changes_tables(const Mutant& mutant);

} // namespace sanku::measure
