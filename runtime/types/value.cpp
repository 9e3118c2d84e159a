// Value (value.h): exact comparison, and how values read for a person. Entries: same, to_text,
// decimal_text, date_text, datetime_text. Readers are in value_parse.cpp. Tested by
// tests/unit/runtime/value_test.cpp.
#include "runtime/types/value.h"

#include "runtime/types/candidates.h"
#include "runtime/types/match.h"
#include "runtime/types/reason_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <type_traits>

namespace sanku {
namespace {

// Calendar arithmetic past four-digit years is not printed as such: dates are clamped to 0001-01-01
// .. 9999-12-31.
std::chrono::year_month_day civil(std::int64_t days) {
  constexpr std::int64_t first = -719162, last = 2932896;
  return std::chrono::year_month_day{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(std::clamp(days, first, last))}}};
}

std::int64_t floor_days(std::int64_t seconds) {
  const std::int64_t days = seconds / 86400;
  return seconds % 86400 < 0 ? days - 1 : days;
}

std::string day_text(std::int64_t days) {
  const std::chrono::year_month_day date = civil(days);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

struct UnitWords {
  std::string_view zh, en; // the English plural takes an s
};

std::string counted(std::int64_t number, UnitWords words, Language language) {
  if (language == Language::zh)
    return fmt::format("{}{}", number, words.zh);
  return fmt::format("{} {}{}", number, words.en, number == 1 ? "" : "s");
}

// 4 天 23 小时: what is longer than an hour is not told in minutes.
std::string minutes_text(std::int64_t minutes, Language language) {
  constexpr std::int64_t hour = 60, day = 24 * hour;
  std::string text = minutes < 0 ? "-" : "";
  std::int64_t left = minutes < 0 ? -minutes : minutes;
  const auto add = [&](std::int64_t unit, UnitWords words) {
    const std::int64_t number = left / unit;
    left %= unit;
    if (number == 0)
      return;
    if (language == Language::en && !text.empty() && text != "-")
      text += ' ';
    text += counted(number, words, language);
  };
  add(day, {"天", "day"});
  add(hour, {"小时", "hour"});
  add(1, {"分钟", "minute"});
  return text;
}

std::string span_text(Span span, Language language) {
  if (unit_of(span) == SpanUnit::minutes && (number_of(span) >= 60 || number_of(span) <= -60))
    return minutes_text(number_of(span), language);
  UnitWords words{};
  switch (unit_of(span)) {
  case SpanUnit::days:
    words = {"天", "day"};
    break;
  case SpanUnit::months:
    words = {"个月", "month"};
    break;
  case SpanUnit::years:
    words = {"年", "year"};
    break;
  case SpanUnit::hours:
    words = {"小时", "hour"};
    break;
  case SpanUnit::minutes:
    words = {"分钟", "minute"};
    break;
  }
  return counted(number_of(span), words, language);
}

std::string window_text(Window window, Language language) {
  auto word = [&](std::string_view zh, std::string_view en) {
    return std::string(language == Language::zh ? zh : en);
  };
  switch (unit_of(window)) {
  case WindowUnit::days:
    return counted(number_of(window), {"天", "day"}, language);
  case WindowUnit::hours:
    return counted(number_of(window), {"小时", "hour"}, language);
  case WindowUnit::same_hour:
    return word("同一小时", "same hour");
  case WindowUnit::visit:
    return word("单次就诊", "same visit");
  case WindowUnit::month:
    return word("自然月", "calendar month");
  case WindowUnit::quarter:
    return word("季度", "quarter");
  case WindowUnit::insurance_year:
    return language == Language::zh ? "医保年度" : "insurance year";
  case WindowUnit::calendar_year:
    return word("自然年", "calendar year");
  case WindowUnit::lifetime:
    return word("终身", "lifetime");
  }
  return {};
}

// Completed years, below one year completed months, below one month days, as paediatric charts give
// ages.
std::string age_text(Age age, Language language) {
  const std::int64_t birth_days = birth_of(age).days, at_days = reference_of(age).days;
  const std::chrono::year_month_day birth = civil(birth_days), at = civil(at_days);
  std::int64_t months = (static_cast<int>(at.year()) - static_cast<int>(birth.year())) * 12 +
                        static_cast<int>(static_cast<unsigned>(at.month())) -
                        static_cast<int>(static_cast<unsigned>(birth.month()));
  // A birthday that the month does not have is its last day.
  const auto month_end = static_cast<unsigned>(
      std::chrono::year_month_day_last{at.year(), std::chrono::month_day_last{at.month()}}.day());
  if (static_cast<unsigned>(at.day()) < std::min(static_cast<unsigned>(birth.day()), month_end))
    --months;
  if (at_days < birth_days || months < 1)
    return counted(at_days - birth_days, {"天", "day"}, language);
  if (months < 12)
    return counted(months, {"个月", "month"}, language);
  return counted(months / 12, {"岁", "year"}, language);
}

} // namespace

bool same(const Value& a, const Value& b) {
  if (a.index() != b.index())
    return false;
  return std::visit(
      match{
          [](const Unknown&) { return true; },
          [&](const Bool& x) { return x.value == std::get<Bool>(b).value; },
          [&](const Integer& x) { return x.value == std::get<Integer>(b).value; },
          [&](const Decimal& x) { return x.units == std::get<Decimal>(b).units; },
          [&](const Date& x) { return x.days == std::get<Date>(b).days; },
          [&](const DateTime& x) { return x.seconds == std::get<DateTime>(b).seconds; },
          [&](const Span& x) { return x.packed == std::get<Span>(b).packed; },
          [&](const Window& x) { return x.packed == std::get<Window>(b).packed; },
          [&](const Age& x) { return x.packed == std::get<Age>(b).packed; },
          [&](const Count& x) {
            const Count& y = std::get<Count>(b);
            return x.low == y.low && x.high == y.high;
          },
          [&](const CodeText& x) { return x.text == std::get<CodeText>(b).text; },
          [&](const EnumValue& x) {
            const EnumValue& y = std::get<EnumValue>(b);
            return x.id == y.id && (x.id != 0 || x.unlisted == y.unlisted);
          },
          [&](const std::string& x) { return x == std::get<std::string>(b); },
          [&](const Score& x) { return x.value == std::get<Score>(b).value; },
      },
      a);
}

// Of a code that is one of several all of them.
std::string code_words(const std::string& code, Language language) {
  std::string words;
  for (const char c : code) {
    if (c == candidate_separator)
      words += language == Language::zh ? " 或 " : " or ";
    else
      words += c;
  }
  return words;
}

// Four digits behind the point at most.
std::string score_text(double score) {
  std::string text = fmt::format("{:.4f}", score);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.'))
    text.pop_back();
  return text == "-0" ? "0" : text;
}

// `年龄 72（+0.31）、天数 缺失（-0.12）`
std::string reasons_words(std::string_view list, Language language) {
  const bool chinese = language == Language::zh;
  std::string words;
  while (!list.empty()) {
    std::array<std::string_view, 4> part; // name zh, name en, value, contribution
    for (std::size_t i = 0; i < part.size(); ++i) {
      const auto end = list.find(i + 1 < part.size() ? reason_field : reason_end);
      part[i] = list.substr(0, end);
      list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
    if (!words.empty())
      words += chinese ? "、" : ", ";
    words += chinese ? part[0] : part[1];
    if (!part[2].empty())
      words += fmt::format(" {}", part[2] != reason_missing ? part[2]
                                  : chinese                 ? "缺失"
                                                            : "missing");
    words += fmt::format(fmt::runtime(chinese ? "（{}）" : " ({})"), part[3]);
  }
  return words;
}

std::string to_text(const Value& value, const Type& type, Language language,
                    std::string_view enum_name) {
  const bool chinese = language == Language::zh;
  return std::visit(
      match{
          [&](const Unknown&) { return std::string(chinese ? "不明" : "unknown"); },
          [&](const Bool& x) {
            if (chinese)
              return std::string(x.value ? "是" : "否");
            return std::string(x.value ? "yes" : "no");
          },
          [&](const Integer& x) { return fmt::format("{}", x.value); },
          [&](const Decimal& x) {
            return decimal_text(x.units, type.scale, type.kind == Kind::money ? 2 : 0);
          },
          [&](const Date& x) { return date_text(x); },
          [&](const DateTime& x) { return datetime_text(x); },
          [&](const Span& x) { return span_text(x, language); },
          [&](const Window& x) { return window_text(x, language); },
          [&](const Age& x) { return age_text(x, language); },
          [&](const Count& x) {
            if (x.low == x.high)
              return fmt::format("{}", x.low);
            if (x.high == std::numeric_limits<std::int64_t>::max())
              return fmt::format(fmt::runtime(chinese ? "至少{}" : "at least {}"), x.low);
            return chinese ? fmt::format("{}至{}", x.low, x.high)
                           : fmt::format("{} to {}", x.low, x.high);
          },
          [&](const CodeText& x) { return code_words(x.text, language); },
          [&](const EnumValue& x) { return x.id != 0 ? std::string(enum_name) : x.unlisted; },
          [&](const std::string& x) {
            return type.kind == Kind::reasons ? reasons_words(x, language) : x;
          },
          [](const Score& x) { return score_text(x.value); },
      },
      value);
}

std::string decimal_text(Int128 units, unsigned scale, unsigned keep) {
  using Unsigned128 = std::make_unsigned_t<Int128>;
  const bool negative = units < 0;
  // Negating as unsigned is defined for the smallest value too.
  Unsigned128 rest = negative ? -static_cast<Unsigned128>(units) : static_cast<Unsigned128>(units);
  std::string digits; // least significant first
  while (rest != 0 || digits.size() <= scale) {
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  std::reverse(digits.begin(), digits.end());
  std::string whole = digits.substr(0, digits.size() - scale);
  std::string fraction = digits.substr(digits.size() - scale);
  while (fraction.size() > keep && fraction.back() == '0')
    fraction.pop_back();
  if (fraction.size() < keep)
    fraction.append(keep - fraction.size(), '0');
  if (negative)
    whole.insert(whole.begin(), '-');
  return fraction.empty() ? whole : whole + "." + fraction;
}

std::string date_text(Date date) { return day_text(date.days); }

std::string datetime_text(DateTime time) {
  const std::int64_t days = floor_days(time.seconds);
  const std::int64_t second = (time.seconds % 86400 + 86400) % 86400;
  if (second == 0)
    return day_text(days);
  std::string text = fmt::format("{} {:02}:{:02}", day_text(days), second / 3600, second / 60 % 60);
  return second % 60 == 0 ? text : text + fmt::format(":{:02}", second % 60);
}

} // namespace sanku
