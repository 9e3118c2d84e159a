// Cuts a message at its holes by the rule by which the lexer found its end. See message.h.
#include "compiler/ast/message.h"

#include "compiler/source/utf8.h"

namespace sanku::ast {

namespace {

char32_t closer_of(char32_t opener) {
  switch (opener) {
  case U'"':
    return U'"';
  case U'＂':
    return U'＂';
  case U'“':
    return U'”';
  case U'「':
    return U'」';
  default:
    return 0;
  }
}

// Behind the `}` of the hole whose inside begins at `at`, or npos. The lexer's rule: braces nest,
// and strings may stand inside.
std::size_t hole_end(std::string_view text, std::size_t at) {
  std::vector<char32_t> closers{U'}'};
  while (at < text.size()) {
    const source::Decoded next = source::decode(text, at);
    at += next.size;
    const char32_t c = next.code_point, closer = closers.back();
    if (c == closer) {
      closers.pop_back();
      if (closers.empty())
        return at;
    } else if (closer == U'}') {
      if (c == U'{')
        closers.push_back(U'}');
      else if (closer_of(c) != 0)
        closers.push_back(closer_of(c));
    } else if (c == U'{') {
      closers.push_back(U'}');
    } else if (closer_of(c) == closer) {
      closers.push_back(closer);
    }
  }
  return std::string_view::npos;
}

} // namespace

std::size_t quote_size(std::string_view literal) {
  return literal.empty() || literal.front() == '"' ? 1 : 3;
}

std::vector<MessagePiece> split_message(std::string_view literal) {
  const std::size_t end = literal.size() - quote_size(literal);
  std::vector<MessagePiece> pieces;
  std::size_t text_begin = quote_size(literal);
  const auto flush = [&](std::size_t to) {
    if (to > text_begin)
      pieces.push_back({.begin = text_begin, .end = to});
  };
  for (std::size_t at = text_begin; at < end;) {
    const bool twice = at + 1 < end && literal[at + 1] == literal[at];
    if (literal[at] == '{' && !twice) {
      flush(at);
      const std::size_t after = hole_end(literal.substr(0, end), at + 1);
      const bool closed = after != std::string_view::npos;
      pieces.push_back(
          {.begin = at + 1, .end = closed ? after - 1 : end, .hole = true, .closed = closed});
      at = text_begin = closed ? after : end;
    } else if ((literal[at] == '{' || literal[at] == '}') && twice) {
      flush(at + 1); // up to and including the first of the two
      at = text_begin = at + 2;
    } else {
      ++at;
    }
  }
  flush(end);
  return pieces;
}

} // namespace sanku::ast
