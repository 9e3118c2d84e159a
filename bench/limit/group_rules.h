// The two halves of group_rules (library.h).
#pragma once

#include "bench/limit/library.h"

namespace sanku::bench::limit {

[[nodiscard]] std::span<const RuleByHand> rules_over_visits();
[[nodiscard]] std::span<const RuleByHand> rules_over_lines();

} // namespace sanku::bench::limit
