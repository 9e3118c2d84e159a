// One mistake of syntax, told so that a reviewer can mend it: what was found, what could stand
// there, and the slip that is most probable: a word misspelt, a word glued to a name, a number with
// an unknown unit. Tested by tests/unit/compiler/parse_test.cpp.
#pragma once

#include "compiler/ast/syntax.h"
#include "compiler/diag/diagnostic.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sanku::ast {

// Where the parser stopped: the token found (the last one, when the text ended), and the words that
// could have stood there.
struct SyntaxError {
  Token found;
  Token before; // the token in front of it; its word is eof when there is none
  std::vector<Word> expected;
  bool chinese = false; // what is around it is spelled so: words are shown as they would be written
};

void report_syntax_error(const SyntaxError& error, std::uint32_t file, std::string_view text,
                         diag::Diagnostics& diags);

} // namespace sanku::ast
