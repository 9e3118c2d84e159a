// Readers of single cells (value.h): exact, total, without locale or floating point. Entries:
// parse_decimal, parse_integer, parse_bool, parse_date, parse_datetime, parse_span, parse_window.
// Tested by tests/unit/runtime/value_parse_test.cpp.
#include "runtime/types/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace sanku {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads from the head of a text; every step says whether it found what it looks for.
struct Cursor {
  std::string_view rest;

  [[nodiscard]] bool at_end() const { return rest.empty(); }
  [[nodiscard]] bool sees_digit() const { return !rest.empty() && is_digit(rest[0]); }
  bool take(char c) {
    if (rest.empty() || rest[0] != c)
      return false;
    rest.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!rest.starts_with(word))
      return false;
    rest.remove_prefix(word.size());
    return true;
  }
  // Between `least` and `most` digits (at most 9).
  bool number(std::size_t least, std::size_t most, int& value) {
    std::size_t n = 0;
    int read = 0;
    while (n < most && n < rest.size() && is_digit(rest[n]))
      read = read * 10 + (rest[n++] - '0');
    if (n < least)
      return false;
    rest.remove_prefix(n);
    value = read;
    return true;
  }
};

// A number in parts: significant digits without leading and trailing zeros, and the power of ten of
// the last one.
struct Numeral {
  bool negative = false;
  std::string_view whole, fraction;
  std::int64_t exponent = 0;
};

std::string_view take_digits(Cursor& in) {
  std::size_t n = 0;
  while (n < in.rest.size() && is_digit(in.rest[n]))
    ++n;
  const std::string_view digits = in.rest.substr(0, n);
  in.rest.remove_prefix(n);
  return digits;
}

bool take_numeral(Cursor& in, Numeral& numeral) {
  numeral.negative = in.take('-');
  if (!numeral.negative)
    in.take('+');
  numeral.whole = take_digits(in);
  if (in.take('.'))
    numeral.fraction = take_digits(in);
  if (numeral.whole.empty() && numeral.fraction.empty())
    return false;
  if (!in.take('e') && !in.take('E'))
    return true;
  const bool negative = in.take('-');
  if (!negative)
    in.take('+');
  std::string_view digits = take_digits(in);
  if (digits.empty())
    return false;
  // Beyond any number of digits that fits in memory, so that longer exponents change nothing.
  constexpr std::int64_t far = 1'000'000'000'000;
  std::int64_t value = 0;
  for (const char c : digits)
    value = std::min(far, value * 10 + (c - '0'));
  numeral.exponent = negative ? -value : value;
  return true;
}

bool valid_date(int year, int month, int day, Date& date) {
  if (year < 1800 || year > 2200)
    return false;
  namespace chrono = std::chrono;
  const chrono::year_month_day civil{chrono::year{year},
                                     chrono::month{static_cast<unsigned>(month)},
                                     chrono::day{static_cast<unsigned>(day)}};
  if (!civil.ok())
    return false;
  const chrono::sys_days days{civil};
  date.days = static_cast<std::int32_t>(days.time_since_epoch().count());
  return true;
}

// `compact` tells 20260305 from 2026-03-05, because only the former may be followed by a compact
// time.
bool take_date(Cursor& in, Date& date, bool& compact) {
  int year = 0, month = 0, day = 0;
  if (!in.number(4, 4, year))
    return false;
  compact = in.sees_digit();
  if (compact) {
    if (!in.number(2, 2, month) || !in.number(2, 2, day))
      return false;
  } else {
    const char separator = in.at_end() ? '\0' : in.rest[0];
    if (separator != '-' && separator != '/')
      return false;
    in.rest.remove_prefix(1);
    if (!in.number(1, 2, month) || !in.take(separator) || !in.number(1, 2, day))
      return false;
  }
  return valid_date(year, month, day, date);
}

// hh:mm[:ss[.fff]], or hhmmss after a compact date; then nothing, or the zone of China spelt out.
bool take_clock(Cursor& in, bool compact, std::int64_t& seconds) {
  int hour = 0, minute = 0, second = 0, fraction = 0;
  if (compact) {
    if (!in.number(2, 2, hour) || !in.number(2, 2, minute) || !in.number(2, 2, second))
      return false;
  } else {
    if (!in.number(1, 2, hour) || !in.take(':') || !in.number(2, 2, minute))
      return false;
    if (in.take(':')) {
      if (!in.number(2, 2, second))
        return false;
      if (in.take('.') && !in.number(1, 9, fraction))
        return false;
    }
    if (!in.take(std::string_view("+08:00")))
      in.take(std::string_view("+0800"));
  }
  if (hour > 23 || minute > 59 || second > 59)
    return false;
  seconds = hour * 3600 + minute * 60 + second;
  return true;
}

// Full-width digits and letters to ASCII, blanks dropped, ASCII lower case: how windows and spans
// are compared.
std::string folded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c == 0xEF && i + 2 < text.size()) {
      const unsigned middle = static_cast<unsigned char>(text[i + 1]);
      const unsigned last = static_cast<unsigned char>(text[i + 2]);
      const unsigned code = 0xF000u | ((middle & 0x3Fu) << 6) | (last & 0x3Fu);
      if (code >= 0xFF01 && code <= 0xFF5E) {
        const char plain = static_cast<char>(code - 0xFEE0);
        out += plain >= 'A' && plain <= 'Z' ? static_cast<char>(plain + 32) : plain;
        i += 2;
        continue;
      }
    }
    if (c == ' ' || c == '\t')
      continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
  }
  return out;
}

struct NamedWindow {
  std::string_view name;
  std::int64_t number;
  WindowUnit unit;
};
// As the national sheets and the language name them (blanks removed, lower case).
constexpr std::array<NamedWindow, 36> named_windows = {{
    {"单日", 1, WindowUnit::days},
    {"同一天", 1, WindowUnit::days},
    {"同一日", 1, WindowUnit::days},
    {"同日", 1, WindowUnit::days},
    {"当日", 1, WindowUnit::days},
    {"自然日", 1, WindowUnit::days},
    {"sameday", 1, WindowUnit::days},
    {"calendarday", 1, WindowUnit::days},
    {"同一小时", 1, WindowUnit::same_hour},
    {"samehour", 1, WindowUnit::same_hour},
    {"当次就诊", 1, WindowUnit::visit},
    {"单次就诊", 1, WindowUnit::visit},
    {"同一次就诊", 1, WindowUnit::visit},
    {"同次就诊", 1, WindowUnit::visit},
    {"samevisit", 1, WindowUnit::visit},
    {"visit", 1, WindowUnit::visit},
    {"自然月", 1, WindowUnit::month},
    {"同一月", 1, WindowUnit::month},
    {"当月", 1, WindowUnit::month},
    {"month", 1, WindowUnit::month},
    {"calendarmonth", 1, WindowUnit::month},
    {"samemonth", 1, WindowUnit::month},
    {"季度", 1, WindowUnit::quarter},
    {"自然季度", 1, WindowUnit::quarter},
    {"quarter", 1, WindowUnit::quarter},
    {"calendarquarter", 1, WindowUnit::quarter},
    {"医保年度", 101, WindowUnit::insurance_year},
    {"insuranceyear", 101, WindowUnit::insurance_year},
    {"自然年", 1, WindowUnit::calendar_year},
    {"自然年度", 1, WindowUnit::calendar_year},
    {"year", 1, WindowUnit::calendar_year},
    {"calendaryear", 1, WindowUnit::calendar_year},
    {"终身", 1, WindowUnit::lifetime},
    {"终生", 1, WindowUnit::lifetime},
    {"lifetime", 1, WindowUnit::lifetime},
    {"一生", 1, WindowUnit::lifetime},
}};

struct CountedUnit {
  std::string_view suffix;
  SpanUnit unit;
  int factor;
};
constexpr std::array<CountedUnit, 23> counted_units = {{
    {"天", SpanUnit::days, 1},         {"日", SpanUnit::days, 1},
    {"day", SpanUnit::days, 1},        {"days", SpanUnit::days, 1},
    {"周", SpanUnit::days, 7},         {"week", SpanUnit::days, 7},
    {"weeks", SpanUnit::days, 7},      {"个月", SpanUnit::months, 1},
    {"月", SpanUnit::months, 1},       {"month", SpanUnit::months, 1},
    {"months", SpanUnit::months, 1},   {"年", SpanUnit::years, 1},
    {"岁", SpanUnit::years, 1},        {"周岁", SpanUnit::years, 1},
    {"year", SpanUnit::years, 1},      {"years", SpanUnit::years, 1},
    {"小时", SpanUnit::hours, 1},      {"个小时", SpanUnit::hours, 1},
    {"hour", SpanUnit::hours, 1},      {"hours", SpanUnit::hours, 1},
    {"分钟", SpanUnit::minutes, 1},    {"minute", SpanUnit::minutes, 1},
    {"minutes", SpanUnit::minutes, 1},
}};

// Number and unit, such as `6小时` or `14 days`.
bool parse_counted(std::string_view text, std::int64_t& number, SpanUnit& unit) {
  Cursor in{text};
  int value = 0;
  if (!in.number(1, 7, value))
    return false;
  for (const CountedUnit& row : counted_units) {
    if (row.suffix != in.rest)
      continue;
    number = std::int64_t{value} * row.factor;
    unit = row.unit;
    return true;
  }
  return false;
}

} // namespace

bool parse_decimal(std::string_view text, unsigned scale, Int128& units) {
  Cursor in{text};
  Numeral numeral;
  if (!take_numeral(in, numeral) || !in.at_end())
    return false;
  auto digit = [&](std::size_t i) {
    return i < numeral.whole.size() ? numeral.whole[i] : numeral.fraction[i - numeral.whole.size()];
  };
  std::size_t begin = 0, end = numeral.whole.size() + numeral.fraction.size();
  while (begin < end && digit(begin) == '0')
    ++begin;
  std::int64_t shift =
      numeral.exponent - static_cast<std::int64_t>(numeral.fraction.size()) + scale;
  while (end > begin && digit(end - 1) == '0') {
    --end;
    ++shift;
  }
  units = 0;
  if (begin == end)
    return true;
  // 38 digits are the most that 128 bits hold for sure.
  if (shift < 0 || shift > 38 || static_cast<std::int64_t>(end - begin) + shift > 38)
    return false;
  Int128 value = 0;
  for (std::size_t i = begin; i < end; ++i)
    value = value * 10 + (digit(i) - '0');
  for (std::int64_t i = 0; i < shift; ++i)
    value *= 10;
  units = numeral.negative ? -value : value;
  return true;
}

bool parse_integer(std::string_view text, std::int64_t& value) {
  Int128 units = 0;
  if (!parse_decimal(text, 0, units))
    return false;
  if (units > INT64_MAX || units < INT64_MIN)
    return false;
  value = static_cast<std::int64_t>(units);
  return true;
}

bool parse_bool(std::string_view text, bool& value) {
  if (text == "1" || text == "0") {
    value = text == "1";
    return true;
  }
  const std::string word = folded(text);
  if (word == "true" || word == "是" || word == "y") {
    value = true;
    return true;
  }
  if (word == "false" || word == "否" || word == "n") {
    value = false;
    return true;
  }
  return false;
}

bool parse_date(std::string_view text, Date& date) {
  Cursor in{text};
  bool compact = false;
  return take_date(in, date, compact) && in.at_end();
}

bool parse_datetime(std::string_view text, DateTime& time) {
  Cursor in{text};
  Date date{};
  bool compact = false;
  if (!take_date(in, date, compact))
    return false;
  std::int64_t seconds = 0;
  if (!in.at_end()) {
    const bool digits_follow = in.sees_digit();
    if (digits_follow && !compact)
      return false;
    if (!digits_follow && !in.take(' ') && !in.take('T'))
      return false;
    if (!take_clock(in, digits_follow, seconds) || !in.at_end())
      return false;
  }
  time.seconds = std::int64_t{date.days} * 86400 + seconds;
  return true;
}

bool parse_span(std::string_view text, Span& span) {
  std::int64_t number = 0;
  SpanUnit unit = SpanUnit::days;
  if (!parse_counted(folded(text), number, unit))
    return false;
  span = make_span(number, unit);
  return true;
}

bool parse_window(std::string_view text, Window& window) {
  const std::string word = folded(text);
  for (const NamedWindow& row : named_windows) {
    if (row.name != word)
      continue;
    window = make_window(row.number, row.unit);
    return true;
  }
  std::int64_t number = 0;
  SpanUnit unit = SpanUnit::days;
  if (!parse_counted(word, number, unit) || number == 0)
    return false;
  if (unit == SpanUnit::days) {
    window = make_window(number, WindowUnit::days);
  } else if (unit == SpanUnit::hours) {
    window = make_window(number, WindowUnit::hours);
  } else {
    // Months, years and minutes have no rolling window.
    return false;
  }
  return true;
}

} // namespace sanku
