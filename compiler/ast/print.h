// The formatter: an Ast back to rule text, in one spelling or the other. Words of the language
// change their spelling, an author's names do not. Comments stay where they were, blank lines too,
// several in a row becoming one. print(parse(print(f))) is print(f), and the trees are the same
// (same_tree in dump.h). Tested by tests/unit/compiler/print_test.cpp.
#pragma once

#include "compiler/ast/ast.h"

#include <cstdint>
#include <string>

namespace sanku::ast {

enum class Spelling : std::uint8_t { zh, en };

[[nodiscard]] std::string print(const File& file, Spelling spelling);
// One declaration of the file, with the comments inside it.
[[nodiscard]] std::string print(const File& file, const Decl& decl, Spelling spelling);
// The one that most of the file's words have; English where neither has more.
[[nodiscard]] Spelling spelling_of(const File& file);
// One expression on one line, for messages.
[[nodiscard]] std::string print(const Expr& expr, Spelling spelling);
// A test by itself, as a file would have it; expectations that stand nowhere come last.
[[nodiscard]] std::string print(const Test& test, Spelling spelling);

} // namespace sanku::ast
