// The measurements, each a function that adds its targets, curves and numbers to the report. Entry:
// measurements, the table of them.
#pragma once

#include "bench/run/report.h"

#include <array>
#include <string_view>

namespace sanku::bench {

void measure_ten_rules(Bench& bench);
void measure_national(Bench& bench);

struct Measurement {
  std::string_view name;
  void (*measure)(Bench&);
};
inline constexpr auto measurements = std::to_array<Measurement>({
    {"ten_rules", measure_ten_rules},
    {"national", measure_national},
});

} // namespace sanku::bench
