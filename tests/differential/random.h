// Random choices from a printed seed. Own draws over the standard's engine, because the standard's
// distributions differ between libraries and a seed has to mean the same everywhere.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace sanku::differential {

class Random {
public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // 0 .. bound - 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) {
    return bound == 0 ? 0 : engine_() % bound;
  }
  [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  // True `percent` times of a hundred.
  [[nodiscard]] bool chance(std::uint64_t percent) { return below(100) < percent; }
  template <class T> [[nodiscard]] const T& of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }
  template <class T, std::size_t size> [[nodiscard]] const T& of(const T (&choices)[size]) {
    return choices[below(size)];
  }

private:
  std::mt19937_64 engine_;
};

} // namespace sanku::differential
