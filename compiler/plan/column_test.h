// What a condition asks of one column alone, so that the index can answer it once a value instead
// of once a subject. Tested by tests/unit/compiler/plan_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/exec/image.h"

#include <optional>

namespace sanku::plan {

struct Question {
  const hir::FieldOf* field = nullptr;
  exec::ColumnTest test;
};

// Of `key in t`, a code in a literal set, an enum that is, is not, or is in, an `or` of those, and
// `known`. A value of which the test is false makes the condition false.
[[nodiscard]] std::optional<Question> question(const hir::Program& program,
                                               const hir::Expr& condition);
// A look-up in a table; nothing where it goes by more than the key's value.
[[nodiscard]] std::optional<Question> question(const hir::Program& program, hir::TableId table,
                                               const hir::Expr& key);

// A code asked for in a literal set: the code, and the set as `bind` knows it.
struct SetQuestion {
  const hir::Expr* code = nullptr;
  exec::SetUse use;
};
[[nodiscard]] std::optional<SetQuestion> literal_set(const hir::Program& program,
                                                     const hir::Call& call);

} // namespace sanku::plan
