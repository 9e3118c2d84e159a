// Where and when what a finding speaks of took place, for who adds findings up by that. Entry:
// place_of. Tested by tests/unit/tools/impact_test.cpp.
#pragma once

#include "tools/engine/identity.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sanku::engine {

// Empty: not known, or of no one visit. The month is that in which the visit ended, else was
// settled, else began.
struct Place {
  std::string region, institution, name, month;
};

// The columns of the settlement that `place_of` reads, of those that the schema has; rules need not
// read them.
[[nodiscard]] std::vector<std::uint32_t> place_columns(const schema::Schema& schema);
[[nodiscard]] Place place_of(const Block& block, std::uint32_t settlement);
// Of a group across visits, as far as its keys say: it is of no one visit, but may be of one
// institution, region or month.
[[nodiscard]] Place place_of(const hir::Program& program, const hir::Rule& rule,
                             const exec::Finding& finding);

} // namespace sanku::engine
