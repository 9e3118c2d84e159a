// When and where at once: the day and the zone as of which rows of a table that overlays change are
// read, packed into one whole number so that it is passed as a date is. Freestanding: also compiled
// to bitcode. Zones number the regions that overlays of a program name: 0 is none of them. Tested
// by tests/unit/runtime/kernels_test.cpp.
#pragma once

#include <cstdint>

namespace sanku {

// A place that nobody knows. Rows that count everywhere count there too.
inline constexpr std::int32_t unknown_zone = -1;
// The end of an interval of zones that holds all of them.
inline constexpr std::int32_t last_zone = 0x7fffffff;

struct Moment {
  std::int32_t day = 0;
  std::int32_t zone = 0;
};
constexpr std::int64_t packed(Moment moment) {
  return static_cast<std::int64_t>(
      static_cast<std::uint64_t>(static_cast<std::uint32_t>(moment.zone)) << 32 |
      static_cast<std::uint32_t>(moment.day));
}
constexpr Moment moment_of(std::int64_t packed) {
  const auto bits = static_cast<std::uint64_t>(packed);
  return {static_cast<std::int32_t>(static_cast<std::uint32_t>(bits)),
          static_cast<std::int32_t>(static_cast<std::uint32_t>(bits >> 32))};
}

} // namespace sanku
