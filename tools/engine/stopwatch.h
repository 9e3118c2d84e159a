// Elapsed time for `--stats`: the one clock of the engine. Nothing that is data may depend on it.
// Entry: Stopwatch.
#pragma once

#include <chrono>

namespace sanku::engine {

class Stopwatch {
public:
  // Since it was made or last lapped.
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  [[nodiscard]] double lap() {
    const double taken = seconds();
    start_ = std::chrono::steady_clock::now();
    return taken;
  }

private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace sanku::engine
