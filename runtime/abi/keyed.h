// The index of a knowledge table by key: built by knowledge::bind, probed by skeletons and
// generated code through find_key. Both sides take the place of an id from here. Freestanding: also
// compiled to bitcode. An entry with count 0 is free, so that 0 is a usable id for whole-number
// keys; codes and enums never have it. Tested by tests/unit/runtime/knowledge_test.cpp.
#pragma once

#include "runtime/abi/frame.h"
#include "runtime/types/moment.h"

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
  if (keyed.span != 0) {
    const std::uint32_t at = id - keyed.first;
    if (at >= keyed.span)
      return {id, 0, 0};
    return {id, keyed.runs[at].begin, keyed.runs[at].count};
  }
  for (std::uint32_t at = key_place(id, keyed.mask);; at = (at + 1) & keyed.mask) {
    const KeyEntry entry = keyed.entries[at];
    if (entry.count == 0 || entry.id == id)
      return entry;
  }
}

// The i-th row of an entry.
inline std::uint32_t row_at(const KeyedView& keyed, const KeyEntry& entry, std::uint32_t i) {
  return entry.count == 1 ? entry.begin : keyed.rows[entry.begin + i];
}

// As of when rows of a dated table are read, and where those of one that overlays change.
struct When {
  Moment moment;
  bool known;
};
inline When when_of(const KeyedView& keyed, const void* at) {
  if (keyed.zoned) {
    const auto& packed = *static_cast<const Maybe<Integer>*>(at);
    return {moment_of(packed.value.value), packed.known};
  }
  const auto& day = *static_cast<const Maybe<Date>*>(at);
  return {{day.value.days, 0}, day.known};
}

// Whether a row of such a table counts then and there. Of a place that nobody knows only rows are
// asked that count everywhere or nowhere there: see unsure.
inline bool counts_on(const KeyedView& keyed, std::uint32_t row, Moment moment) {
  if (!keyed.zoned)
    return keyed.valid_from[row] <= moment.day && moment.day <= keyed.valid_to[row];
  const std::int32_t* const from = keyed.valid_from + 2 * std::size_t{row};
  const std::int32_t* const to = keyed.valid_to + 2 * std::size_t{row};
  return from[0] <= moment.day && moment.day <= to[0] &&
         (moment.zone == unknown_zone || (from[1] <= moment.zone && moment.zone <= to[1]));
}

// Whether the rows of an entry, and of the shorter keys that it may give way to, differ by place
// while the place is not known.
inline bool unsure(const KeyedView& keyed, KeyEntry entry, Moment moment) {
  if (!keyed.zoned || moment.zone != unknown_zone)
    return false;
  while (entry.count != 0) {
    for (std::uint32_t i = 0; i < entry.count; ++i) {
      const std::size_t row = row_at(keyed, entry, i);
      if (keyed.valid_from[2 * row + 1] > 0 || keyed.valid_to[2 * row + 1] != last_zone)
        return true;
    }
    if (keyed.shorter == nullptr)
      return false;
    entry = find_key(keyed, keyed.shorter[entry.id]);
  }
  return false;
}
// Likewise of what a look-up finds.
inline bool unknown_at(const KeyedView& keyed, KeyEntry entry, When when) {
  return entry.count != 0 && (!when.known || unsure(keyed, entry, when.moment));
}

// Negative, zero or positive, bytewise.
inline int compare_texts(const Text& a, const Text& b) {
  for (std::uint64_t i = 0; i < a.size && i < b.size; ++i)
    if (a.data[i] != b.data[i])
      return static_cast<unsigned char>(a.data[i]) < static_cast<unsigned char>(b.data[i]) ? -1 : 1;
  return a.size == b.size ? 0 : a.size < b.size ? -1 : 1;
}
inline bool begins_with(const Text& text, const Text& start) {
  return text.size >= start.size && compare_texts({text.data, start.size}, start) == 0;
}

// The key with that text, or the longest that begins it where keys are prefixes; 0: there is none.
// All keys that begin a text begin the last key that does not stand behind it.
inline std::uint32_t key_of_text(const KeyedView& keyed, const CodeTexts& texts, const Text& text) {
  std::uint32_t low = 0, high = keyed.key_count;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (compare_texts(texts.frozen[keyed.keys[middle] - texts.first], text) <= 0)
      low = middle + 1;
    else
      high = middle;
  }
  std::uint32_t key = low == 0 ? 0 : keyed.keys[low - 1];
  const auto text_of = [&](std::uint32_t id) { return texts.frozen[id - texts.first]; };
  if (keyed.shorter == nullptr)
    return key != 0 && compare_texts(text_of(key), text) == 0 ? key : 0;
  while (key != 0 && !begins_with(text, text_of(key)))
    key = keyed.shorter[key];
  return key;
}

// The keys whose rows a look-up finds; of a code of two parts there may be two.
// Stands in a Slot, and is passed by address as all values are.
struct alignas(32) KeyIds {
  std::uint32_t first;
  std::uint32_t second; // 0: none
  bool known;
};
inline KeyIds key_ids(const KeyedView& keyed, const CodeTexts& texts, std::uint32_t id) {
  KeyIds found{0, 0, true};
  if (id < texts.first)
    return found; // no code
  const Text text =
      id < texts.end ? texts.frozen[id - texts.first] : texts.overflow[id - texts.end];
  found.first = id < keyed.codes ? keyed.key_of[id] : key_of_text(keyed, texts, text);
  if (found.first != 0 || !keyed.two_parts)
    return found;
  // A part as the table has it: with its sign, or without.
  const auto part = [&](std::uint64_t begin, std::uint64_t end, std::uint64_t sign) {
    const std::uint32_t with = key_of_text(keyed, texts, Text{text.data + begin, end - begin});
    return with != 0 || sign == 0
               ? with
               : key_of_text(keyed, texts, Text{text.data + begin, end - begin - sign});
  };
  const std::uint64_t star = text.size != 0 && text.data[text.size - 1] == '*' ? 1 : 0;
  for (std::uint64_t i = 0; i < text.size; ++i) {
    if (text.data[i] != '+')
      continue;
    found.first = part(0, i + 1, 1);
    found.second = part(i + 1, text.size, star);
    if (found.first == 0)
      found = {found.second, 0, true};
    if (found.second == found.first)
      found.second = 0;
    return found;
  }
  if (star != 0)
    found.first = part(0, text.size, 1);
  return found;
}

// The entry whose rows are looked at on that day: of the longest key that has one.
inline KeyEntry find_on(const KeyedView& keyed, std::uint32_t id, Moment moment) {
  KeyEntry entry = find_key(keyed, id);
  while (keyed.falls_back && entry.count != 0) {
    for (std::uint32_t i = 0; i < entry.count; ++i)
      if (counts_on(keyed, row_at(keyed, entry, i), moment))
        return entry;
    entry = find_key(keyed, keyed.shorter[entry.id]);
  }
  return entry;
}

} // namespace sanku::abi
