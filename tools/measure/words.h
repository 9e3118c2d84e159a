// Typed expressions in one line for people, where what is written in the rule does not tell two of
// them apart, or where a mutant has no text of its own. Entry: text. Tested by
// tests/unit/tools/mutation_test.cpp.
#pragma once

#include "compiler/hir/hir.h"

#include <string>

namespace sanku::measure {

[[nodiscard]] std::string text(const hir::Program& program, const hir::Rule& rule,
                               const hir::Expr& expr, Language language);
[[nodiscard]] std::string text(const hir::Program& program, const hir::Rule& rule,
                               const hir::Query& query, Language language);
// `count`, `any` …, as the language spells it.
[[nodiscard]] std::string_view fold_word(hir::FoldKind kind, Language language);

} // namespace sanku::measure
