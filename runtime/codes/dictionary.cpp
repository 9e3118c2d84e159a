// Dictionaries of codes and how codes are written (dictionary.h). Tested by
// tests/unit/runtime/text_test.cpp.
#include "runtime/codes/dictionary.h"

#include "runtime/types/check.h"

namespace sanku::codes {
namespace {

// A character that codes are written in, as ASCII where it is a full-width form; its length in
// bytes.
struct Character {
  char plain = 0;
  std::size_t length = 1;
  bool blank = false;
};

Character character_at(std::string_view text, std::size_t at) {
  const unsigned char c = static_cast<unsigned char>(text[at]);
  auto next = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i])
                                : static_cast<unsigned char>(0);
  };
  if (c == 0xC2 && next(1) == 0xA0)
    return {' ', 2, true}; // no-break space
  if (c == 0xE3 && next(1) == 0x80 && next(2) == 0x80)
    return {' ', 3, true}; // ideographic space
  if (c == 0xEF && (next(1) & 0xC0u) == 0x80u && (next(2) & 0xC0u) == 0x80u) {
    const unsigned code = 0xF000u | ((next(1) & 0x3Fu) << 6) | (next(2) & 0x3Fu);
    if (code >= 0xFF01 && code <= 0xFF5E)
      return {static_cast<char>(code - 0xFEE0), 3, false};
  }
  return {static_cast<char>(c), 1, c <= ' '};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `W65.x00`, `38.4600x006`: after the point of an ICD code an x before a digit marks a national
// extension.
bool extension_mark(char c, char following, bool after_point) {
  return (c == 'x' || c == 'X') && after_point && is_digit(following);
}

// True when every byte stays as it is: the usual case, decided without writing.
bool is_normal(std::string_view raw) {
  bool after_point = false;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (static_cast<unsigned char>(c) >= 0x80 || static_cast<unsigned char>(c) <= ' ')
      return false;
    if (c >= 'a' && c <= 'z' && c != 'x')
      return false;
    if (c == '.')
      after_point = true;
    if (c != 'x' && c != 'X')
      continue;
    if (extension_mark(c, i + 1 < raw.size() ? raw[i + 1] : '\0', after_point) != (c == 'x'))
      return false;
  }
  return true;
}

std::string_view trimmed(std::string_view raw) {
  while (!raw.empty()) {
    const Character first = character_at(raw, 0);
    if (!first.blank)
      break;
    raw.remove_prefix(first.length);
  }
  constexpr std::string_view wide_blank = "\xE3\x80\x80", no_break = "\xC2\xA0";
  while (!raw.empty()) {
    if (raw.ends_with(wide_blank)) {
      raw.remove_suffix(wide_blank.size());
    } else if (raw.ends_with(no_break)) {
      raw.remove_suffix(no_break.size());
    } else if (static_cast<unsigned char>(raw.back()) <= ' ') {
      raw.remove_suffix(1);
    } else {
      break;
    }
  }
  return raw;
}

} // namespace

std::uint32_t intern(Dictionary& dictionary, std::string_view text) {
  if (const std::uint32_t known = find(dictionary, text); known != no_code)
    return known;
  const std::uint32_t id = frozen_size(dictionary);
  check(id < 0x7fffffffu, "a dictionary holds fewer than 2^31 codes");
  dictionary.texts.push(text);
  dictionary.ids.catch_up(dictionary.texts);
  return id;
}

std::uint32_t find(const Dictionary& dictionary, std::string_view text) {
  const std::uint32_t found = dictionary.ids.find(dictionary.texts, text);
  return found == no_offset ? no_code : found + first_code;
}

std::uint32_t intern(Overflow& overflow, std::string_view text) {
  overflow.ids.catch_up(overflow.texts);
  const std::uint32_t found = overflow.ids.find(overflow.texts, text);
  return found != no_offset ? found : append(overflow, text);
}

std::uint32_t append(Overflow& overflow, std::string_view text) {
  const auto offset = static_cast<std::uint32_t>(overflow.texts.size());
  overflow.texts.push(text);
  return offset;
}

std::uint32_t find(const Overflow& overflow, std::string_view text) {
  if (const std::uint32_t found = overflow.ids.find(overflow.texts, text); found != no_offset)
    return found;
  for (std::uint32_t i = overflow.ids.indexed(); i < overflow.texts.size(); ++i)
    if (overflow.texts[i] == text)
      return i;
  return no_offset;
}

std::string_view trim(std::string_view raw) {
  if (raw.empty())
    return raw;
  // Neither end can be blank: the usual case.
  const unsigned char head = static_cast<unsigned char>(raw.front()),
                      tail = static_cast<unsigned char>(raw.back());
  if (head > ' ' && head < 0x80 && tail > ' ' && tail < 0x80)
    return raw;
  return trimmed(raw);
}

std::string_view normalise(std::string_view raw, std::string& buffer) {
  if (is_normal(raw))
    return raw;
  raw = trimmed(raw);
  std::string plain;
  plain.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size();) {
    const Character c = character_at(raw, i);
    plain += c.plain;
    // A blank inside is kept as one ASCII space, whatever its width.
    i += c.length;
  }
  buffer.clear();
  bool after_point = false;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    if (c == '.')
      after_point = true;
    if (extension_mark(c, i + 1 < plain.size() ? plain[i + 1] : '\0', after_point)) {
      buffer += 'x';
    } else {
      buffer += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
  }
  return buffer;
}

} // namespace sanku::codes
