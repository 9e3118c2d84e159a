// Decodes a file once, byte by byte, and refuses what would make text look like other text. See
// characters.h.
#include "compiler/ast/characters.h"

#include "compiler/ast/limits.h"
#include "compiler/source/utf8.h"

#include <algorithm>

namespace sanku::ast {

namespace {

// Zero-width and bidirectional characters, and controls other than tab and line ends: they make
// text look like other text.
bool is_invisible(char32_t c) {
  if (c == U'\t' || c == U'\n' || c == U'\r')
    return false;
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x034F || c == 0x061C ||
         c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F) ||
         c == 0x3164 || c == 0xFFA0 || (c >= 0xE0000 && c <= 0xE01EF);
}

} // namespace

std::optional<Characters> characters_of(const source::SourceMap& map, std::uint32_t file,
                                        diag::Diagnostics& diags) {
  const std::string& text = map.files[file].text;
  if (text.size() > max_bytes) {
    diag::report<"file_too_large">(diags, {file, 0, 0}, text.size(), max_bytes);
    return std::nullopt;
  }
  Characters out;
  std::size_t invisible = 0;
  for (std::size_t at = 0; at < text.size();) {
    const source::Decoded next = source::decode(text, at);
    const auto begin = static_cast<std::uint32_t>(at); // below max_bytes
    const source::Span span{file, begin, begin + static_cast<std::uint32_t>(next.size)};
    if (!next.valid) {
      diag::report<"not_utf8">(diags, span, at + 1,
                               static_cast<unsigned>(static_cast<unsigned char>(text[at])));
      return std::nullopt;
    }
    const bool byte_order_mark = at == 0 && next.code_point == 0xFEFF;
    const bool hidden = is_invisible(next.code_point);
    if (hidden && !byte_order_mark && ++invisible <= max_lexical_errors) {
      diag::report<"invisible_character">(diags, span, static_cast<std::uint32_t>(next.code_point))
          .fix(span, "");
    }
    if (!hidden) {
      out.text.push_back(next.code_point);
      out.offsets.push_back(begin);
    }
    at += next.size;
  }
  out.offsets.push_back(static_cast<std::uint32_t>(text.size()));
  if (invisible > max_lexical_errors)
    diag::report<"too_many_errors">(diags, {file, 0, 0}, max_lexical_errors);
  return out;
}

std::size_t character_at(const Characters& characters, std::uint32_t offset) {
  const auto found = std::ranges::lower_bound(characters.offsets, offset);
  return static_cast<std::size_t>(found - characters.offsets.begin());
}

} // namespace sanku::ast
