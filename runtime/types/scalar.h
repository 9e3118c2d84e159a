// The C++ types of the language's values, as kernels take them: plain structs of one meaning each,
// so that a kernel's signature says its types. Freestanding: this header is also compiled to
// bitcode, so it includes only what needs no library.
#pragma once

#include <cstdint>

namespace sanku {

__extension__ typedef __int128 Int128;

struct Bool {
  bool value;
};
struct Integer {
  std::int64_t value;
};
struct Decimal {
  Int128 units;
}; // value × 10^scale; the scale is static, in the Type
struct Date {
  std::int32_t days;
}; // since 1970-01-01
struct DateTime {
  std::int64_t seconds;
}; // since 1970-01-01 00:00:00 local time, no zone; midnight = day precision
struct Span {
  std::int64_t packed;
}; // unit in the low 8 bits, number above
struct Window {
  std::int64_t packed;
}; // likewise
struct Age {
  std::int64_t packed;
}; // birth days in the high 32 bits, reference days in the low 32
struct Count {
  std::int64_t low, high;
}; // sure matches, sure and possible matches
struct Code {
  std::uint32_t id;
}; // dense id in a dictionary; 0 = none
struct Enum {
  std::uint32_t id;
}; // 1.. = listed values in schema order; first_unlisted.. = codes no schema lists
struct Score {
  double value;
}; // of a model; finite
struct Text {
  const char* data;
  std::uint64_t size;
}; // UTF-8, borrowed

inline constexpr std::uint32_t first_unlisted = 1u << 16;

// A value and whether it is known. What is unknown has an all-zero value, so that equal results are
// equal bytes. Aligned so that it is passed by address on every target: what is passed in registers
// would be packed into one integer, and generated code could not tell value and validity apart.
template <class T> struct alignas(32) Maybe {
  T value;
  bool known;
};

// Truth with three values, as conditions return it.
enum class Tri : std::uint8_t { no = 0, yes = 1, unknown = 2 };

enum class SpanUnit : std::uint8_t { days = 1, months = 2, years = 3, hours = 4, minutes = 5 };
enum class WindowUnit : std::uint8_t {
  days = 1,      // both lie in n consecutive calendar days
  hours = 2,     // instants at most n hours apart
  same_hour = 3, // the same clock hour
  visit = 4,     // the same visit
  month = 5,     // calendar month
  quarter = 6,
  calendar_year = 7,
  lifetime = 8,
  insurance_year = 9, // begins on the day that the number says: month × 100 + day
};

constexpr Span make_span(std::int64_t n, SpanUnit unit) {
  return Span{n * 256 + static_cast<std::int64_t>(unit)};
}
constexpr SpanUnit unit_of(Span span) { return static_cast<SpanUnit>(span.packed & 255); }
constexpr std::int64_t number_of(Span span) { return span.packed >> 8; }
constexpr Window make_window(std::int64_t n, WindowUnit unit) {
  return Window{n * 256 + static_cast<std::int64_t>(unit)};
}
constexpr WindowUnit unit_of(Window window) { return static_cast<WindowUnit>(window.packed & 255); }
constexpr std::int64_t number_of(Window window) { return window.packed >> 8; }
constexpr Age make_age(Date birth, Date at) {
  return Age{static_cast<std::int64_t>(
      (static_cast<std::uint64_t>(static_cast<std::uint32_t>(birth.days)) << 32) |
      static_cast<std::uint32_t>(at.days))};
}
constexpr Date birth_of(Age age) { return Date{static_cast<std::int32_t>(age.packed >> 32)}; }
constexpr Date reference_of(Age age) {
  return Date{static_cast<std::int32_t>(age.packed & 0xffffffff)};
}

} // namespace sanku
