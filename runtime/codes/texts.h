// Texts by number, in a few large pieces instead of one allocation each, at addresses that never
// change; and an index from a text to its number, in eight bytes a slot. Many texts are added and
// few are asked for, so both are built for adding. Header only. Entries: Texts, TextIndex. Tested
// by tests/unit/runtime/text_test.cpp.
#pragma once

#include "runtime/types/scalar.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace sanku::codes {

// The same on every machine of one byte order; nothing that it decides can be seen.
[[nodiscard]] inline std::uint64_t text_hash(std::string_view text) {
  std::uint64_t hash = text.size() * 0x9E3779B97F4A7C15u;
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * 0xFF51AFD7ED558CCDu;
    hash ^= hash >> 32;
  };
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    mix(word);
  }
  std::uint64_t word = 0;
  if (left != 0)
    std::memcpy(&word, at, left);
  mix(word);
  return hash * 0xC4CEB9FE1A85EC53u;
}

class Texts {
public:
  Texts() = default;
  ~Texts() = default;
  Texts(Texts&&) noexcept = default;
  Texts& operator=(Texts&&) noexcept = default;
  Texts(const Texts& other) { *this = other; }
  Texts& operator=(const Texts& other) {
    if (this == &other)
      return *this;
    *this = Texts();
    for (std::size_t i = 0; i < other.size(); ++i)
      push(other[i]);
    return *this;
  }

  [[nodiscard]] std::size_t size() const { return views_.size(); }
  [[nodiscard]] bool empty() const { return views_.empty(); }
  [[nodiscard]] std::string_view operator[](std::size_t number) const {
    return {views_[number].data, views_[number].size};
  }
  // By number, as generated code reads them; until the next is added.
  [[nodiscard]] const Text* views() const { return views_.data(); }
  // Bytes held, by and large.
  [[nodiscard]] std::size_t bytes() const { return held_ + views_.capacity() * sizeof(views_[0]); }

  void push(std::string_view text) {
    if (text.size() > room_)
      grow(text.size());
    if (!text.empty())
      std::memcpy(next_, text.data(), text.size());
    views_.push_back({next_, text.size()});
    next_ += text.size();
    room_ -= text.size();
  }
  // Those that lie one after another in `bytes`, one more offset than texts; by `number`, from 0
  // on, each once, where it is not as they lie.
  template <class NumberOf>
  void push_all(std::string_view bytes, std::span<const std::uint32_t> offsets, NumberOf number) {
    if (bytes.size() > room_)
      grow(bytes.size());
    if (!bytes.empty())
      std::memcpy(next_, bytes.data(), bytes.size());
    const std::size_t first = views_.size();
    views_.resize(first + offsets.size() - 1);
    for (std::size_t i = 0; i + 1 < offsets.size(); ++i)
      views_[first + number(i)] = {next_ + offsets[i], offsets[i + 1] - offsets[i]};
    next_ += bytes.size();
    room_ -= bytes.size();
  }

private:
  void grow(std::size_t needed) {
    const std::size_t size = std::max({needed, std::min(held_, largest_piece), smallest_piece});
    pieces_.push_back(std::make_unique_for_overwrite<char[]>(size));
    next_ = pieces_.back().get();
    room_ = size;
    held_ += size;
  }

  static constexpr std::size_t smallest_piece = 256, largest_piece = std::size_t{64} << 10;
  std::vector<std::unique_ptr<char[]>> pieces_;
  std::vector<Text> views_;
  char* next_ = nullptr;
  std::size_t room_ = 0, held_ = 0;
};

// The numbers of the texts [0, indexed()).
class TextIndex {
public:
  [[nodiscard]] std::uint32_t indexed() const { return indexed_; }

  // The number, or ~0.
  [[nodiscard]] std::uint32_t find(const Texts& texts, std::string_view text) const {
    return slots_.empty() ? ~std::uint32_t{0} : find(texts, text, text_hash(text));
  }
  // With its hash; not while nothing is indexed.
  [[nodiscard]] std::uint32_t find(const Texts& texts, std::string_view text,
                                   std::uint64_t hash) const {
    for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      const std::uint64_t slot = slots_[at];
      if (slot == 0)
        return ~std::uint32_t{0};
      const auto number = static_cast<std::uint32_t>(slot) - 1;
      if (slot >> 32 == hash >> 32 && texts[number] == text)
        return number;
    }
  }
  // What `find` will read is asked for before: first the slot; some time after it the text's place;
  // then the text.
  void fetch_slot(std::uint64_t hash) const {
    __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  }
  void fetch_view(const Texts& texts, std::uint64_t hash) const {
    if (const auto number = first_of(hash); number != 0)
      __builtin_prefetch(texts.views() + (number - 1));
  }
  void fetch_text(const Texts& texts, std::uint64_t hash) const {
    if (const auto number = first_of(hash); number != 0)
      __builtin_prefetch(texts[number - 1].data());
  }
  // Takes in the texts from indexed() on. False: two are equal, which nobody should add, and a file
  // that was tampered with may say.
  bool catch_up(const Texts& texts) {
    bool differ = true;
    const auto count = static_cast<std::uint32_t>(texts.size());
    if (std::size_t{count} * 2 > slots_.size()) {
      std::size_t size = std::max<std::size_t>(16, slots_.size());
      while (size < std::size_t{count} * 2)
        size *= 2;
      slots_.assign(size * 2, 0);
      indexed_ = 0;
    }
    for (; indexed_ < count; ++indexed_) {
      const std::uint64_t hash = text_hash(texts[indexed_]);
      std::size_t at = hash & (slots_.size() - 1);
      for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1))
        if (slots_[at] >> 32 == hash >> 32 &&
            texts[static_cast<std::uint32_t>(slots_[at]) - 1] == texts[indexed_])
          differ = false;
      slots_[at] = (hash >> 32 << 32) | (indexed_ + 1);
    }
    return differ;
  }

private:
  // The number after that of the text which likely has this hash, or 0.
  [[nodiscard]] std::uint32_t first_of(std::uint64_t hash) const {
    const std::uint64_t slot = slots_[hash & (slots_.size() - 1)];
    return slot >> 32 == hash >> 32 ? static_cast<std::uint32_t>(slot) : 0;
  }

  std::vector<std::uint64_t> slots_; // 0, or a piece of the hash and number + 1
  std::uint32_t indexed_ = 0;
};

} // namespace sanku::codes
