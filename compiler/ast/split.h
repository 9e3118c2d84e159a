// From the tokens of a file to its declarations, before the parser sees any: brackets are matched,
// limits are checked, and one broken declaration cannot swallow the next. A declaration ends where
// the next one's word stands outside of all brackets, or, where a bracket was left open, at the
// beginning of a line. Tested by tests/unit/compiler/parse_test.cpp.
#pragma once

#include "compiler/ast/syntax.h"
#include "compiler/diag/diagnostic.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace sanku::ast {

struct Piece {
  std::size_t begin = 0, end = 0; // tokens
  bool parse = true;              // false: already reported, and parsing it would only repeat that
};

// Reports strings that do not end and characters that mean nothing; writes foreign operators as
// ours. `text` is the file's.
void check_tokens(std::vector<Token>& tokens, std::uint32_t file, std::string_view text,
                  diag::Diagnostics& diags);
[[nodiscard]] std::vector<Piece> split(std::span<const Token> tokens, std::uint32_t file,
                                       std::string_view text, diag::Diagnostics& diags);
// Brackets of a message's hole; false when something was reported.
[[nodiscard]] bool brackets_match(std::span<const Token> tokens, std::uint32_t file,
                                  std::string_view text, diag::Diagnostics& diags);

} // namespace sanku::ast
