// The index of a knowledge table by key: built by knowledge::bind, probed by skeletons and
// generated code through find_key. Both sides take the place of an id from here. Freestanding: also
// compiled to bitcode. An entry with count 0 is free, so that 0 is a usable id for whole-number
// keys; codes and enums never have it. Tested by tests/unit/runtime/knowledge_test.cpp.
#pragma once

#include "runtime/abi/frame.h"

namespace sanku::abi {

// Where the search for an id begins. Multiplying spreads dense ids, and the shift brings the well
// mixed high bits down.
inline std::uint32_t key_place(std::uint32_t id, std::uint32_t mask) {
  const std::uint32_t mixed = id * 0x9E3779B1u;
  return (mixed ^ (mixed >> 15)) & mask;
}

// Where the ids of a text key begin (FNV-1a): texts of one table that meet here take the next free
// id, so that an id stands for one text.
inline std::uint32_t text_key_hash(const char* text, std::uint64_t size) {
  std::uint32_t hash = 0x811C9DC5u;
  for (std::uint64_t i = 0; i < size; ++i)
    hash = (hash ^ static_cast<unsigned char>(text[i])) * 0x01000193u;
  return hash;
}

// The entry of that key; count 0 when the table has no row for it. Ends because a table is at most
// half full.
inline KeyEntry find_key(const KeyedView& keyed, std::uint32_t id) {
  for (std::uint32_t at = key_place(id, keyed.mask);; at = (at + 1) & keyed.mask) {
    const KeyEntry entry = keyed.entries[at];
    if (entry.count == 0 || entry.id == id)
      return entry;
  }
}

// Whether a row of a dated table counts on that day.
inline bool counts_on(const KeyedView& keyed, std::uint32_t row, Date day) {
  return keyed.valid_from[row] <= day.days && day.days <= keyed.valid_to[row];
}

} // namespace sanku::abi
