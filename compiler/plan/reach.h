// How far a rule looks: into one visit, over the visits of one person, or over groups of the whole
// population; by what key the data must be put together for it, and how far back it must reach.
// Both follow from the subject and the windows alone. Entry: reach_of. Tested by
// tests/unit/compiler/plan_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/types/value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sanku::plan {

enum class Reach : std::uint8_t { visit, person, population };

struct RuleReach {
  Reach reach = Reach::visit;
  // Of a population: the column of the settlement by which visits that share a group surely come
  // together; none: only all of them together do.
  std::optional<std::uint32_t> partition;
  // Likewise the names of the keys of its groups, and the longest that what one holds may span, in
  // days, by a key that is a day or a month, together with the period before where that is looked
  // at; none: groups are of all times.
  std::vector<schema::Names> keys = {};
  std::optional<std::int64_t> days_together = std::nullopt;
  bool previous = false;
  // Of a person: the longest window back and on, in days; none: it does not look there, or without
  // an end (`endless`).
  std::optional<std::int64_t> days_back, days_on;
  bool endless = false;
};

[[nodiscard]] RuleReach reach_of(const hir::Program& program, const hir::Rule& rule);
// The farthest of all rules.
[[nodiscard]] Reach reach_of(const hir::Program& program);
// For `check --plan`.
[[nodiscard]] std::string text_of(const hir::Program& program, const RuleReach& reach,
                                  Language language);

} // namespace sanku::plan
