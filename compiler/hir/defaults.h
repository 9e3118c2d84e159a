// The named defaults of a pack's manifest (`[defaults]` in pack.toml): decisions of the language
// that a pack may make otherwise, and some of them a region. tools/engine/pack_defaults reads and
// bounds them; the checker (regional.cpp) puts them into the rules, so that both executions see
// ordinary constants and parameters. Tested by tests/unit/tools/packs_test.cpp and
// tests/cases/overlays.
#pragma once

#include "compiler/source/source.h"
#include "runtime/types/scalar.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sanku::hir {

struct Defaults {
  bool stay_counts_last = false;        // `.days` of a period counts the last day as well …
  std::int64_t stay_at_least = 1;       // … and is at least this
  std::int64_t newborn_days = 28;       // the parameter `newborn_days / 新生儿天数`
  std::int64_t insurance_year = 101;    // month × 100 + day on which an insurance year begins
  std::int64_t percentile_at_least = 5; // peers
  friend bool operator==(const Defaults&, const Defaults&) = default;
};

// Those that an overlay's manifest may decide otherwise for its region.
enum class RegionalDefault : std::uint8_t {
  stay_counts_last,
  stay_at_least,
  newborn_days,
  insurance_year
};
inline constexpr std::size_t regional_default_count = 4;
struct LocalDefault {
  RegionalDefault which = RegionalDefault::stay_counts_last;
  std::int64_t value = 0; // as in Defaults; a truth is 0 or 1
  source::Span span;      // where the manifest says so
};
using LocalDefaults = std::vector<LocalDefault>;

// How the rules of a run are read.
struct Reading {
  // Where claims are from that do not say it: a region, or that of a layer.
  std::string region = {};
  std::optional<std::uint32_t> home = std::nullopt;
  // As of that day instead of the claim's: parameters, validity, changes.
  std::optional<Date> as_of = std::nullopt;
};

} // namespace sanku::hir
