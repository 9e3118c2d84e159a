// What the parser leaves out and the formatter puts back: comments and blank lines. Also the
// comment lines that belong to a declaration, those right above it. Tested by
// tests/unit/compiler/print_test.cpp.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/source/source.h"

#include <vector>

namespace sanku::ast {

// `comments` are the places of all comments of `in`, in order.
void add_layout(File& file, const source::File& in, const std::vector<Span>& comments);
// Once the declarations are there.
void attach_comments(File& file, const source::File& in);

} // namespace sanku::ast
