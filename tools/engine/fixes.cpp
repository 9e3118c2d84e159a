// Choosing fixes that do not disturb each other, and applying them (fixes.h).
#include "tools/engine/fixes.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace sanku::engine {
namespace {

// Sharing an end counts: two insertions at one place would have an order that nobody chose.
bool touch(const source::Span& a, const source::Span& b) {
  return a.file == b.file && a.begin <= b.end && b.begin <= a.end;
}

} // namespace

std::vector<FixedFile> apply_fixes(const diag::Diagnostics& diagnostics,
                                   const source::SourceMap& map) {
  std::vector<diag::Fix> taken;
  std::map<std::uint32_t, FixedFile> files;
  for (const diag::Diagnostic& each : diagnostics.all) {
    const bool disturbs = std::ranges::any_of(each.fixes, [&](const diag::Fix& fix) {
      return std::ranges::any_of(
          taken, [&](const diag::Fix& other) { return touch(fix.span, other.span); });
    });
    if (each.fixes.empty() || disturbs)
      continue;
    taken.insert(taken.end(), each.fixes.begin(), each.fixes.end());
    for (const diag::Fix& fix : each.fixes)
      files.try_emplace(fix.span.file,
                        FixedFile{.file = fix.span.file, .text = map.files[fix.span.file].text});
    ++files.at(each.fixes.front().span.file).mistakes;
  }
  // From the end, so that the places before stay true.
  std::ranges::stable_sort(taken, std::greater<>{}, [](const diag::Fix& fix) {
    return std::pair(fix.span.file, fix.span.begin);
  });
  for (const diag::Fix& each : taken) {
    files.at(each.span.file)
        .text.replace(each.span.begin, each.span.end - each.span.begin, each.replacement);
  }
  std::vector<FixedFile> out;
  for (auto& [number, file] : files)
    out.push_back(std::move(file));
  return out;
}

} // namespace sanku::engine
