// check(condition, "why"): our own fault. Prints the reason and the place, then aborts; the command
// turns the abort into exit 70. Never used for what a user or the world can do wrong: those are
// Diagnostics and Results.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace sanku {

inline void check(bool condition, const char* why,
                  std::source_location place = std::source_location::current()) {
  if (condition)
    return;
  std::fprintf(stderr, "sanku: internal error: %s (%s:%u)\n", why, place.file_name(), place.line());
  std::_Exit(70);
}

[[noreturn]] inline void unreachable(const char* why,
                                     std::source_location place = std::source_location::current()) {
  check(false, why, place);
  std::abort();
}

} // namespace sanku
