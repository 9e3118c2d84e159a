// Which keys may come more than once in an input: a sound filter of fixed size. It says "no" only
// when that is so; two keys that share a place are taken for one, whose records then wait in vain.
// Memory comes page by page as places are used, so a small input costs little. Header only. Entry:
// Recurrence. Tested by tests/unit/runtime/settle_test.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace sanku::assemble {

class Recurrence {
public:
  // At most `bytes`, at least one page.
  explicit Recurrence(std::size_t bytes)
      : pages_(std::bit_floor(std::max<std::size_t>(bytes / sizeof(Page), 1))) {}

  // The place of a hash that will be asked for soon: it is likely far away.
  void fetch(std::uint64_t hash) const {
    if (const std::unique_ptr<Page>& page = pages_[page_of(hash)])
      __builtin_prefetch(&(*page)[word_of(hash)]);
  }
  // A key with this hash was seen.
  void note(std::uint64_t hash) {
    std::unique_ptr<Page>& page = pages_[page_of(hash)];
    if (!page)
      page = std::make_unique<Page>();
    std::uint64_t& word = (*page)[word_of(hash)];
    const std::uint64_t once = std::uint64_t{1} << (2 * (hash & 31));
    any_ = any_ || (word & once) != 0;
    word |= (word & once) != 0 ? once << 1 : once;
  }
  [[nodiscard]] bool may_recur(std::uint64_t hash) const {
    const std::unique_ptr<Page>& page = pages_[page_of(hash)];
    return page && (((*page)[word_of(hash)] >> (2 * (hash & 31) + 1)) & 1) != 0;
  }
  // Whether any key may.
  [[nodiscard]] bool any() const { return any_; }

private:
  // Two bits a place: seen, seen again; 32 places a word.
  using Page = std::array<std::uint64_t, 1024>;

  [[nodiscard]] static std::size_t word_of(std::uint64_t hash) { return (hash >> 5) & 1023; }
  [[nodiscard]] std::size_t page_of(std::uint64_t hash) const {
    return (hash >> 15) & (pages_.size() - 1);
  }

  std::vector<std::unique_ptr<Page>> pages_;
  bool any_ = false;
};

} // namespace sanku::assemble
