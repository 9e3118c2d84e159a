// The measurements, each a function that adds its targets, curves and numbers to the report. Entry:
// measurements, the table of them.
#pragma once

#include "bench/run/report.h"

#include <array>
#include <string_view>

namespace sanku::bench {

void measure_ten_rules(Bench& bench);
void measure_table_rules(Bench& bench);
void measure_rivals(Bench& bench);
void measure_visit_rules(Bench& bench);
void measure_reading(Bench& bench);
void measure_parquet(Bench& bench);
void measure_threads(Bench& bench);
void measure_single_claim(Bench& bench);
void measure_trees(Bench& bench);
void measure_start(Bench& bench);
void measure_memory(Bench& bench);
void measure_national(Bench& bench);
void measure_packs(Bench& bench);
void measure_library_rules(Bench& bench);

struct Measurement {
  std::string_view name;
  void (*measure)(Bench&);
};
inline constexpr auto measurements = std::to_array<Measurement>({
    {"ten_rules", measure_ten_rules},
    {"rivals", measure_rivals},
    {"table_rules", measure_table_rules},
    {"visit_rules", measure_visit_rules},
    {"reading", measure_reading},
    {"parquet", measure_parquet},
    {"threads", measure_threads},
    {"single_claim", measure_single_claim},
    {"trees", measure_trees},
    {"start", measure_start},
    {"memory", measure_memory},
    {"national", measure_national},
    {"packs", measure_packs},
    {"library_rules", measure_library_rules},
});

} // namespace sanku::bench
