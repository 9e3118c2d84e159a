// The Hir as text for `sanku dump hir`: every rule as an indented tree with types, binders as
// $n:name, columns by path. Made for reading and for tests, not for reading back.
#pragma once

#include "compiler/hir/hir.h"

#include <string>

namespace sanku::hir {

[[nodiscard]] std::string dump(const Program& program);
[[nodiscard]] std::string dump(const Program& program, const Rule& rule);

} // namespace sanku::hir
