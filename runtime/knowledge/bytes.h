// What a bound table holds in memory: values, keys, days; not the texts of its codes, which the
// dictionary holds once for all tables. Entry: bytes_of. Tested by
// tests/unit/tools/overlays_test.cpp.
#pragma once

#include "runtime/knowledge/table.h"

#include <cstdint>

namespace sanku::knowledge {

[[nodiscard]] std::uint64_t bytes_of(const BoundTable& table);

} // namespace sanku::knowledge
