// Edit distance over code points, then common characters. See nearest.h.
#include "compiler/diag/nearest.h"

#include "compiler/source/utf8.h"

#include <algorithm>
#include <vector>

namespace sanku::diag {

namespace {

// Names longer than this are not compared: nobody mistypes a page, and the cost is quadratic.
constexpr std::size_t longest = 64;

// How many characters the two have in common, each counted as often as it stands in both.
std::size_t common_characters(std::u32string a, std::u32string b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  std::u32string both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return both.size();
}

// Up to this many edits are a slip: one in short words, a third of the length in longer ones.
std::size_t slips(std::size_t length) { return std::max<std::size_t>(1, length / 3); }

} // namespace

std::size_t distance(std::u32string_view a, std::u32string_view b, std::size_t limit) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit)
    return limit + 1;
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped)
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return std::min(last[b.size()], limit + 1);
}

std::optional<std::string> nearest(std::string_view wanted,
                                   std::span<const std::string_view> candidates) {
  const std::u32string target = source::code_points(wanted);
  // One character is one edit from every other, which says nothing.
  if (target.size() < 2 || target.size() > longest)
    return std::nullopt;
  const std::size_t limit = slips(target.size());
  std::size_t best_distance = limit + 1, best_common = 0;
  std::string_view best, alike;
  for (const std::string_view candidate : candidates) {
    const std::u32string other = source::code_points(candidate);
    if (other == target)
      return std::nullopt;
    if (other.size() > longest)
      continue;
    const std::size_t edits = distance(target, other, limit);
    if (edits < best_distance && edits < std::max(target.size(), other.size()))
      best_distance = edits, best = candidate;
    const std::size_t common = common_characters(target, other);
    if (common > best_common && common * 3 >= std::max(target.size(), other.size()) * 2)
      best_common = common, alike = candidate;
  }
  if (!best.empty())
    return std::string(best);
  // At least two characters in common, else 年龄 would be offered for 年.
  if (best_common >= 2)
    return std::string(alike);
  return std::nullopt;
}

} // namespace sanku::diag
