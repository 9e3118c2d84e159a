// CodeCache: what ids the codes of one dictionary have, for one builder of batches, kept from batch
// to batch, so that a code that was seen before costs one probe, whether the frozen dictionary has
// it or the batch counts it among its own. Only texts that are normal as they were written are
// kept: a hit needs no second look. There are more codes than a processor keeps at hand, so what is
// known of one lies in one line of memory, which may be fetched long before it is read. Header
// only. Entry: CodeCache::find. Tested by tests/unit/runtime/cells_test.cpp.
#pragma once

#include "runtime/codes/dictionary.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace sanku::codes {

inline constexpr std::size_t cell_bytes = 32;

// A text of at most 32 bytes, the rest zero.
struct Cell {
  std::uint64_t words[4] = {0, 0, 0, 0};
  bool operator==(const Cell&) const = default;
};
// At least 32 bytes from `at` on may be read.
[[nodiscard]] inline Cell cell_of(const char* at, std::size_t size) {
  // From 32 - size on: as many ones as the text has bytes, then zeros.
  alignas(64) static constexpr auto masks = [] {
    std::array<std::uint8_t, 2 * cell_bytes> bytes = {};
    std::fill_n(bytes.begin(), cell_bytes, std::uint8_t{0xff});
    return bytes;
  }();
  Cell cell;
  for (std::size_t word = 0; word < 4; ++word) {
    std::uint64_t text, mask;
    std::memcpy(&text, at + 8 * word, 8);
    std::memcpy(&mask, masks.data() + cell_bytes - size + 8 * word, 8);
    cell.words[word] = text & mask;
  }
  return cell;
}

// Whether `normalise` (dictionary.h) leaves a text as it is, as far as a glance tells: ASCII from
// `!` to `_`, and no X where there is a point, behind which it may be a mark. Texts hold no zero.
[[nodiscard]] inline bool is_plainly_normal(const Cell& cell) {
  constexpr std::uint64_t ones = 0x0101010101010101u, high = 0x80 * ones;
  std::uint64_t odd = 0, letter = 0, point = 0;
  for (const std::uint64_t word : cell.words) {
    const std::uint64_t there = word + 0x7f * ones, above_blank = word + 0x5f * ones,
                        above_letters = word + 0x20 * ones;
    odd |= word | above_letters | (there & ~above_blank);
    letter |= ~((word ^ ('X' * ones)) + 0x7f * ones);
    point |= ~((word ^ ('.' * ones)) + 0x7f * ones);
  }
  return (odd & high) == 0 && ((letter & high) == 0 || (point & high) == 0);
}

class CodeCache {
public:
  struct alignas(64) Entry {
    Cell text;
    std::uint32_t size = 0;         // 0: nobody's
    std::uint32_t frozen = no_code; // id in the frozen dictionary
    std::uint32_t own = 0;          // else: offset into the overflow of batch number `batch`
    std::uint32_t batch = 0;
    std::uint64_t hash = 0;

    [[nodiscard]] bool is(const Cell& cell, std::size_t bytes) const {
      std::uint64_t differ = bytes ^ size;
      for (std::size_t word = 0; word < 4; ++word)
        differ |= text.words[word] ^ cell.words[word];
      return differ == 0;
    }
  };

  // The entry of a text of 1 to 32 bytes; null: it is not there. It stays where it is until the
  // next `add`.
  [[nodiscard]] Entry* find(const Cell& cell, std::size_t size) {
    return find(cell, size, hash_of(cell, size));
  }
  [[nodiscard]] Entry* find(const Cell& cell, std::size_t size, std::uint64_t hash) {
    for (std::size_t at = hash & last_;; at = (at + 1) & last_) {
      Entry& entry = entries_[at];
      if (entry.is(cell, size)) [[likely]]
        return &entry;
      if (entry.size == 0)
        return nullptr;
    }
  }
  // What `find` will read.
  void fetch(std::uint64_t hash) const { __builtin_prefetch(&entries_[hash & last_]); }
  // A text that `find` does not give.
  Entry& add(const Cell& cell, std::size_t size, std::uint64_t hash) {
    if (++used_ * 2 > last_)
      grow();
    Entry& entry = free_for(hash);
    entry.text = cell;
    entry.size = static_cast<std::uint32_t>(size);
    entry.hash = hash;
    return entry;
  }
  // Codes that never come again (persons, prescriptions) may not fill the memory.
  void forget_if_full() {
    if (used_ < most_entries)
      return;
    entries_.assign(entries_.size(), {});
    used_ = 0;
  }
  [[nodiscard]] std::size_t size() const { return used_; }

  static constexpr std::size_t most_entries = std::size_t{1} << 16;

  [[nodiscard]] static std::uint64_t hash_of(const Cell& cell, std::size_t size) {
    const std::uint64_t head =
        fold(cell.words[0] ^ 0x9E3779B97F4A7C15u, cell.words[1] ^ (size * 0xC4CEB9FE1A85EC53u));
    const std::uint64_t tail =
        fold(cell.words[2] ^ 0xFF51AFD7ED558CCDu, cell.words[3] ^ 0xD6E8FEB86659FD93u);
    return (head ^ std::rotl(tail, 23)) * 0x9E3779B97F4A7C15u;
  }

private:
  [[nodiscard]] static std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }
  [[nodiscard]] Entry& free_for(std::uint64_t hash) {
    std::size_t at = hash & last_;
    while (entries_[at].size != 0)
      at = (at + 1) & last_;
    return entries_[at];
  }
  void grow() {
    std::vector<Entry> old(entries_.size() * 2);
    old.swap(entries_);
    last_ = entries_.size() - 1;
    for (const Entry& entry : old)
      if (entry.size != 0)
        free_for(entry.hash) = entry;
  }

  std::vector<Entry> entries_ = std::vector<Entry>(2); // at most half of them somebody's
  std::size_t last_ = 1;
  std::size_t used_ = 0;
};

} // namespace sanku::codes
