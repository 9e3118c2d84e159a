// Group-by over visits or lines, shared by the hand-written rules over populations (library.h).
// Header only. Entries: group_visits, group_lines.
#pragma once

#include "bench/limit/library.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace sanku::bench::limit {

// Elements by the number of their group; `members` group by group, in the order of rows.
struct Grouping {
  Numbering keys;
  std::vector<std::uint32_t> first, members, visit_of; // visit_of: by member
  [[nodiscard]] std::uint32_t count() const { return keys.size(); }
  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t group) const {
    return std::span(members).subspan(first[group], first[group + 1] - first[group]);
  }
};

struct Entry {
  std::uint32_t group, row, visit;
};

// Counting sort of entries by their groups.
inline void arrange(const std::vector<Entry>& entries, Grouping& made) {
  made.first.assign(made.keys.size() + 1, 0);
  for (const Entry& entry : entries)
    ++made.first[entry.group + 1];
  for (std::uint32_t g = 0; g < made.keys.size(); ++g)
    made.first[g + 1] += made.first[g];
  made.members.resize(entries.size());
  made.visit_of.resize(entries.size());
  std::vector<std::uint32_t> at(made.first.begin(), made.first.end() - 1);
  for (const Entry& entry : entries) {
    made.visit_of[at[entry.group]] = entry.visit;
    made.members[at[entry.group]++] = entry.row;
  }
}

// `key(visit)` gives an optional Key: none leaves the visit out.
template <class KeyOf> Grouping group_visits(const Visits& v, const KeyOf& key) {
  Grouping made;
  std::vector<Entry> entries;
  entries.reserve(v.count);
  for (std::uint32_t s = 0; s < v.count; ++s)
    if (const std::optional<Key> at = key(s))
      entries.push_back({made.keys.add(*at), s, s});
  arrange(entries, made);
  return made;
}

// `key(visit, line)` likewise.
template <class KeyOf> Grouping group_lines(const Visits& v, const KeyOf& key) {
  Grouping made;
  std::vector<Entry> entries;
  for (std::uint32_t s = 0; s < v.count; ++s)
    for (std::uint32_t i = v.first_line[s]; i < v.first_line[s + 1]; ++i)
      if (const std::optional<Key> at = key(s, i))
        entries.push_back({made.keys.add(*at), i, s});
  arrange(entries, made);
  return made;
}

[[nodiscard]] inline std::size_t distinct(std::vector<std::uint32_t>& values) {
  std::sort(values.begin(), values.end());
  return static_cast<std::size_t>(std::unique(values.begin(), values.end()) - values.begin());
}

// The member that stands first in time.
[[nodiscard]] inline std::size_t leader(std::span<const std::uint32_t> members,
                                        const std::uint32_t* order) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < members.size(); ++i)
    if (order[members[i]] < order[members[best]])
      best = i;
  return best;
}

// A finding on a group of visits with the lines that `wanted(row)` says, in time order.
template <class Wanted>
void report_visits(const World& w, Discovery& out, std::span<const std::uint32_t> visits,
                   std::int64_t value, const Wanted& wanted) {
  const std::uint32_t first = visits[leader(visits, w.visits.order)];
  const auto begin = static_cast<std::uint32_t>(out.lines.size());
  for (const std::uint32_t s : visits)
    for (std::uint32_t i = w.visits.first_line[s]; i < w.visits.first_line[s + 1]; ++i)
      if (wanted(i))
        out.lines.push_back({i, w.lines.amount[i]});
  std::sort(out.lines.begin() + begin, out.lines.end(),
            [&](const FoundLine& a, const FoundLine& b) {
              return w.lines.order[a.row] < w.lines.order[b.row];
            });
  out.findings.push_back(
      {first, first, begin, static_cast<std::uint32_t>(out.lines.size()) - begin, value});
}
// By itself a group of visits names no lines.
inline void report_visits(const World& w, Discovery& out, std::span<const std::uint32_t> visits,
                          std::int64_t value) {
  const std::uint32_t first = visits[leader(visits, w.visits.order)];
  out.findings.push_back({first, first, static_cast<std::uint32_t>(out.lines.size()), 0, value});
}

// The same of a group of lines.
template <class Wanted>
void report_lines(const World& w, Discovery& out, const Grouping& groups, std::uint32_t group,
                  std::int64_t value, const Wanted& wanted) {
  const std::span<const std::uint32_t> lines = groups.of(group);
  const std::size_t first = leader(lines, w.lines.order);
  const auto begin = static_cast<std::uint32_t>(out.lines.size());
  for (const std::uint32_t i : lines)
    if (wanted(i))
      out.lines.push_back({i, w.lines.amount[i]});
  std::sort(out.lines.begin() + begin, out.lines.end(),
            [&](const FoundLine& a, const FoundLine& b) {
              return w.lines.order[a.row] < w.lines.order[b.row];
            });
  out.findings.push_back({groups.visit_of[groups.first[group] + first], lines[first], begin,
                          static_cast<std::uint32_t>(out.lines.size()) - begin, value});
}
inline void report_lines(const World& w, Discovery& out, const Grouping& groups,
                         std::uint32_t group, std::int64_t value) {
  report_lines(w, out, groups, group, value, [](std::uint32_t) { return true; });
}

[[nodiscard]] inline Key pair(std::uint64_t a, std::uint64_t b, std::int64_t c = 0) {
  return {(a << 32) | b, static_cast<std::uint64_t>(c)};
}

} // namespace sanku::bench::limit
