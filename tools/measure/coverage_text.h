// Coverage for people: figures, then what no test has shown, by rule. Entry: coverage_text. Tested
// by tests/unit/tools/coverage_test.cpp.
#pragma once

#include "tools/engine/run_tests.h"
#include "tools/measure/coverage.h"

#include <string>

namespace sanku::measure {

[[nodiscard]] std::string coverage_text(const Rules& rules, const Coverage& coverage,
                                        engine::ReportStyle style);
// `87.50%`.
[[nodiscard]] std::string per_cent_text(std::uint32_t hundredths);

} // namespace sanku::measure
