// NameIndex: a fixed set of short names to small numbers, asked once or more for every cell that is
// read. Filled once, then only read; input never grows it, so hostile keys can do no more than
// miss. Open addressing, at most half full. Names are borrowed from the schema, which outlives it.
// Tested by tests/unit/runtime/text_test.cpp.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace sanku {

class NameIndex {
public:
  // `id` must not be 0. A name that is there already keeps its first number.
  void add(std::string_view name, std::uint32_t id) {
    if (find(name) != 0)
      return;
    if ((used_ + 1) * 2 > slots_.size())
      grow();
    place(Slot{name, id});
    ++used_;
  }

  // 0 when absent.
  [[nodiscard]] std::uint32_t find(std::string_view name) const {
    if (slots_.empty())
      return 0;
    for (std::size_t at = hash(name) & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[at];
      if (slot.id == 0 || slot.name == name)
        return slot.id;
    }
  }

private:
  struct Slot {
    std::string_view name;
    std::uint32_t id = 0;
  };

  // The length and both ends of the name tell field names apart; equality decides.
  static std::size_t hash(std::string_view name) {
    std::uint64_t head = 0, tail = 0;
    const std::size_t n = name.size() < 8 ? name.size() : 8;
    if (n != 0) {
      std::memcpy(&head, name.data(), n);
      std::memcpy(&tail, name.data() + name.size() - n, n);
    }
    std::uint64_t mixed = (head ^ (name.size() * 0x9E3779B97F4A7C15u)) * 0xFF51AFD7ED558CCDu;
    mixed ^= mixed >> 32;
    mixed = (mixed ^ tail) * 0xC4CEB9FE1A85EC53u;
    return static_cast<std::size_t>(mixed ^ (mixed >> 29));
  }

  void place(const Slot& added) {
    std::size_t at = hash(added.name) & (slots_.size() - 1);
    while (slots_[at].id != 0)
      at = (at + 1) & (slots_.size() - 1);
    slots_[at] = added;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.id != 0)
        place(slot);
    }
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

} // namespace sanku
