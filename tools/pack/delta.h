// A delta: what a pack file has that its base has not, with the digests of both, so that it can be
// applied to that base only and gives that result only. Signed like a pack. Entries: make_delta,
// apply_delta. Tested by tests/unit/tools/delta_test.cpp.
#pragma once

#include "tools/pack/container.h"

#include <optional>
#include <string>

namespace sanku::pack {

// Of one name and layer.
[[nodiscard]] std::string make_delta(const PackFile& base, const PackFile& result);

// SHA-256 of the base, as the delta names it.
[[nodiscard]] std::string base_of(const PackFile& delta);
// The bytes of the result, which still have to be verified; none: told.
[[nodiscard]] std::optional<std::string> apply_delta(const PackFile& base, const PackFile& delta,
                                                     source::Span place,
                                                     diag::Diagnostics& diagnostics);

} // namespace sanku::pack
