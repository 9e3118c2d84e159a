// Which conditions of a rule can be asked about one by one. Read without the solver.
#pragma once

#include "compiler/hir/hir.h"

#include <vector>

namespace sanku::prove {

// Guards and branches, and what these are made of by and, or, not, as questions number them.
[[nodiscard]] std::vector<const hir::Expr*> condition_exprs(const hir::Rule& rule);

} // namespace sanku::prove
