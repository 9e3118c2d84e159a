// Rule text to Ast. The one way in: a file of a SourceMap goes in, its declarations come out, and
// every mistake of the file is in `diags` at once. A declaration with a mistake is left out; the
// others are complete. Whatever the text is, this ends in bounded time and memory and never throws.
//
// Only from_parse_tree.cpp sees ANTLR. It lexes, lets split.cpp cut the file into declarations,
// parses each on its own with the quick SLL prediction and, only where that fails, with full LL,
// and hands a plain Node to the build_… files. Tested by tests/unit/compiler/parse_test.cpp.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/source/source.h"

#include <cstdint>

namespace sanku::ast {

[[nodiscard]] File parse(const source::SourceMap& map, std::uint32_t file,
                         diag::Diagnostics& diags);

} // namespace sanku::ast
