// See moment.h.
#include "tools/pack/moment.h"

#include <fmt/format.h>

#include <chrono>

namespace sanku::pack {
namespace {

using Days = std::chrono::sys_days;

std::optional<int> number(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

} // namespace

std::string day_text(Moment moment) {
  const std::chrono::sys_seconds at{std::chrono::seconds(moment.seconds)};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::string moment_text(Moment moment) {
  const std::int64_t second = ((moment.seconds % 86'400) + 86'400) % 86'400;
  return fmt::format("{}T{:02}:{:02}:{:02}Z", day_text(moment), second / 3600, second / 60 % 60,
                     second % 60);
}

std::optional<Moment> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    return std::nullopt;
  const auto year = number(text.substr(0, 4)), month = number(text.substr(5, 2)),
             day = number(text.substr(8, 2));
  if (!year || !month || !day)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok())
    return std::nullopt;
  return Moment{Days(date).time_since_epoch().count() * std::int64_t{86'400}};
}

std::optional<Moment> parse_moment(std::string_view text) {
  if (text.size() != 20)
    return std::nullopt;
  const auto day = parse_day(text.substr(0, 10));
  const auto hour = number(text.substr(11, 2)), minute = number(text.substr(14, 2)),
             second = number(text.substr(17, 2));
  if (!day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
    return std::nullopt;
  const Moment moment{day->seconds + *hour * 3600 + *minute * 60 + *second};
  if (moment_text(moment) != text)
    return std::nullopt;
  return moment;
}

} // namespace sanku::pack
