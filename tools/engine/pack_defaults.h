// The named defaults of pack.toml: which there are, their types and bounds. Header only, for
// pack.cpp. Tested by tests/unit/tools/packs_test.cpp.
#pragma once

#include "compiler/hir/defaults.h"

#include <array>
#include <string_view>
#include <variant>

namespace sanku::engine {

struct DefaultRow {
  std::string_view name;
  std::variant<bool hir::Defaults::*, std::int64_t hir::Defaults::*> field;
  std::int64_t least = 0, most = 0; // of numbers, both included
};
inline constexpr std::array<DefaultRow, 5> default_rows = {{
    {"stay_counts_last", &hir::Defaults::stay_counts_last},
    {"stay_at_least", &hir::Defaults::stay_at_least, 0, 1},
    {"newborn_days", &hir::Defaults::newborn_days, 1, 365},
    {"rolling_includes_current", &hir::Defaults::rolling_includes_current},
    {"percentile_at_least", &hir::Defaults::percentile_at_least, 1, 1000},
}};

} // namespace sanku::engine
