// The named defaults of a pack's manifest (`[defaults]` in pack.toml): decisions of the language
// that a pack may make otherwise. tools/engine/pack_defaults reads and bounds them; the checker
// puts them into the rules, so that both executions see ordinary constants. Tested by
// tests/unit/tools/packs_test.cpp and tests/unit/compiler/check_test.cpp.
#pragma once

#include "runtime/types/scalar.h"

#include <cstdint>
#include <optional>
#include <string>

namespace sanku::hir {

struct Defaults {
  bool stay_counts_last = false;        // `.days` of a period counts the last day as well …
  std::int64_t stay_at_least = 1;       // … and is at least this
  std::int64_t newborn_days = 28;       // the parameter `newborn_days / 新生儿天数`
  bool rolling_includes_current = true; // windows over the past, of a later edition
  std::int64_t percentile_at_least = 5; // peers, of a later edition
  friend bool operator==(const Defaults&, const Defaults&) = default;
};

// How the rules of a run are read.
struct Reading {
  // Where claims are from that do not say it: a region, or that of a layer.
  std::string region = {};
  std::optional<std::uint32_t> home = std::nullopt;
  // As of that day instead of the claim's: parameters, validity, changes.
  std::optional<Date> as_of = std::nullopt;
};

} // namespace sanku::hir
