// CodeCache: what ids the codes of one dictionary have, for one builder of batches, kept from batch
// to batch, so that a code that was seen before costs one probe, whether the frozen dictionary has
// it or the batch counts it among its own. Only texts that are normal as they were written are
// kept: a hit needs no second look. Slots of eight bytes, texts in cells of 32 bytes compared at
// once. Header only. Entry: CodeCache::find. Tested by tests/unit/runtime/cells_test.cpp.
#pragma once

#include "runtime/codes/dictionary.h"

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
// `readable`: at least 32 bytes from `at` on may be read.
[[nodiscard]] inline Cell cell_of(const char* at, std::size_t size) {
  Cell cell;
  std::memcpy(cell.words, at, cell_bytes);
  for (std::size_t word = 0; word < 4; ++word) {
    const std::size_t begin = word * 8;
    const std::size_t used = size <= begin ? 0 : size - begin;
    if (used < 8)
      cell.words[word] &= (std::uint64_t{1} << (used * 8)) - 1;
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
  struct Entry {
    Cell text;
    std::uint32_t size = 0;
    std::uint32_t frozen = no_code; // id in the frozen dictionary
    std::uint32_t own = 0;          // else: offset into the overflow of batch number `batch`
    std::uint32_t batch = 0;
  };

  // The entry of a text of 1 to 32 bytes; null: it is not there, and the next `add` may follow.
  [[nodiscard]] Entry* find(const Cell& cell, std::size_t size) {
    return find(cell, size, hash_of(cell, size));
  }
  [[nodiscard]] Entry* find(const Cell& cell, std::size_t size, std::uint64_t hash) {
    hash_ = hash;
    if (slots_.empty())
      return nullptr;
    for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      const std::uint64_t slot = slots_[at];
      if (slot == 0)
        return nullptr;
      if (slot >> 32 != hash >> 32)
        continue;
      Entry& entry = entries_[static_cast<std::uint32_t>(slot) - 1];
      if (entry.text == cell && entry.size == size)
        return &entry;
    }
  }
  // Codes are many and lie far apart: what a later `find` will read is asked for before, first the
  // slot, then, some time after, the entry.
  void fetch_slot(std::uint64_t hash) const {
    if (!slots_.empty())
      __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  }
  void fetch_entry(std::uint64_t hash) const {
    if (slots_.empty())
      return;
    const std::uint64_t slot = slots_[hash & (slots_.size() - 1)];
    if (slot != 0 && slot >> 32 == hash >> 32) {
      const Entry& entry = entries_[static_cast<std::uint32_t>(slot) - 1];
      __builtin_prefetch(&entry);
      __builtin_prefetch(&entry.size);
    }
  }
  // After `find` of the same text gave nothing. The entry stays where it is until the next.
  Entry& add(const Cell& cell, std::size_t size) {
    if ((entries_.size() + 1) * 2 > slots_.size())
      grow();
    Entry& entry = entries_.emplace_back();
    entry.text = cell;
    entry.size = static_cast<std::uint32_t>(size);
    place(hash_, static_cast<std::uint32_t>(entries_.size()));
    return entry;
  }
  // Codes that never come again (persons, prescriptions) may not fill the memory.
  void forget_if_full() {
    if (entries_.size() < most_entries)
      return;
    entries_.clear();
    slots_.assign(slots_.size(), 0);
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

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
  void place(std::uint64_t hash, std::uint32_t number) {
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at] != 0)
      at = (at + 1) & (slots_.size() - 1);
    slots_[at] = (hash >> 32 << 32) | number;
  }
  void grow() {
    slots_.assign(slots_.empty() ? 64 : slots_.size() * 2, 0);
    for (std::uint32_t i = 0; i < entries_.size(); ++i)
      place(hash_of(entries_[i].text, entries_[i].size), i + 1);
  }

  std::vector<std::uint64_t> slots_; // 0, or a piece of the hash and number + 1
  std::vector<Entry> entries_;
  std::uint64_t hash_ = 0; // of the last find
};

} // namespace sanku::codes
