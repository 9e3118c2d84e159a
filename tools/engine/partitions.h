// Entries put apart by a hash into the lanes of a spill, and taken back a partition at a time: what
// fits into memory together, or the lanes of a lane that does not. Header only, for the files of
// this folder. Entry: Partitions::walk. Tested by tests/unit/tools/waiting_test.cpp.
#pragma once

#include "tools/engine/entries.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::engine {

inline constexpr std::size_t lanes = 32;
inline constexpr unsigned lane_bits = 5;
inline constexpr unsigned deepest = 8; // partitions of partitions

inline std::size_t lane_of(std::uint64_t hash, unsigned depth) {
  return (hash >> (64 - lane_bits * (depth + 1))) & (lanes - 1);
}

// The entries of a lane that fit into memory together; of a larger lane, of each of its lanes.
struct Partitions {
  std::size_t memory = 0;
  std::function<std::uint64_t(std::string_view)> hash; // of an entry
  std::function<Result<void>(const std::vector<std::string>&)> take;
  std::uint64_t most_loaded = 0;

  Result<void> walk(const io::Spill& spill, std::size_t lane, std::uint64_t bytes, unsigned depth) {
    if (bytes > memory && depth < deepest)
      return split(spill, lane, depth);
    std::vector<std::string> entries;
    EntryReader reader(spill, lane);
    auto entry = reader.next();
    for (; entry && *entry; entry = reader.next())
      entries.emplace_back(**entry);
    if (!entry)
      return tl::unexpected(entry.error());
    most_loaded = std::max(most_loaded, bytes);
    return entries.empty() ? Result<void>() : take(entries);
  }

  Result<void> split(const io::Spill& spill, std::size_t lane, unsigned depth) {
    io::Spill parts(lanes, memory / 2);
    std::vector<std::uint64_t> sizes(lanes, 0);
    std::optional<std::uint64_t> first;
    bool same = true; // all belong together: no split helps
    EntryReader reader(spill, lane);
    auto entry = reader.next();
    for (; entry && *entry; entry = reader.next()) {
      const std::uint64_t of_entry = hash(**entry);
      same = same && of_entry == first.value_or(of_entry);
      first = of_entry;
      const std::size_t to = lane_of(of_entry, depth);
      sizes[to] += (*entry)->size();
      if (auto added = append_entry(parts, to, **entry); !added)
        return added;
    }
    if (!entry)
      return tl::unexpected(entry.error());
    for (std::size_t to = 0; to < lanes; ++to)
      if (auto walked = walk(parts, to, sizes[to], same ? deepest : depth + 1); !walked)
        return walked;
    return {};
  }
};

} // namespace sanku::engine
