// What precision rules must have: a TOML file with a default and what single rules need, such as
//
//   precision = 0.90        # of the findings that were reviewed, the share that was upheld
//   least = 20              # fewer reviewed findings say nothing
//   [rules.GZ10000301004]
//   precision = 0.97
//
// Entry: read_policy. Tested by tests/unit/tools/outcomes_test.cpp.
#pragma once

#include "runtime/types/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace sanku::outcomes {

struct Demand {
  double precision = 0.9;
  std::uint64_t least = 1;
};
struct Policy {
  Demand all;
  std::map<std::string, Demand, std::less<>> rules;
};
[[nodiscard]] const Demand& demand_of(const Policy& policy, std::string_view rule);

// `name` is what messages call the text.
[[nodiscard]] Result<Policy> read_policy(std::string_view text, std::string_view name);

} // namespace sanku::outcomes
