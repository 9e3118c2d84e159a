// The probe of the processors: a timed piece of work is believed only if a short spin on every used
// thread, just before and just after it, ran nearly as fast as the best spin seen. Shared virtual
// processors do not always deliver what they promise.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace sanku::bench {

struct Timed {
  std::vector<double> seconds; // clean runs only
  std::vector<double> all;     // clean or not
};

// Median of clean runs; negative when there are fewer than three: then the measurement is
// inconclusive.
[[nodiscard]] double clean_median(const Timed& timed);
// Median of all runs, for orientation.
[[nodiscard]] double median(std::vector<double> seconds);

class Probe {
public:
  // Runs `work` (which uses `threads` threads itself) until `wanted` runs were clean or `most` were
  // tried.
  [[nodiscard]] Timed measure(unsigned threads, unsigned wanted, unsigned most,
                              const std::function<void()>& work);
  // Several works one after the other in each round, until every one had its clean runs.
  [[nodiscard]] std::vector<Timed> measure(unsigned threads, unsigned wanted, unsigned most,
                                           const std::vector<std::function<void()>>& works);
  // The best spin in seconds, by number of threads.
  [[nodiscard]] double best(unsigned threads) const;

private:
  [[nodiscard]] bool is_clean(unsigned threads);
  std::vector<double> best_;
};

// Sum over a gigabyte in memory: bytes a second, one thread.
[[nodiscard]] double plain_read_rate();
// Model name of the processor.
[[nodiscard]] std::string processor();

} // namespace sanku::bench
