// Dictionaries: code texts to dense ids. A Dictionary is frozen when a program is bound (the codes
// its knowledge and its rules name, ids from first_code); while a block is read, codes that no
// dictionary has get ids of the block's own from frozen_size up. Id 0 is "no code". Looking up an
// id at or above frozen_size in any table finds what stands for "known to no table" (id 1).
#pragma once

#include "runtime/codes/texts.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sanku::codes {

inline constexpr std::uint32_t no_code = 0;
inline constexpr std::uint32_t unlisted_code = 1;
inline constexpr std::uint32_t first_code = 2;

struct Dictionary {
  Texts texts;   // by id - first_code
  TextIndex ids; // numbers of all texts
};

// Adds if absent.
std::uint32_t intern(Dictionary& dictionary, std::string_view text);
// 0 when absent.
[[nodiscard]] std::uint32_t find(const Dictionary& dictionary, std::string_view text);
// The same for each of `count` texts, several on their way at a time, since what is read lies far
// apart: calls found(i, id) in their order.
template <class TextOf, class Found>
void find_all(const Dictionary& dictionary, std::size_t count, TextOf text_of, Found found) {
  constexpr std::size_t at_once = 32;
  std::uint64_t hashes[at_once];
  for (std::size_t begin = 0; begin < count; begin += at_once) {
    const std::size_t some = std::min(at_once, count - begin);
    if (dictionary.texts.empty()) {
      for (std::size_t i = 0; i < some; ++i)
        found(begin + i, no_code);
      continue;
    }
    for (std::size_t i = 0; i < some; ++i) {
      hashes[i] = text_hash(text_of(begin + i));
      dictionary.ids.fetch_slot(hashes[i]);
    }
    for (std::size_t i = 0; i < some; ++i)
      dictionary.ids.fetch_view(dictionary.texts, hashes[i]);
    for (std::size_t i = 0; i < some; ++i)
      dictionary.ids.fetch_text(dictionary.texts, hashes[i]);
    for (std::size_t i = 0; i < some; ++i) {
      const std::uint32_t number =
          dictionary.ids.find(dictionary.texts, text_of(begin + i), hashes[i]);
      found(begin + i, number == ~std::uint32_t{0} ? no_code : number + first_code);
    }
  }
}
[[nodiscard]] inline std::uint32_t frozen_size(const Dictionary& dictionary) {
  return static_cast<std::uint32_t>(dictionary.texts.size()) + first_code;
}

// The codes and unlisted enum values of one block that the frozen dictionary does not have. Most
// are never looked up by text, so what finds them is made when somebody asks.
struct Overflow {
  Texts texts;
  TextIndex ids; // offsets into texts, of the first of them
};

// Adds if absent; gives the offset into `texts`.
std::uint32_t intern(Overflow& overflow, std::string_view text);
// Nothing is looked up: the caller knows that the text is not there.
std::uint32_t append(Overflow& overflow, std::string_view text);
inline constexpr std::uint32_t no_offset = 0xffffffffu;
[[nodiscard]] std::uint32_t find(const Overflow& overflow, std::string_view text);

// Without blanks at either end, ideographic and no-break spaces included.
[[nodiscard]] std::string_view trim(std::string_view raw);

// Codes as the field's narrower cousins write them: trimmed, full-width letters and digits to
// ASCII, upper case for ASCII letters except the `x` of ICD extension codes. Writes into `buffer`
// only when something changes.
[[nodiscard]] std::string_view normalise(std::string_view raw, std::string& buffer);

} // namespace sanku::codes
