// The one table of value types. A Type is what the checker reasons about; a Physical is how the
// value lies in memory; the C++ structs in scalar.h are what kernels take. Tested by
// tests/unit/runtime/type_test.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sanku {

enum class Kind : std::uint8_t {
  boolean,
  integer,
  decimal, // a number; `scale` digits after the point
  money,   // yuan; the same number, but never mixed with plain numbers
  date,
  datetime,    // a bare date or exactly midnight has day precision
  span,        // a length of time such as 28 days or 18 years
  window,      // a named or counted window such as 1 day, 6 hours, same visit
  age,         // birth date and the date of the element in scope; only compares with a span
  count,       // how many: a lower and an upper bound, equal when nothing is unknown
  code,        // nominal; `domain` is the code system
  enumeration, // `domain` is the enum
  text,
  score,   // what a model says; only compares and prints
  reasons, // the largest contributions to a score; only prints
};
inline constexpr std::size_t kind_count = 15;

// How a value lies in columns and slots.
enum class Physical : std::uint8_t {
  bit8,    // Bool
  word64,  // Integer, Span, Window, Age, DateTime, Score
  wide128, // Decimal
  day32,   // Date
  pair64,  // Count: two 64-bit bounds
  id32,    // Code, Enum
  bytes,   // Text: pointer and length
};

struct KindInfo {
  std::string_view en;
  std::string_view zh;
  Physical physical;
};

inline constexpr std::array<KindInfo, kind_count> kind_table = {{
    {"bool", "是否", Physical::bit8},
    {"int", "整数", Physical::word64},
    {"decimal", "数", Physical::wide128},
    {"money", "金额", Physical::wide128},
    {"date", "日期", Physical::day32},
    {"datetime", "时间", Physical::word64},
    {"duration", "时长", Physical::word64},
    {"window", "时间窗", Physical::word64},
    {"age", "年龄", Physical::word64},
    {"count", "计数", Physical::pair64},
    {"code", "编码", Physical::id32},
    {"enum", "枚举", Physical::id32},
    {"text", "文本", Physical::bytes},
    {"score", "评分", Physical::word64},
    {"reasons", "评分因素", Physical::bytes},
}};

constexpr const KindInfo& info(Kind kind) { return kind_table[static_cast<std::size_t>(kind)]; }

// A value type after checking. `scale`: digits after the point, decimal and money only (0..18).
// `digits`: how many decimal digits a value may have at most, known from declarations (0 = not a
// number). `domain`: index of the code system or the enum in the Schema.
struct Type {
  Kind kind = Kind::boolean;
  std::uint8_t scale = 0;
  std::uint8_t digits = 0;
  std::uint32_t domain = 0;

  friend bool operator==(const Type&, const Type&) = default;
};

constexpr bool is_number(Kind kind) { return kind == Kind::decimal || kind == Kind::money; }

} // namespace sanku
