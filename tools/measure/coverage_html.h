// Coverage as a page: the figures, the rules, and every rule file with what its tests have shown
// beside the lines. Entry: coverage_html. Tested by tests/unit/tools/measure_files_test.cpp.
#pragma once

#include "tools/measure/coverage.h"

#include <string>

namespace sanku::measure {

[[nodiscard]] std::string coverage_html(const Rules& rules, const Coverage& coverage,
                                        Language language);

} // namespace sanku::measure
