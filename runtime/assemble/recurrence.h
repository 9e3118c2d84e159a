// Which keys may come more than once in an input: a sound filter of fixed size. It says "no" only
// when that is so; two keys that share a place are taken for one, whose records then wait in vain.
// Header only. Entry: Recurrence. Tested by tests/unit/runtime/settle_test.cpp.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sanku::assemble {

class Recurrence {
public:
  // At most `bytes`, at least some.
  explicit Recurrence(std::size_t bytes)
      : words_(std::bit_floor(std::max<std::size_t>(bytes / 8, 8))) {}

  // A key with this hash was seen.
  void note(std::uint64_t hash) {
    std::uint64_t& word = words_[(hash >> 5) & (words_.size() - 1)];
    const std::uint64_t once = std::uint64_t{1} << (2 * (hash & 31));
    any_ = any_ || (word & once) != 0;
    word |= (word & once) != 0 ? once << 1 : once;
  }
  [[nodiscard]] bool may_recur(std::uint64_t hash) const {
    return ((words_[(hash >> 5) & (words_.size() - 1)] >> (2 * (hash & 31) + 1)) & 1) != 0;
  }
  // Whether any key may.
  [[nodiscard]] bool any() const { return any_; }

private:
  std::vector<std::uint64_t> words_; // two bits a place: seen, seen again
  bool any_ = false;
};

} // namespace sanku::assemble
