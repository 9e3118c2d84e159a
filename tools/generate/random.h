// Random numbers that are the same bytes on every platform: splitmix64 for seeding, xoshiro256**
// for drawing, integer or IEEE basic arithmetic for shaping. The standard library's distributions
// are left aside because each implementation draws differently. A stream is named by (seed,
// purpose, number), so that settlement k needs nothing of settlement k - 1. Tested by
// tests/unit/tools/generate_test.cpp (same seed, same bytes; shape of the distributions).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace sanku::generate {

constexpr std::uint64_t splitmix64(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15u;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// What a stream is for. Streams of different purposes never share a sequence.
enum class Purpose : std::uint64_t {
  settlement = 1,
  person = 2,
  catalogue = 3,
  order = 4,
  library = 5
};

class Random {
public:
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t number) {
    std::uint64_t state = seed;
    state = splitmix64(state) ^ static_cast<std::uint64_t>(purpose);
    state = splitmix64(state) ^ number;
    for (std::uint64_t& word : state_)
      word = splitmix64(state);
  }

  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // 0 <= result < n, for n > 0. The multiply-and-shift bias is below n / 2^64.
  std::uint64_t below(std::uint64_t n) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(next()) * n) >> 64);
  }

  // low <= result <= high.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
  }

  bool chance(double probability) {
    return static_cast<double>(next() >> 11) * 0x1.0p-53 < probability;
  }
  bool percent(std::uint64_t n) { return below(100) < n; }

  template <class Range> const auto& pick(const Range& range) {
    return range[below(std::size(range))];
  }

  template <class T> void shuffle(std::vector<T>& values) {
    for (std::size_t n = values.size(); n > 1; --n)
      std::swap(values[n - 1], values[below(n)]);
  }

private:
  std::array<std::uint64_t, 4> state_;
};

// Draws an index with given integer weights, by binary search in their running sum.
class Weighted {
public:
  Weighted() = default;
  explicit Weighted(const std::vector<std::uint64_t>& weights) {
    std::uint64_t sum = 0;
    for (const std::uint64_t weight : weights)
      running_.push_back(sum += weight);
  }
  [[nodiscard]] bool empty() const { return running_.empty(); }
  std::size_t draw(Random& random) const {
    const std::uint64_t at = random.below(running_.back());
    return static_cast<std::size_t>(std::upper_bound(running_.begin(), running_.end(), at) -
                                    running_.begin());
  }

private:
  std::vector<std::uint64_t> running_;
};

// Zipf-Mandelbrot with exponent 1: the i-th most popular of n has weight 1 / (i + 3).
Weighted zipf(std::size_t n);

// A log-normal cut to low..high and made whole: weight(n) ~ exp(-(ln n - mu)^2 / (2 sigma^2)) / n.
// Draws index i for the value low + i.
struct LogNormal {
  int low, high;
  double mu, sigma;
};
Weighted log_normal(const LogNormal& shape);

} // namespace sanku::generate
