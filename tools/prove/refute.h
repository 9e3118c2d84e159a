// Whether the tests of a pack show what is said never to be: an answer that one of them disproves
// is none, whatever the solver says. Entry: is_shown_by_tests. Tested by
// tests/unit/tools/prove_test.cpp.
#pragma once

#include "compiler/hir/schema_from_ast.h"
#include "tools/prove/analyse.h"

namespace sanku::prove {

// What is never so of a rule: `never_fires`; a branch that never speaks, of itself or behind
// another; a condition that never decides by holding (`always_false`), or by not holding.
struct Never {
  Kind kind = Kind::never_fires;
  std::uint32_t branch = 0;
  const hir::Expr* condition = nullptr;
};
[[nodiscard]] bool is_shown_by_tests(const engine::Rules& rules, const hir::CheckedSchema& schema,
                                     std::uint32_t rule, const Never& never);

} // namespace sanku::prove
