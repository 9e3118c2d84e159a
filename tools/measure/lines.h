// Goals by line of the source, for formats and pages that know lines only. Entry: files_of. Tested
// by tests/unit/tools/coverage_test.cpp.
#pragma once

#include "tools/measure/coverage.h"
#include "tools/measure/parts.h"

#include <map>
#include <vector>

namespace sanku::measure {

struct LineCover {
  std::uint64_t tests = 0; // that reached something on it
  std::vector<const Goal*> goals;
  std::vector<std::uint32_t> rules; // declared here
};
struct FileCover {
  std::uint32_t file = 0;
  std::map<std::uint32_t, LineCover> lines;
  Tally line, branch; // lines that some test reached; goals
};
// Files that have goals, by path. Only what the whole figure counts, and no rows.
[[nodiscard]] std::vector<FileCover> files_of(const Rules& rules, const Coverage& coverage);

} // namespace sanku::measure
