// Decision tables while they are checked: rows of a condition and a result, written or read from a
// file. Private to this folder. Entries: see scope.h. Tested by
// tests/unit/compiler/check_test.cpp, tests/unit/compiler/decision_test.cpp and tests/cases/values.
#pragma once

#include "compiler/hir/scope.h"

namespace sanku::hir {

struct DecisionRow {
  Expr when, take;
  Span at;
  std::uint64_t line = 0; // of the file; 0: written
};
struct Decision {
  const ast::Decide* written = nullptr;
  Type type; // of a result
  std::vector<DecisionRow> rows;
  std::optional<Expr> otherwise;
};

// The rows of its file; what is wrong with a cell is told once, where the table is declared.
[[nodiscard]] std::optional<Decision> rows_of_file(Scope& scope, const ast::Decide& decide,
                                                   const Type& type);

// Written or of its file.
[[nodiscard]] std::optional<Decision> decision_rows(Scope& scope, const ast::Decide& decide);

// Gaps, overlaps, rows that are never reached: warnings of a table that is right otherwise. Its
// arguments stand as columns of binders of their own (check_functions).
void check_cover(Scope& scope, const Decision& decision);

// The call's arguments in place; `body` is checked where they are known.
[[nodiscard]] std::optional<Decision>
decision_called(Scope& scope, const ast::Expr& expr, const ast::Call& call, std::uint32_t function);

} // namespace sanku::hir
