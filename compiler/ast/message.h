// Where the holes of a message are: `"「{item.name}」"` is text, a hole, text. Shared by the
// parser, which parses the holes, and the builder, which keeps the text. A brace written twice is a
// brace. Tested by tests/unit/compiler/parse_test.cpp.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace sanku::ast {

struct MessagePiece {
  std::size_t begin = 0, end = 0; // bytes of the literal; of a hole, what is between its braces
  bool hole = false;
  bool closed = true; // a hole without its `}` reaches to the end
};

// Bytes of the quote that opens a string; the closing one has as many.
[[nodiscard]] std::size_t quote_size(std::string_view literal);
// `literal` with its quotes.
[[nodiscard]] std::vector<MessagePiece> split_message(std::string_view literal);

} // namespace sanku::ast
