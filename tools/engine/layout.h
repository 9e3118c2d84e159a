// Text for people: columns padded by display width, money with thousands separators. Entries:
// padded, table_text, money_text, count_text. Tested by tests/unit/tools/describe_test.cpp.
#pragma once

#include "runtime/types/scalar.h"
#include "runtime/types/value.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::engine {

enum class Align : std::uint8_t { left, right };

// Filled with blanks to `cells`; longer text stays as it is.
[[nodiscard]] std::string padded(std::string_view text, std::size_t cells,
                                 Align align = Align::left);
// Cut to at most `cells`, the last of them `…` if anything was cut.
[[nodiscard]] std::string fitted(std::string_view text, std::size_t cells);
// Lines of at most `cells`, those after the first behind `indent` blanks, all of them counted;
// broken where there is a blank or behind a mark, if one is near the end. `taken`: of the first
// already.
[[nodiscard]] std::string folded(std::string_view text, std::size_t cells, std::size_t indent,
                                 std::size_t taken);
[[nodiscard]] std::string money_text(Int128 cents);         // 18,330.20
[[nodiscard]] std::string count_text(std::uint64_t number); // 790,312

// A column of a table for people.
struct Heading {
  std::string_view zh, en;
  Align align = Align::right;
};
using Rows = std::vector<std::vector<std::string>>; // a cell for each heading
[[nodiscard]] std::string table_text(const std::vector<Heading>& headings, const Rows& rows,
                                     Language language);

// One of two texts.
[[nodiscard]] inline std::string_view words(Language language, std::string_view zh,
                                            std::string_view en) {
  return language == Language::zh ? zh : en;
}

} // namespace sanku::engine
