// Where visits were, as what overlays say of codes asks: the zone of the field of a role, else of
// the region that claims are from which do not say. Entry: zone_of. Tested by
// tests/unit/runtime/code_book_test.cpp.
#pragma once

#include "runtime/batch/batch.h"

#include <cstdint>
#include <optional>
#include <string>

namespace sanku::assemble {

// runtime/kernels/place.h; `home` may be empty: nobody knows.
struct Regions {
  std::string regions, home;
  friend bool operator==(const Regions&, const Regions&) = default;
};

// Nothing where the place is not known.
[[nodiscard]] std::optional<std::int64_t> zone_of(const batch::Batch& batch,
                                                  const schema::Schema& schema,
                                                  const batch::Dictionaries& dictionaries,
                                                  const Regions& regions, schema::Role role,
                                                  std::uint32_t settlement);

} // namespace sanku::assemble
