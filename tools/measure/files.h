// Coverage and test results as files for other programs: JSON of our own, LCOV and Cobertura for
// those that show coverage, JUnit for those that show tests. Entries: coverage_json, lcov,
// cobertura, junit. Tested by tests/unit/tools/measure_files_test.cpp.
#pragma once

#include "tools/engine/run_tests.h"
#include "tools/measure/coverage.h"

#include <string>

namespace sanku::measure {

// The same in both languages.
[[nodiscard]] std::string coverage_json(const Rules& rules, const Coverage& coverage);
// A goal is a branch of its line, taken where it was reached; a rule is a function.
[[nodiscard]] std::string lcov(const Rules& rules, const Coverage& coverage);
// A file is a class; no time stands in it, so that the same tests give the same bytes.
[[nodiscard]] std::string cobertura(const Rules& rules, const Coverage& coverage);
// A suite a file, a case a test.
[[nodiscard]] std::string junit(const Rules& rules, const engine::TestRun& run, Language language);

} // namespace sanku::measure
