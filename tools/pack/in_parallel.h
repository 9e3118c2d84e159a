// Independent things that verifying a pack does to its members, on as many threads as the machine
// has: each is numbered and writes what it finds to a place of its own, so nothing can be seen of
// their order. Entry: in_parallel. Tested by tests/unit/parallel/verify_test.cpp.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace sanku::pack {

// Below this many bytes to go through, a thread costs more than it saves.
inline constexpr std::uint64_t worth_threads = 1u << 20;
inline constexpr std::size_t most_threads = 8;

// `act(i)` for all i below `count`. The things that take long come first.
template <class Act> void in_parallel(std::size_t count, std::uint64_t bytes, const Act& act) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++)
      act(i);
  };
  const std::size_t wanted =
      bytes < worth_threads
          ? 1
          : std::min({std::size_t{std::max(1u, std::thread::hardware_concurrency())}, most_threads,
                      count});
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < wanted; ++i)
    others.emplace_back(work);
  work();
}

} // namespace sanku::pack
