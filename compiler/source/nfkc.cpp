// NFKC by three tables and two singles. See nfkc.h.
#include "compiler/source/nfkc.h"

#include "compiler/source/nfkc_table.h"
#include "compiler/source/utf8.h"

namespace sanku::source {

namespace {

// The entry of `c` in a table whose first entry belongs to `first`; 0 outside of it.
char32_t entry(std::u32string_view table, char32_t first, char32_t c) {
  return c >= first && c - first < table.size() ? table[c - first] : U'\0';
}

} // namespace

char32_t nfkc(char32_t c) {
  if (c < 0x2E80)
    return c;
  if (c >= 0xFF01 && c <= 0xFF5E)
    return c - 0xFEE0;
  if (c == 0x2E9F)
    return U'母';
  if (c == 0x2EF3)
    return U'龟';
  if (const char32_t found = entry(kangxi_radicals, first_of_kangxi_radicals, c))
    return found;
  if (const char32_t found = entry(compatibility_ideographs, first_of_compatibility_ideographs, c))
    return found;
  if (const char32_t found = entry(compatibility_supplement, first_of_compatibility_supplement, c))
    return found;
  return c;
}

std::string nfkc(std::string_view identifier) {
  std::string out;
  for (std::size_t at = 0; at < identifier.size();) {
    const Decoded next = decode(identifier, at);
    append(out, nfkc(next.code_point));
    at += next.size;
  }
  return out;
}

} // namespace sanku::source
