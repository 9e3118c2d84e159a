// Columns while their batch is being built, and the quick way of one cell into one: the forms that
// nearly all cells have, straight from the bytes of the input. What a quick way does not know is
// not wrong, it is asked of BatchBuilder::set_text, which says what a cell means. Header only.
// Entry: put_cell. Tested by tests/unit/runtime/cells_test.cpp, which holds it against set_text.
//
// Bytes: from the cell's first on 32 at a time may be read, beyond its end, if it is empty too.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/codes/code_cache.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sanku::batch {

inline constexpr std::size_t readable_bytes = 32;

// ---- columns ------------------------------------------------------------------------------------

// The codes of one dictionary in the batch that is being built.
struct CodesBuilding {
  codes::CodeCache cache;
  codes::Overflow* own = nullptr; // the batch's
  const codes::Dictionary* dictionary = nullptr;
  std::uint32_t frozen = 0; // ids below are the dictionary's
  std::uint32_t batch = 0;  // number of the batch, for the cache
  bool uncached = false;    // some text of `own` is not in the cache

  // The id of a code of the cache in this batch.
  std::uint32_t id_of(codes::CodeCache::Entry& entry, std::string_view code) {
    if (entry.frozen != codes::no_code)
      return entry.frozen;
    if (entry.batch != batch) {
      entry.own = uncached ? codes::intern(*own, code) : codes::append(*own, code);
      entry.batch = batch;
    }
    return frozen + entry.own;
  }
};

// Wire codes of one enum of at most eight bytes, as words: value id, or `missing_value`.
inline constexpr std::uint32_t missing_value = 0xffffffffu;
struct EnumWords {
  struct Slot {
    std::uint64_t word = 0; // no text is empty, so that 0 is nobody's
    std::uint32_t id = 0;
  };
  std::array<Slot, 64> slots = {};

  [[nodiscard]] Slot& slot(std::uint64_t word) { return slots[(word * 0x9E3779B97F4A7C15u) >> 58]; }
};

// The last date that was read into a column, as it stood and as a number: the lines of a visit are
// often of one day.
struct LastDay {
  std::uint64_t head = 0x2d31302d30373931u; // "1970-01-"
  std::uint16_t tail = 0x3130u;             // "01"
  std::int32_t days = 0;
};

// Text columns: offsets[0 … filled] are written, the last of them is `used`.
struct ColumnBuilding {
  std::uint8_t* values = nullptr; // null: there is no value yet
  std::uint8_t* validity = nullptr;
  std::uint32_t* offsets = nullptr;
  std::uint32_t used = 0, room = 0, filled = 0;
  Kind kind = Kind::boolean;
  std::uint8_t scale = 0;
  bool kept = true;       // else what is read is checked and forgotten
  std::int64_t bound = 0; // exclusive, numbers only
  CodesBuilding* codes = nullptr;
  EnumWords* words = nullptr;
  LastDay day;
  ColumnData* data = nullptr;    // the batch's
  std::uint32_t room_rows = 0;   // of the relation
  std::uint32_t room_before = 0; // bytes of texts, as many as the batch before had
};

// Room for the values of a column that is kept, when its first comes: of the fields that senders
// may fill, most stay empty.
void begin_values(ColumnBuilding& column);

[[nodiscard]] inline bool is_set(const ColumnBuilding& column, std::uint32_t row) {
  return ((column.validity[row >> 3] >> (row & 7u)) & 1u) != 0;
}
inline void mark(const ColumnBuilding& column, std::uint32_t row) {
  column.validity[row >> 3] =
      static_cast<std::uint8_t>(column.validity[row >> 3] | (1u << (row & 7u)));
}
inline void unmark(const ColumnBuilding& column, std::uint32_t row) {
  column.validity[row >> 3] =
      static_cast<std::uint8_t>(column.validity[row >> 3] & ~(1u << (row & 7u)));
}

// Bytes may be anything, the column itself too: what is needed of it is read before they are
// written.
template <class T> void put_fixed(ColumnBuilding& column, std::uint32_t row, T value) {
  std::uint8_t* values = column.values;
  mark(column, row);
  if (values == nullptr) [[unlikely]] {
    if (!column.kept)
      return;
    begin_values(column);
    values = column.values;
  }
  std::memcpy(values + std::size_t{row} * sizeof(T), &value, sizeof(T));
}

void grow_texts(ColumnBuilding& column, std::size_t bytes);

// Into the last row or one after it. `readable`: 32 bytes at a time may be read from the text.
template <bool readable>
void put_bytes(ColumnBuilding& column, std::uint32_t row, std::string_view text) {
  mark(column, row);
  if (column.offsets == nullptr) [[unlikely]] {
    if (!column.kept)
      return;
    begin_values(column);
  }
  std::uint32_t* const offsets = column.offsets;
  std::uint32_t used = column.filled > row ? offsets[row] : column.used;
  for (std::uint32_t filled = column.filled; filled < row; ++filled)
    offsets[filled + 1] = used;
  column.used = used;
  if (std::size_t{used} + text.size() + 32 > column.room) [[unlikely]]
    grow_texts(column, text.size() + 32);
  std::uint8_t* to = column.values + used;
  if constexpr (readable) {
    for (std::size_t i = 0; i < text.size(); i += 32)
      std::memcpy(to + i, text.data() + i, 32);
  } else if (!text.empty()) {
    std::memcpy(to, text.data(), text.size());
  }
  used += static_cast<std::uint32_t>(text.size());
  column.used = used;
  column.filled = row + 1;
  offsets[row + 1] = used;
}

enum class Put : std::uint8_t {
  done,    // it stands in the column
  blank,   // it says that there is no value
  missing, // it says something that means that the value is missing
  ask,     // the quick way does not know; nothing was changed
};
// A code in any spelling, trimmed and not blank, into any row that there is. Missing: it is blank
// once it is spelt as it should be. Asks where nobody may write it.
[[nodiscard]] Put put_code_text(ColumnBuilding& column, std::uint32_t row, std::string_view text);

// ---- forms --------------------------------------------------------------------------------------

[[nodiscard]] inline std::uint64_t word_at(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, 8);
  return word;
}

// At most seven digits and a point, or eight digits: units of 10^-scale. False: ask.
[[nodiscard]] inline bool quick_decimal(const char* at, std::uint32_t size, unsigned scale,
                                        std::int64_t& units) {
  constexpr std::uint64_t zeros = 0x3030303030303030u, high = 0x8080808080808080u;
  constexpr std::array<std::int64_t, 8> powers = {1,      10,      100,       1'000,
                                                  10'000, 100'000, 1'000'000, 10'000'000};
  if (size == 0 || size > 8)
    return false;
  // Digits as numbers, the last in the highest byte, zeros in front.
  std::uint64_t word = (word_at(at) ^ zeros) << (8 * (8 - size));
  const std::uint64_t odd = ((word + 0x7676767676767676u) | word) & high;
  unsigned fraction = 0;
  if (odd != 0) {
    const auto bit = static_cast<unsigned>(std::countr_zero(odd)); // 8 a byte, and 7
    if ((odd & (odd - 1)) != 0 || ((word >> (bit - 7)) & 0xffu) != ('.' ^ '0') || size == 1)
      return false;
    fraction = 7 - bit / 8;
    const std::uint64_t before = (std::uint64_t{1} << (bit - 7)) - 1;
    const std::uint64_t after = bit == 63 ? 0 : ~std::uint64_t{0} << (bit + 1);
    word = (word & after) | ((word & before) << 8);
  }
  if (fraction > scale || scale - fraction >= powers.size())
    return false;
  word = (word * 2561) >> 8;
  word = ((word & 0x00FF00FF00FF00FFu) * 6553601) >> 16;
  word = ((word & 0x0000FFFF0000FFFFu) * 42949672960001) >> 32;
  units = static_cast<std::int64_t>(word) * powers[scale - fraction];
  return true;
}

// Days since 1970-01-01 of a date between 1800 and 2200; false: there is none such.
[[nodiscard]] inline bool quick_days(unsigned year, unsigned month, unsigned day,
                                     std::int32_t& days) {
  constexpr std::array<std::uint8_t, 13> lengths = {0,  31, 28, 31, 30, 31, 30,
                                                    31, 31, 30, 31, 30, 31};
  constexpr std::array<std::uint16_t, 13> before = {0,   0,   31,  59,  90,  120, 151,
                                                    181, 212, 243, 273, 304, 334};
  if (year < 1800 || year > 2200 || month < 1 || month > 12)
    return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day < 1 || day > lengths[month] + (leap && month == 2 ? 1u : 0u))
    return false;
  const unsigned past = year - 1; // whole years
  const unsigned since = past * 365 + past / 4 - past / 100 + past / 400 + before[month] +
                         (leap && month > 2 ? 1u : 0u) + day - 1;
  constexpr unsigned epoch = 719162; // 1970-01-01 counted from 0001-01-01
  days = static_cast<std::int32_t>(since) - static_cast<std::int32_t>(epoch);
  return true;
}

// Eight bytes against a pattern in which 0x76 stands for a digit and 0x7f for what `signs` has.
[[nodiscard]] inline bool fits(std::uint64_t& word, std::uint64_t signs, std::uint64_t limits) {
  word ^= signs;
  const bool good = (((word + limits) | word) & 0x8080808080808080u) == 0;
  word = word * 10 + (word >> 8); // each byte: of two digits the number
  return good;
}
[[nodiscard]] inline unsigned byte_of(std::uint64_t word, unsigned number) {
  return static_cast<unsigned>(word >> (8 * number)) & 0xffu;
}

// 2026-03-05. Remembered is the last that there was.
[[nodiscard]] inline bool quick_date(const char* at, LastDay& last, std::int32_t& days) {
  const std::uint64_t head = word_at(at); // "yyyy-MM-"
  std::uint16_t tail;
  std::memcpy(&tail, at + 8, 2);
  if (head == last.head && tail == last.tail) {
    days = last.days;
    return true;
  }
  std::uint64_t numbers = head;
  const auto tens = static_cast<unsigned>(static_cast<unsigned char>(at[8]) ^ 0x30u);
  const auto ones = static_cast<unsigned>(static_cast<unsigned char>(at[9]) ^ 0x30u);
  if (!fits(numbers, 0x2d30302d30303030u, 0x7f76767f76767676u) || tens > 9 || ones > 9 ||
      !quick_days(byte_of(numbers, 0) * 100 + byte_of(numbers, 2), byte_of(numbers, 5),
                  tens * 10 + ones, days))
    return false;
  last = {head, tail, days};
  return true;
}

// 2026-03-05, and behind it a blank and 09:30:00. `seconds`: into the day.
[[nodiscard]] inline bool quick_time(const char* at, std::uint32_t size, LastDay& last,
                                     std::int32_t& days, std::uint32_t& seconds) {
  if (size != 10 && size != 19)
    return false;
  seconds = 0;
  if (size == 19) {
    std::uint64_t clock = word_at(at + 11); // "HH:mm:ss"
    if (at[10] != ' ' || !fits(clock, 0x30303a30303a3030u, 0x76767f76767f7676u))
      return false;
    const unsigned hour = byte_of(clock, 0), minute = byte_of(clock, 3), second = byte_of(clock, 6);
    if (hour > 23 || minute > 59 || second > 59)
      return false;
    seconds = hour * 3600 + minute * 60 + second;
  }
  return quick_date(at, last, days);
}

// Whether trimming may change a text that begins, or ends, with this byte.
[[nodiscard]] inline bool may_be_blank_head(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0xC2 || byte == 0xE3;
}
[[nodiscard]] inline bool may_be_blank_tail(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0x80 || byte == 0xA0;
}

// ---- cells --------------------------------------------------------------------------------------

[[nodiscard]] inline Put put_boolean(ColumnBuilding& column, std::uint32_t row, const char* at,
                                     std::uint32_t size) {
  if (size != 1 || (at[0] != '0' && at[0] != '1'))
    return Put::ask;
  put_fixed(column, row, static_cast<std::uint8_t>(at[0] - '0'));
  return Put::done;
}

[[nodiscard]] inline Put put_number(ColumnBuilding& column, std::uint32_t row, const char* at,
                                    std::uint32_t size) {
  std::int64_t units = 0;
  if (!quick_decimal(at, size, column.scale, units) || units >= column.bound)
    return Put::ask;
  put_fixed(column, row, units);
  return Put::done;
}

[[nodiscard]] inline Put put_time(ColumnBuilding& column, std::uint32_t row, const char* at,
                                  std::uint32_t size) {
  std::int32_t days = 0;
  std::uint32_t seconds = 0;
  if (!quick_time(at, size, column.day, days, seconds))
    return Put::ask;
  if (column.kind == Kind::date)
    put_fixed(column, row, days);
  else
    put_fixed(column, row, std::int64_t{days} * 86400 + seconds);
  return Put::done;
}

// `plain`: every byte is ASCII.
[[nodiscard]] inline Put put_code(ColumnBuilding& column, std::uint32_t row, const char* at,
                                  std::uint32_t size, bool plain) {
  if (size > codes::cell_bytes || !plain)
    return Put::ask;
  if (!column.kept) {
    // Neither blank in any spelling nor one of several; which code it is does not matter.
    if (size == 1 || size == 4 || may_be_blank_head(at[0]) || may_be_blank_tail(at[size - 1]))
      return Put::ask;
    mark(column, row);
    return Put::done;
  }
  codes::CodeCache::Entry* known = column.codes->cache.find(codes::cell_of(at, size), size);
  if (known == nullptr)
    return Put::ask;
  put_fixed(column, row, column.codes->id_of(*known, {at, size}));
  return Put::done;
}

[[nodiscard]] inline Put put_listed(ColumnBuilding& column, std::uint32_t row, const char* at,
                                    std::uint32_t size) {
  if (size > 8)
    return Put::ask;
  const std::uint64_t word = word_at(at) << (8 * (8 - size)) >> (8 * (8 - size));
  const EnumWords::Slot& slot = column.words->slot(word);
  if (slot.word != word)
    return Put::ask;
  if (slot.id == missing_value)
    return Put::missing;
  put_fixed(column, row, slot.id);
  return Put::done;
}

[[nodiscard]] inline Put put_text(ColumnBuilding& column, std::uint32_t row, const char* at,
                                  std::uint32_t size) {
  if (size == 1 && at[0] == '-')
    return Put::blank;
  if (size == 4 || may_be_blank_head(at[0]) || may_be_blank_tail(at[size - 1]))
    return Put::ask;
  put_bytes<true>(column, row, {at, size});
  return Put::done;
}

// The cell's column has no value in that row.
[[nodiscard, gnu::always_inline]] inline Put put_cell(ColumnBuilding& column, std::uint32_t row,
                                                      const char* at, std::uint32_t size,
                                                      bool plain) {
  if (size == 0)
    return Put::blank;
  switch (column.kind) {
  case Kind::boolean:
    return put_boolean(column, row, at, size);
  case Kind::integer:
  case Kind::decimal:
  case Kind::money:
    return put_number(column, row, at, size);
  case Kind::date:
  case Kind::datetime:
    return put_time(column, row, at, size);
  case Kind::code:
    return put_code(column, row, at, size, plain);
  case Kind::enumeration:
    return put_listed(column, row, at, size);
  case Kind::text:
    return put_text(column, row, at, size);
  case Kind::span:
  case Kind::window:
  case Kind::age:
  case Kind::count:
  case Kind::score:
  case Kind::reasons:
    return Put::ask;
  }
  return Put::ask;
}

} // namespace sanku::batch
