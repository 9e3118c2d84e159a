// The Ast as an indented outline, for `sanku dump ast` and for comparing trees. Tested by
// tests/unit/compiler/print_test.cpp.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/source/source.h"

#include <string>

namespace sanku::ast {

// One node a line, with the line and column where it begins.
[[nodiscard]] std::string dump(const File& file, const source::SourceMap& map);
// The same declarations; where they stand, how they are laid out and which quotes or spellings they
// use does not count.
[[nodiscard]] bool same_tree(const File& a, const File& b);

} // namespace sanku::ast
