// See lines.h.
#include "tools/measure/lines.h"

#include <algorithm>

namespace sanku::measure {

std::vector<FileCover> files_of(const Rules& rules, const Coverage& coverage) {
  std::map<std::uint32_t, FileCover> files;
  const auto line_of = [&](source::Span span) -> LineCover& {
    FileCover& file = files[span.file];
    file.file = span.file;
    return file.lines[source::place_of(rules.map, span.file, span.begin).line];
  };
  for (const RuleCover& cover : coverage.rules) {
    LineCover& line = line_of(written(rules, engine::program(rules).rules[cover.rule]).id.span);
    line.rules.push_back(cover.rule);
    line.tests = std::max<std::uint64_t>(line.tests, cover.tests.size());
  }
  for (const Goal& goal : coverage.goals) {
    if (!counts(goal.measure))
      continue;
    LineCover& line = line_of(goal.span);
    line.goals.push_back(&goal);
    line.tests = std::max(line.tests, std::max<std::uint64_t>(goal.tests, goal.reached ? 1 : 0));
  }
  std::vector<FileCover> made;
  for (auto& [number, file] : files) {
    for (const auto& [at, line] : file.lines) {
      ++file.line.all;
      file.line.reached += line.tests > 0;
      for (const Goal* goal : line.goals) {
        ++file.branch.all;
        file.branch.reached += goal->reached;
      }
    }
    made.push_back(std::move(file));
  }
  std::ranges::sort(made, {},
                    [&](const FileCover& file) { return rules.map.files[file.file].path; });
  return made;
}

} // namespace sanku::measure
