// The named defaults of pack.toml: which there are, their types and bounds, and which of them an
// overlay may decide otherwise. Header only, for pack.cpp. Tested by
// tests/unit/tools/packs_test.cpp.
#pragma once

#include "compiler/hir/defaults.h"
#include "runtime/kernels/time.h"

#include <array>
#include <optional>
#include <string_view>
#include <variant>

namespace sanku::engine {

struct WholeNumber {
  std::int64_t hir::Defaults::* field;
  std::int64_t least = 0, most = 0; // both included
};
// "07-01": a day that every year has.
struct DayOfYear {
  std::int64_t hir::Defaults::* field; // month × 100 + day
};
// What this edition of the language has decided; a later one may read other values.
struct AlwaysTrue {
  std::string_view why_zh, why_en;
};
struct DefaultRow {
  std::string_view name;
  std::variant<bool hir::Defaults::*, WholeNumber, DayOfYear, AlwaysTrue> form;
  std::optional<hir::RegionalDefault> regional = std::nullopt;
};
inline constexpr std::array<DefaultRow, 6> default_rows = {{
    {"stay_counts_last", &hir::Defaults::stay_counts_last, hir::RegionalDefault::stay_counts_last},
    {"stay_at_least", WholeNumber{&hir::Defaults::stay_at_least, 0, 1},
     hir::RegionalDefault::stay_at_least},
    {"newborn_days", WholeNumber{&hir::Defaults::newborn_days, 1, 365},
     hir::RegionalDefault::newborn_days},
    {"insurance_year", DayOfYear{&hir::Defaults::insurance_year},
     hir::RegionalDefault::insurance_year},
    {"rolling_includes_current",
     AlwaysTrue{"true：本版语言的滚动时间窗总是含当前明细，要除去它须在条件中写明",
                "true: in this edition a rolling window always includes the current line, and a "
                "condition has to leave it out"}},
    {"percentile_at_least", WholeNumber{&hir::Defaults::percentile_at_least, 1, 1000}},
}};

// Month × 100 + day; none: it is no such day.
[[nodiscard]] constexpr std::optional<std::int64_t> day_of_year(std::string_view text) {
  const auto digit = [&](std::size_t at) -> std::int64_t {
    return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 1000;
  };
  if (text.size() != 5 || text[2] != '-')
    return std::nullopt;
  const std::int64_t month = digit(0) * 10 + digit(1), day = digit(3) * 10 + digit(4);
  constexpr std::int64_t common_year = 2001;
  if (month < 1 || month > 12 || day < 1 || day > kernels::days_in_month(common_year, month))
    return std::nullopt;
  return month * 100 + day;
}

} // namespace sanku::engine
