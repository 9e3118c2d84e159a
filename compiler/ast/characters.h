// Bytes to characters before anything else reads a rule text: what is not UTF-8 ends the reading,
// invisible characters are reported and read as spaces. The offsets lead from characters back to
// bytes. Tested by tests/unit/compiler/parse_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/source/source.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sanku::ast {

struct Characters {
  std::u32string text;
  std::vector<std::uint32_t> offsets; // byte offset of each character, and of the end
};

// None when the text cannot be read at all (then a diagnostic says why).
[[nodiscard]] std::optional<Characters> characters_of(const source::SourceMap& map,
                                                      std::uint32_t file, diag::Diagnostics& diags);
// The index of the character that begins at a byte.
[[nodiscard]] std::size_t character_at(const Characters& characters, std::uint32_t offset);

} // namespace sanku::ast
