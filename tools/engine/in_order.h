// Chunks through worker threads, their results in the order of the chunks on the calling thread.
// Workers take the next chunk under one mutex and hand back its result under another. A worker
// waits before it takes a chunk that is too far ahead of what has left, which bounds the memory.
// `let_out` is called while no mutex is held. Header only, for the files of this folder. Entry:
// in_order. Tested through `run` by tests/unit/tools/engine_test.cpp.
#pragma once

#include "runtime/io/ndjson.h"
#include "runtime/types/result.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace sanku::engine {

// Chunks in flight for each thread.
inline constexpr std::uint64_t chunks_ahead = 3;

template <class Done> struct Stages {
  std::function<Result<bool>(io::Chunk&)> next;               // by one worker at a time
  std::vector<std::function<Done(const io::Chunk&)>> workers; // one a thread, at least one
  std::function<Result<bool>(Done&)> let_out;                 // false: stop
};

template <class Done> class InOrder {
public:
  explicit InOrder(const Stages<Done>& stages) : stages_(stages) {}

  Result<void> run() {
    Result<void> left;
    {
      std::vector<std::jthread> running;
      for (const auto& worker : stages_.workers)
        running.emplace_back([this, &worker] { take_chunks(worker); });
      left = let_out();
      stop();
    }
    if (left && read_error_)
      return tl::unexpected(std::move(*read_error_));
    return left;
  }

private:
  void take_chunks(const std::function<Done(const io::Chunk&)>& work) {
    io::Chunk chunk;
    std::uint64_t number = 0;
    while (next(chunk, number)) {
      Done done = work(chunk);
      const std::scoped_lock lock(mutex_);
      done_.emplace(number, std::move(done));
      changed_.notify_all();
    }
  }

  bool next(io::Chunk& chunk, std::uint64_t& number) {
    const std::scoped_lock reading(read_mutex_);
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] {
        return stopped_ || ended_ || taken_ < left_ + chunks_ahead * stages_.workers.size();
      });
      if (stopped_ || ended_)
        return false;
    }
    Result<bool> more = stages_.next(chunk);
    const std::scoped_lock lock(mutex_);
    if (more && *more) {
      number = taken_++;
      return true;
    }
    if (!more)
      read_error_ = std::move(more.error());
    ended_ = true;
    changed_.notify_all();
    return false;
  }

  Result<void> let_out() {
    while (true) {
      std::optional<Done> done;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return done_.contains(left_) || (ended_ && left_ == taken_); });
        const auto found = done_.find(left_);
        if (found == done_.end())
          return {};
        done = std::move(found->second);
        done_.erase(found);
      }
      const Result<bool> more = stages_.let_out(*done);
      if (!more)
        return tl::unexpected(more.error());
      if (!*more)
        return {};
      const std::scoped_lock lock(mutex_);
      ++left_;
      changed_.notify_all();
    }
  }

  void stop() {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

  const Stages<Done>& stages_;
  std::mutex read_mutex_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // under mutex_:
  std::map<std::uint64_t, Done> done_;
  std::optional<Error> read_error_;
  std::uint64_t taken_ = 0, left_ = 0; // chunks
  bool ended_ = false, stopped_ = false;
};

template <class Done> [[nodiscard]] Result<void> in_order(const Stages<Done>& stages) {
  return InOrder<Done>(stages).run();
}

} // namespace sanku::engine
