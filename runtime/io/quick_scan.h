// The steps of reading JSON forwards that QuickRecord is made of: where a string ends, whether
// bytes are UTF-8, how an escaped string reads, where brackets close. Many bytes at a time. All of
// them stop at a line end, which no string and no token holds; the text goes on for at least 64
// bytes behind it. Header only. Tested by tests/unit/runtime/quick_record_test.cpp.
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

// By bit, which of 32 bytes are those of `text`.
[[nodiscard]] inline std::uint32_t same_bytes(const char* at, const char* text) {
  const auto load = [](const char* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  };
  const auto same = [&](int from) {
    return static_cast<std::uint32_t>(
        _mm_movemask_epi8(_mm_cmpeq_epi8(load(at + from), load(text + from))));
  };
  return same(0) | same(16) << 16;
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

[[nodiscard]] inline std::uint32_t same_bytes(const char* at, const char* text) {
  std::uint32_t same = 0;
  for (std::uint32_t i = 0; i < 32; ++i)
    same |= static_cast<std::uint32_t>(at[i] == text[i]) << i;
  return same;
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

// By bit, of 64 bytes: quotes, brackets of either kind, what only a closer look understands.
struct Brackets {
  std::uint64_t quote = 0, open = 0, close = 0, odd = 0;
};

#if defined(__SSE2__)
[[nodiscard]] inline Brackets brackets_in(const char* at) {
  Brackets found;
  const auto bits = [](__m128i equal, int shift) {
    return std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(equal))} << shift;
  };
  for (int i = 0; i < 64; i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
    const __m128i bracket = _mm_or_si128(bytes, _mm_set1_epi8(0x20)); // '[' as '{', ']' as '}'
    found.quote |= bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), i);
    found.open |= bits(_mm_cmpeq_epi8(bracket, _mm_set1_epi8('{')), i);
    found.close |= bits(_mm_cmpeq_epi8(bracket, _mm_set1_epi8('}')), i);
    found.odd |= bits(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')),
                                   _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'))),
                      i);
  }
  return found;
}
#else
[[nodiscard]] inline Brackets brackets_in(const char* at) {
  Brackets found;
  for (std::uint32_t i = 0; i < 64; ++i) {
    const char byte = at[i];
    found.quote |= static_cast<std::uint64_t>(byte == '"') << i;
    found.open |= static_cast<std::uint64_t>(byte == '[' || byte == '{') << i;
    found.close |= static_cast<std::uint64_t>(byte == ']' || byte == '}') << i;
    found.odd |= static_cast<std::uint64_t>(byte == '\\' || byte == '\n') << i;
  }
  return found;
}
#endif

// Each bit with all below it, by exclusive or: from a quote on set, from the next on not.
[[nodiscard]] inline std::uint64_t between_quotes(std::uint64_t quotes) {
  for (unsigned i = 1; i < 64; i *= 2)
    quotes ^= quotes << i;
  return quotes;
}

// Behind the list or object that begins at `at`, by its brackets alone: what stands between them is
// not looked at. Null: there is a backslash in it, or the line ends before it does.
[[nodiscard]] inline const char* behind_brackets(const char* at) {
  std::uint64_t inside = 0; // all ones while a string goes on
  std::uint64_t depth = 0;
  while (true) {
    const Brackets found = brackets_in(at);
    if ((found.open | found.close | found.odd) == 0) {
      if (std::popcount(found.quote) % 2 != 0)
        inside = ~inside;
      at += 64;
      continue;
    }
    const std::uint64_t before = found.odd == 0 ? ~std::uint64_t{0} : (found.odd & -found.odd) - 1;
    const std::uint64_t strings = between_quotes(found.quote) ^ inside;
    const std::uint64_t open = found.open & ~strings & before;
    std::uint64_t close = found.close & ~strings & before;
    const auto closed = static_cast<std::uint64_t>(std::popcount(close));
    if (depth <= closed) {
      // It may end here: which of the closing brackets is the one that leaves nothing open?
      for (std::uint64_t number = 1; close != 0; ++number, close &= close - 1) {
        const std::uint64_t below = (close & -close) - 1;
        if (depth + static_cast<std::uint64_t>(std::popcount(open & below)) == number)
          return at + std::countr_zero(close) + 1;
      }
    }
    if (found.odd != 0)
      return nullptr;
    depth += static_cast<std::uint64_t>(std::popcount(open)) - closed;
    inside = (strings >> 63) != 0 ? ~std::uint64_t{0} : 0;
    at += 64;
  }
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
