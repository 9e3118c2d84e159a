// Plants mistakes in a checked program, for the proof that the differential finds them. Entry:
// plant.
#pragma once

#include "compiler/hir/hir.h"

#include <cstdint>

namespace sanku::differential {

enum class Mistake : std::uint8_t {
  flipped_comparison, // < for >=, and the like
  flipped_quantifier, // any for none
  lost_condition,     // the first condition of a query
  lost_guard,
  lost_beyond,
  lost_otherwise, // its first argument alone
  other_amount,   // the line's amount becomes unknown
  lost_hole,
  lost_branch,
  lost_key, // the last of several keys of a group
};
inline constexpr Mistake all_mistakes[] = {Mistake::flipped_comparison, Mistake::flipped_quantifier,
                                           Mistake::lost_condition,     Mistake::lost_guard,
                                           Mistake::lost_beyond,        Mistake::lost_otherwise,
                                           Mistake::other_amount,       Mistake::lost_hole,
                                           Mistake::lost_branch,        Mistake::lost_key};

// Everywhere in the program; how many were planted.
std::size_t plant(Mistake mistake, hir::Program& program);

} // namespace sanku::differential
