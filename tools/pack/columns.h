// A table by columns: each column's distinct cells once, and small numbers that say which stands in
// which row; bound to its CSV by the digest it begins with. The CSV is what people read and sign,
// the columns are what a machine loads, and writing the one out of the other again proves that they
// say the same. Entries: canonical_csv, columns_of, columns_say. Tested by
// tests/unit/tools/pack_columns_test.cpp.
#pragma once

#include "tools/pack/digest.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sanku::pack {

// The same rows in one form: UTF-8 without mark, line feeds, quotes only where there must be some,
// no blank lines. None: it is no CSV, or has a row of another width than its head's.
[[nodiscard]] std::optional<std::string> canonical_csv(std::string_view text);

// Of a text that canonical_csv made.
[[nodiscard]] std::string columns_of(std::string_view csv);

// Whether the columns give exactly that CSV, whose digest they have to name; then the CSV is in its
// one form as well. And whether all of it is seen (visible.h), for which each cell is looked at
// once.
enum class Said : std::uint8_t { other, same, hidden };
[[nodiscard]] Said columns_say(std::string_view columns, std::string_view csv,
                               const Digest& digest);

} // namespace sanku::pack
