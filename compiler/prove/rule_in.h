// A rule of a program, as questions name it. Read without the solver.
#pragma once

#include "compiler/prove/tables.h"

namespace sanku::prove {

struct RuleIn {
  const Tables* tables; // of its program; the caller's
  std::uint32_t rule;   // its number there

  [[nodiscard]] const hir::Rule& form() const { return tables->program().rules[rule]; }
};

} // namespace sanku::prove
