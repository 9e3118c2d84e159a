// A code that is one of several, nobody knows which: its text is theirs with separators between,
// its id that text's among the block's own with a bit of its own. Freestanding: also compiled to
// bitcode. What it means stands in runtime/batch/candidates.h. Tested by
// tests/unit/runtime/batch_test.cpp.
#pragma once

#include "runtime/types/scalar.h"

namespace sanku {

inline constexpr std::uint32_t candidates_bit = 0x80000000u;
inline constexpr char candidate_separator = '\x1f';
constexpr bool has_candidates(Code code) { return (code.id & candidates_bit) != 0; }

} // namespace sanku
