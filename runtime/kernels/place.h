// Where a visit took place, as overlays ask: regions are six digits, of which pairs of zeros at the
// end stand for all below, and zones are their numbers in the order of their digits, so that a
// region and all below it are neighbours.
#pragma once

#include "runtime/types/moment.h"
#include "runtime/types/scalar.h"

namespace sanku::kernels {

inline constexpr std::uint64_t region_digits = 6;

// The number of the region among `regions`, six digits each, in order; 0: it is none of them.
constexpr std::int64_t region_number(const char* region, Text regions) {
  std::uint64_t low = 0, high = regions.size / region_digits;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const char* const other = regions.data + middle * region_digits;
    int order = 0;
    for (std::uint64_t i = 0; i < region_digits && order == 0; ++i)
      order = region[i] < other[i] ? -1 : region[i] > other[i] ? 1 : 0;
    if (order == 0)
      return static_cast<std::int64_t>(middle) + 1;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return 0;
}

// The narrowest of the regions that a place lies in. A place may have more digits than a region, or
// two or four of them.
constexpr Integer zone_of(Text place, Text regions) {
  char region[region_digits] = {'0', '0', '0', '0', '0', '0'};
  std::uint64_t digits = place.size < region_digits ? place.size : region_digits;
  digits -= digits % 2;
  for (std::uint64_t i = 0; i < digits; ++i)
    region[i] = place.data[i];
  for (std::uint64_t length = digits; length >= 2; length -= 2) {
    if (const std::int64_t number = region_number(region, regions); number != 0)
      return {number};
    region[length - 1] = region[length - 2] = '0';
  }
  return {0};
}

// As of when and where rows are read; a place that is not known still knows the rows that count
// everywhere.
constexpr Integer moment(Date day, Maybe<Integer> zone) {
  return {
      packed({.day = day.days,
              .zone = zone.known ? static_cast<std::int32_t>(zone.value.value) : unknown_zone})};
}

// Whether a row counts in a zone.
constexpr Maybe<Bool> in_zones(Maybe<Integer> zone, Integer from, Integer to) {
  if (from.value <= 0 && to.value >= last_zone)
    return {Bool{true}, true};
  if (!zone.known)
    return {};
  return {Bool{from.value <= zone.value.value && zone.value.value <= to.value}, true};
}

} // namespace sanku::kernels
