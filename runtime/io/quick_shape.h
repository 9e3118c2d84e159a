// What QuickRecord (quick_record.h) has learnt of the objects of one kind: which keys they have,
// how each is written, what it is good for and which follows which. Header only. Tested by
// tests/unit/runtime/quick_record_test.cpp.
#pragma once

#include "runtime/batch/cells.h"
#include "runtime/io/claim_layout.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

namespace sanku::io::quick {

inline constexpr std::size_t most_keys = 120; // of one kind of object
inline constexpr std::size_t step_bytes = 32;

// What a key is good for.
enum class Use : std::uint8_t { nothing, cell, list, node, current, general };
struct Meaning {
  Use use = Use::nothing;
  std::uint32_t number = 0; // of the column, the list, the scope
};

// What is done with a text that stands behind a key.
enum class Way : std::uint8_t { elsewhere, nothing, boolean, number, time, code, listed, text };

// A key that a text follows, or anything else but a text, and what was seen to come next.
struct alignas(64) Step {
  char text[step_bytes] = {}; // from the comma to the value, with the quote that a text begins with
  std::uint32_t mask = ~0u;   // of its bytes
  std::uint8_t length = 0;    // 0: longer, never expected
  Way way = Way::elsewhere;
  bool is_text = false;
  bool visit = false;               // the visit's number
  std::uint8_t next = 0, other = 0; // steps
  Use use = Use::general;           // of none
  std::uint32_t number = 0;         // of its meaning
  batch::ColumnBuilding* column = nullptr;

  void write(const char* at, std::size_t bytes) {
    std::memcpy(text, at, bytes);
    text[0] = ','; // before the first key stands a brace
    length = static_cast<std::uint8_t>(bytes);
    mask = bytes == step_bytes ? ~0u : (1u << bytes) - 1;
  }
};

struct Shape {
  std::vector<Meaning> meanings; // by slot
  const ObjectLayout* layout = nullptr;
  std::uint32_t relation = 0;
  std::vector<std::uint32_t> needed; // columns
  std::vector<Step> steps;           // [0] is none's; of each key first without text, then with
  std::deque<std::string> keys;
  NameIndex names;                       // of `keys`: number of the first of its two steps
  std::array<std::uint8_t, 512> slots{}; // steps that are written, by hash_of their keys
  std::uint8_t first = 0;

  [[nodiscard]] static std::size_t next_slot(std::size_t slot) { return (slot + 1) % 512; }
  // Of a key that is not empty, by its length and both ends; 8 bytes from its first may be read.
  [[nodiscard]] static std::size_t slot_of(const char* key, std::size_t size) {
    const std::uint64_t head = size < 8 ? 0 : batch::word_at(key);
    const std::uint64_t tail =
        size < 8 ? batch::word_at(key) << (64 - 8 * size) : batch::word_at(key + size - 8);
    return ((head * 0x9E3779B97F4A7C15u + tail + size) * 0xC4CEB9FE1A85EC53u) >> 55;
  }
  void add(std::uint8_t step, const char* key, std::size_t size) {
    std::size_t slot = slot_of(key, size);
    while (slots[slot] != 0)
      slot = next_slot(slot);
    slots[slot] = step;
  }
};
static_assert(most_keys * 2 < 256);

// Where an object stands.
struct Place {
  Shape* shape;
  std::uint32_t scope, row;
};

} // namespace sanku::io::quick
