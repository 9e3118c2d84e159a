// Near-miss names, offered with the fix.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/diag/diagnostic.h"

#include <span>
#include <string_view>

namespace sanku::hir {

// Adds "did you mean …" and the fix when one of the candidates is near.
void suggest(diag::Diagnostic& found, const ast::Name& written,
             std::span<const std::string_view> candidates);

} // namespace sanku::hir
