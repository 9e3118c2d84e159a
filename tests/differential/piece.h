// Generated text as a tree: each piece knows what kind of thing it is, so that the shrinker can
// drop it or put a smaller one of the same kind in its place without knowing the grammar. Entry:
// render. Tested by tests/differential/can_fail_test.cpp.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace sanku::differential {

struct Piece {
  std::string text;         // a leaf's text
  std::string kind;         // of an expression: `boolean`, `code 3`; of a clause: empty
  std::vector<Piece> parts; // else
  bool optional = false;    // the text around it stands without it

  Piece() = default;
  Piece(const char* leaf)
      : text(leaf) {} // NOLINT(google-explicit-constructor): pieces are put together from words
  Piece(std::string leaf)
      : text(std::move(leaf)) {} // NOLINT(google-explicit-constructor): likewise
};

template <class... Parts> [[nodiscard]] Piece join(Parts&&... parts) {
  Piece piece;
  piece.parts.reserve(sizeof...(parts));
  (piece.parts.push_back(Piece(std::forward<Parts>(parts))), ...);
  return piece;
}
[[nodiscard]] inline Piece optional(Piece piece) {
  piece.optional = true;
  return piece;
}

inline void render(const Piece& piece, std::string& out) {
  out += piece.text;
  for (const Piece& part : piece.parts)
    render(part, out);
}
[[nodiscard]] inline std::string render(const Piece& piece) {
  std::string out;
  render(piece, out);
  return out;
}

} // namespace sanku::differential
