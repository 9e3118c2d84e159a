// Work over blocks on threads: blocks from one counter, each thread with its own state. Header
// only. Entry: over_blocks.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace sanku::bench {

// `make()` gives one thread's worker, a callable of a block's number; what it gives back is added
// up, so that no work can be dropped.
template <class Make>
std::uint64_t over_blocks(std::size_t blocks, unsigned threads, const Make& make) {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::uint64_t> sum = 0;
  const auto work = [&] {
    auto worker = make();
    std::uint64_t own = 0;
    for (std::size_t at = next++; at < blocks; at = next++)
      own += worker(at);
    sum += own;
  };
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < threads; ++i)
    others.emplace_back(work);
  work();
  others.clear();
  return sum;
}

} // namespace sanku::bench
