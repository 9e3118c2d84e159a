// Where a field of a claim stands, and how large claims may be. Read without the solver.
#pragma once

#include "compiler/hir/hir.h"

#include <compare>
#include <cstdint>

namespace sanku::prove {

// How large the claims are that are looked at.
struct Bound {
  std::uint32_t lines = 1;  // elements of each list, at most
  std::uint32_t visits = 1; // the claim's own among them
  std::uint32_t rows = 1;   // of each table that the pack leaves empty
  friend auto operator<=>(const Bound&, const Bound&) = default;
};

// The days that dates of claims are looked for among: 1910-01-01 to 2089-12-31. Before it is said
// that there is none: all that are read as a date, 1800-01-01 to 2200-12-31.
inline constexpr std::int32_t first_day = -21915, last_day = 43829;
inline constexpr std::int32_t first_day_of_all = -62091, last_day_of_all = 84370;

// Of the settlement itself relation and slot are 0; of a row that is given for a table, `visit` is
// no_visit and `slot` the row.
inline constexpr std::uint32_t no_visit = 0xffffffff;
struct Place {
  std::uint32_t visit = 0;
  hir::RelationId relation = 0;
  std::uint32_t slot = 0;
  std::uint32_t column = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

} // namespace sanku::prove
