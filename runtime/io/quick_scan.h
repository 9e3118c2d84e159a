// The steps of reading JSON forwards that QuickRecord is made of: where a string ends, whether
// bytes are UTF-8, how an escaped string reads. Sixteen bytes at a time. All of them stop at a line
// end, which no string and no token holds; the text goes on for at least 64 bytes behind it. Header
// only. Tested by tests/unit/runtime/quick_record_test.cpp.
#pragma once

#include "runtime/types/utf8.h"

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sanku::io::quick {

// By bit: where of sixteen bytes a string can end (quote, backslash, control character), and where
// one is not ASCII.
struct Stops {
  std::uint32_t stop = 0, high = 0;
};

#if defined(__SSE2__)
[[nodiscard]] inline Stops stops_in(const char* at) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i escape = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  const __m128i stop = _mm_or_si128(_mm_or_si128(quote, escape), control);
  return {static_cast<std::uint32_t>(_mm_movemask_epi8(stop)),
          static_cast<std::uint32_t>(_mm_movemask_epi8(bytes))};
}

// Whether the bytes whose bits are set in `mask` are those of `text` (32 bytes).
[[nodiscard]] inline bool same_bytes(const char* at, const char* text, std::uint32_t mask) {
  const auto load = [](const char* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  };
  const auto same = [&](int from) {
    return static_cast<std::uint32_t>(
        _mm_movemask_epi8(_mm_cmpeq_epi8(load(at + from), load(text + from))));
  };
  return ((same(0) | same(16) << 16) & mask) == mask;
}
#else
[[nodiscard]] inline Stops stops_in(const char* at) {
  Stops found;
  for (std::uint32_t i = 0; i < 16; ++i) {
    const auto byte = static_cast<unsigned char>(at[i]);
    found.stop |= static_cast<std::uint32_t>(byte == '"' || byte == '\\' || byte < 0x20) << i;
    found.high |= static_cast<std::uint32_t>(byte >= 0x80) << i;
  }
  return found;
}

[[nodiscard]] inline bool same_bytes(const char* at, const char* text, std::uint32_t mask) {
  return std::memcmp(at, text, static_cast<std::size_t>(std::popcount(mask))) == 0;
}
#endif

// Where a string that begins at `at` ends or has an escape: the byte there tells. `plain`: it is
// ASCII so far.
[[nodiscard]] inline const char* string_stop(const char* at, bool& plain) {
  std::uint32_t high = 0;
  while (true) {
    const Stops found = stops_in(at);
    if (found.stop != 0) {
      const auto count = static_cast<unsigned>(std::countr_zero(found.stop));
      high |= found.high & ((1u << count) - 1);
      plain = high == 0;
      return at + count;
    }
    high |= found.high;
    at += 16;
  }
}

// Han characters take three bytes, and seldom stand alone: two are looked at together, unless one
// begins with a byte after which not every byte may stand.
[[nodiscard]] inline bool good_utf8(const char* at, const char* end) {
  while (at < end) {
    std::uint64_t two;
    std::memcpy(&two, at, 8);
    if (std::endian::native == std::endian::little && end - at >= 6 &&
        (two & 0xC0C0F0C0C0F0u) == 0x8080E08080E0u &&
        ((0x2001u >> (two & 0xFu) | 0x2001u >> ((two >> 24) & 0xFu)) & 1u) == 0) {
      at += 6;
      continue;
    }
    const auto head = static_cast<unsigned char>(*at);
    if (head < 0x80) {
      ++at;
      continue;
    }
    if (head > 0xE0 && head < 0xED && end - at >= 3 && (at[1] & 0xC0) == 0x80 &&
        (at[2] & 0xC0) == 0x80) {
      at += 3;
      continue;
    }
    const std::size_t length = utf8_length({at, static_cast<std::size_t>(end - at)});
    if (length == 0)
      return false;
    at += length;
  }
  return true;
}

// Line ends are none.
[[nodiscard]] inline const char* skip_blanks(const char* at) {
  while (*at == ' ' || *at == '\t' || *at == '\r')
    ++at;
  return at;
}

// What follows a backslash: the character, and behind it. Null: no escape, or one that only the
// general reader decides (halves of a pair, control characters).
[[nodiscard]] const char* escaped_character(const char* at, std::uint32_t& character);
// At most four bytes.
[[nodiscard]] char* write_utf8(char* to, std::uint32_t character);

} // namespace sanku::io::quick
