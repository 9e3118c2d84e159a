// What a rule text may at most have, so that hostile text costs bounded time, memory and stack.
// Numbers are far above what people write and far below what hurts: a level of brackets costs about
// 12 frames of the parser.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sanku::ast {

inline constexpr std::size_t max_bytes = 4u << 20;
inline constexpr std::size_t max_depth = 200;       // of brackets, and of the Ast of an expression
inline constexpr std::size_t max_terms = 200;       // of a chain of +, ×, comparisons, members
inline constexpr std::size_t max_conditions = 1000; // of a chain of and, or
inline constexpr std::size_t max_set_elements = 5000;
inline constexpr std::size_t max_tokens = 20'000;      // of a declaration
inline constexpr std::size_t max_lexical_errors = 100; // of a file; more are not told one by one
inline constexpr std::size_t max_syntax_errors = 200;  // likewise

} // namespace sanku::ast
