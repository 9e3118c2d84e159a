// Parts of one visit that were settled separately become one. What a field of the visit becomes is
// a small table by role and type (header_rules, README.md):
//
//   settlement number     that of the part settled first
//   begin / end, settled  the earliest / the latest that is known
//   money                 the sum; unknown if any part lacks it
//   anything else         what the parts that have it agree on; unknown if they do not
//
// Fee lines are appended. Of other lists (diagnoses, operations) an element counts as often as in
// the part that has it most often, since each part repeats them. Parts without a settlement number
// are requests, which send the same line again: among those a line with a number and equal content
// counts once, as current if any says so. Nothing depends on the order of the parts.
//
// Entry: merge. Tested by tests/unit/runtime/merge_test.cpp, by hand-worked tables.
#pragma once

#include "runtime/assemble/record.h"

#include <array>
#include <vector>

namespace sanku::assemble {

enum class HeaderRule : std::uint8_t { first, earliest, latest, sum, agree };

struct RoleRule {
  schema::Role role;
  HeaderRule rule;
};
// What no row names: money is summed, the rest must agree.
inline constexpr std::array<RoleRule, 4> header_rules = {{
    {schema::Role::settlement_id, HeaderRule::first},
    {schema::Role::begin, HeaderRule::earliest},
    {schema::Role::end, HeaderRule::latest},
    {schema::Role::settled, HeaderRule::latest},
}};
[[nodiscard]] HeaderRule header_rule(const schema::Column& column);

// At least one part.
[[nodiscard]] Rows merge(const schema::Schema& schema, std::vector<Rows> parts);

} // namespace sanku::assemble
