// Membership in sets, which are texts of elements: `E10..E14|O24.4`, separated by bars; `a..b` has
// both ends and all between. Numbers and enum ids stand in decimal. Whoever makes a set text
// (knowledge::load, the checker) leaves out bars and dots inside elements.
#pragma once

#include "runtime/types/candidates.h"
#include "runtime/types/scalar.h"

namespace sanku::kernels {

constexpr int compare_bytes(Text a, Text b) {
  const std::uint64_t shorter = a.size < b.size ? a.size : b.size;
  for (std::uint64_t i = 0; i < shorter; ++i) {
    const auto x = static_cast<unsigned char>(a.data[i]), y = static_cast<unsigned char>(b.data[i]);
    if (x != y)
      return x < y ? -1 : 1;
  }
  return a.size == b.size ? 0 : a.size < b.size ? -1 : 1;
}

constexpr bool begins(Text text, Text part) {
  return text.size >= part.size && compare_bytes(Text{text.data, part.size}, part) == 0;
}

// The element from `at` on, which moves behind its bar; where it is a range, `high` is its end.
struct SetPart {
  Text low, high;
  bool range;
};
constexpr SetPart next_part(Text set, std::uint64_t& at) {
  const std::uint64_t begin = at;
  std::uint64_t dots = set.size;
  while (at < set.size && set.data[at] != '|') {
    if (dots == set.size && set.data[at] == '.' && at + 1 < set.size && set.data[at + 1] == '.')
      dots = at;
    ++at;
  }
  const std::uint64_t end = at;
  if (at < set.size)
    ++at;
  if (dots >= end)
    return {Text{set.data + begin, end - begin}, Text{set.data + end, 0}, false};
  return {Text{set.data + begin, dots - begin}, Text{set.data + dots + 2, end - dots - 2}, true};
}

// One code. `below`: an element stands for all codes that begin with it as well.
constexpr bool holds_code(Text set, Text code, bool below) {
  for (std::uint64_t at = 0; at < set.size;) {
    const SetPart part = next_part(set, at);
    if (part.range) {
      const bool from = compare_bytes(code, part.low) >= 0;
      const bool to = compare_bytes(code, part.high) <= 0 || (below && begins(code, part.high));
      if (from && to)
        return true;
    } else if (below ? begins(code, part.low) : compare_bytes(code, part.low) == 0) {
      return true;
    }
  }
  return false;
}

// A code of two parts (`A17.0+G01*`, dagger and asterisk) belongs as a whole or by either part; a
// part also where the set has it with its sign.
constexpr Bool one_code_in_set(Text code, Text set, Bool below) {
  if (holds_code(set, code, below.value))
    return {true};
  const auto has = [&](std::uint64_t begin, std::uint64_t end) {
    return holds_code(set, Text{code.data + begin, end - begin}, below.value);
  };
  const bool star = code.size != 0 && code.data[code.size - 1] == '*';
  for (std::uint64_t i = 0; i < code.size; ++i)
    if (code.data[i] == '+')
      return {has(0, i) || has(0, i + 1) || has(i + 1, code.size) ||
              (star && has(i + 1, code.size - 1))};
  return {star && has(0, code.size - 1)};
}

// A code that is one of several belongs when all do, does not when none does.
constexpr Maybe<Bool> code_in_set(Text code, Text set, Bool below) {
  bool some = false, every = true;
  for (std::uint64_t begin = 0; begin <= code.size;) {
    std::uint64_t end = begin;
    while (end < code.size && code.data[end] != candidate_separator)
      ++end;
    const bool in = one_code_in_set(Text{code.data + begin, end - begin}, set, below).value;
    some = some || in;
    every = every && in;
    begin = end + 1;
  }
  return {Bool{some}, some == every};
}

// A whole number in decimal, as set texts have it.
constexpr std::int64_t decimal_of(Text text) {
  const bool minus = text.size != 0 && text.data[0] == '-';
  std::int64_t value = 0;
  for (std::uint64_t i = minus ? 1 : 0; i < text.size; ++i)
    value = value * 10 + (text.data[i] - '0');
  return minus ? -value : value;
}

constexpr Bool integer_in_set(Integer number, Text set) {
  for (std::uint64_t at = 0; at < set.size;) {
    const SetPart part = next_part(set, at);
    const std::int64_t low = decimal_of(part.low);
    if (part.range ? low <= number.value && number.value <= decimal_of(part.high)
                   : number.value == low)
      return {true};
  }
  return {false};
}

// A value that the schema does not list is neither in nor out of a set of listed ones.
constexpr Maybe<Bool> enum_in_set(Enum value, Text set) {
  return {integer_in_set(Integer{value.id}, set), value.id < first_unlisted};
}

} // namespace sanku::kernels
