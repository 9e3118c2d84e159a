// See probe.h.
#include "bench/run/probe.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <numeric>
#include <thread>

namespace sanku::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t spin_steps = 4'000'000; // a few milliseconds
constexpr double tolerance = 1.12;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::uint64_t spin() {
  std::uint64_t state = 88172645463325252u;
  for (std::uint64_t i = 0; i < spin_steps; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
  }
  return state;
}

// The slowest of all threads spinning at once.
double spin_seconds(unsigned threads) {
  std::vector<double> seconds(threads);
  std::vector<std::uint64_t> states(threads);
  {
    std::vector<std::jthread> running;
    for (unsigned i = 0; i < threads; ++i)
      running.emplace_back([&, i] {
        const auto start = Clock::now();
        states[i] = spin();
        seconds[i] = seconds_since(start);
      });
  }
  const bool odd =
      std::ranges::any_of(states, [&](std::uint64_t state) { return state != states[0]; });
  return odd ? 1e9 : *std::ranges::max_element(seconds);
}

} // namespace

double median(std::vector<double> seconds) {
  std::ranges::sort(seconds);
  return seconds[seconds.size() / 2];
}

double clean_median(const Timed& timed) {
  return timed.seconds.size() < 3 ? -1 : median(timed.seconds);
}

bool Probe::is_clean(unsigned threads) {
  if (best_.size() <= threads)
    best_.resize(threads + 1, 0);
  // One thread alone says what the processor can do; several at once must each be as fast.
  if (best_[1] == 0)
    for (int i = 0; i < 20; ++i)
      best_[1] = best_[1] == 0 ? spin_seconds(1) : std::min(best_[1], spin_seconds(1));
  const double now = spin_seconds(threads);
  best_[1] = std::min(best_[1], now);
  best_[threads] = best_[threads] == 0 ? now : std::min(best_[threads], now);
  return now <= best_[1] * tolerance;
}

Timed Probe::measure(unsigned threads, unsigned wanted, unsigned most,
                     const std::function<void()>& work) {
  return std::move(measure(threads, wanted, most, std::vector{work}).front());
}

std::vector<Timed> Probe::measure(unsigned threads, unsigned wanted, unsigned most,
                                  const std::vector<std::function<void()>>& works) {
  for (const auto& work : works)
    work(); // warm-up
  std::vector<Timed> timed(works.size());
  const auto done = [&](const Timed& one) { return one.seconds.size() >= wanted; };
  for (unsigned round = 0; round < most && !std::ranges::all_of(timed, done); ++round)
    for (std::size_t i = 0; i < works.size(); ++i) {
      const bool before = is_clean(threads);
      const auto start = Clock::now();
      works[i]();
      const double seconds = seconds_since(start);
      timed[i].all.push_back(seconds);
      if (before && is_clean(threads))
        timed[i].seconds.push_back(seconds);
    }
  return timed;
}

double Probe::best(unsigned threads) const { return threads < best_.size() ? best_[threads] : 0; }

double plain_read_rate() {
  const std::vector<std::uint64_t> memory(std::size_t{1} << 27, 1);
  double best = 0;
  for (int i = 0; i < 3; ++i) {
    const auto start = Clock::now();
    const std::uint64_t sum = std::accumulate(memory.begin(), memory.end(), std::uint64_t{0});
    const double seconds = seconds_since(start);
    if (sum == memory.size())
      best = std::max(best, static_cast<double>(memory.size() * sizeof(std::uint64_t)) / seconds);
  }
  return best;
}

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name"))
      return line.substr(line.find(':') + 2);
  return "unknown";
}

} // namespace sanku::bench
