// Near-miss names: which of the candidates an author most probably meant. Distance counts code
// points (insertions, deletions, replacements, swapped neighbours), so that one wrong Han character
// is one mistake; failing that, words made of mostly the same characters in another order are
// offered. Tested by tests/unit/compiler/diag_test.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sanku::diag {

// Edits that turn `a` into `b`; more than `limit` is reported as limit + 1.
[[nodiscard]] std::size_t distance(std::u32string_view a, std::u32string_view b, std::size_t limit);
// The nearest candidate that is near enough to be offered, the earliest of equals; none when
// `wanted` is itself a candidate.
[[nodiscard]] std::optional<std::string> nearest(std::string_view wanted,
                                                 std::span<const std::string_view> candidates);

} // namespace sanku::diag
