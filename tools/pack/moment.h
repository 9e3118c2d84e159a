// Moments of signatures and days of keys: UTC, to the second, in one form. Who asks for the time
// passes it in, so that nothing here has a clock. Entries: moment_text, parse_moment. Tested by
// tests/unit/tools/pack_trust_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sanku::pack {

struct Moment {
  std::int64_t seconds = 0; // since 1970 began

  friend auto operator<=>(const Moment&, const Moment&) = default;
};

[[nodiscard]] std::string moment_text(Moment moment); // 2026-11-22T09:30:00Z
[[nodiscard]] std::optional<Moment> parse_moment(std::string_view text);
// The day as 2026-11-22, its beginning; and the last second of it.
[[nodiscard]] std::optional<Moment> parse_day(std::string_view text);
[[nodiscard]] std::string day_text(Moment moment);
[[nodiscard]] inline Moment end_of_day(Moment begin) { return {begin.seconds + 86'399}; }

} // namespace sanku::pack
