// The threads of a run (run.h). Workers take the next chunk under one mutex and hand back its
// result under another; the calling thread lets results out in order. A worker waits before it
// takes a chunk that is too far ahead of what has left, which bounds the memory. Nothing is
// written, read or described while the mutex of the results is held.
#include "tools/engine/run.h"

#include "runtime/types/check.h"
#include "tools/engine/chunk.h"
#include "tools/engine/stopwatch.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace sanku::engine {
namespace {

// Chunks in flight for each thread.
constexpr std::uint64_t ahead = 3;

class Line {
public:
  Line(const Engine& engine, const RunOptions& options, const RunPorts& ports)
      : options_(options), ports_(ports), chunks_(ports.read, options.chunk_bytes),
        threads_(std::max(1u, options.threads)) {
    for (unsigned i = 0; i < threads_; ++i)
      workers_.push_back(std::make_unique<ChunkWorker>(engine, options));
    summary_.rules.resize(engine.program.rules.size());
  }

  Result<RunSummary> run() {
    const Stopwatch watch;
    std::optional<Error> failed;
    {
      std::vector<std::jthread> running;
      for (const auto& worker : workers_)
        running.emplace_back([this, &worker] { take_chunks(*worker); });
      failed = let_out();
      stop();
    }
    if (failed)
      return tl::unexpected(std::move(*failed));
    if (read_error_)
      return tl::unexpected(std::move(*read_error_));
    for (const auto& worker : workers_)
      worker->add_to(summary_);
    summary_.seconds.whole = watch.seconds();
    if (!summary_.stopped_at)
      add_up();
    return std::move(summary_);
  }

private:
  // ---- on the workers

  void take_chunks(ChunkWorker& worker) {
    io::Chunk chunk;
    while (next(chunk)) {
      ChunkResult result = worker.work(chunk);
      const std::scoped_lock lock(results_mutex_);
      results_.emplace(result.index, std::move(result));
      changed_.notify_all();
    }
  }

  bool next(io::Chunk& chunk) {
    const std::scoped_lock reading(read_mutex_);
    {
      std::unique_lock lock(results_mutex_);
      changed_.wait(lock, [&] { return stopped_ || ended_ || taken_ < left_ + ahead * threads_; });
      if (stopped_ || ended_)
        return false;
    }
    Result<bool> more = ports_.next ? ports_.next(chunk) : chunks_.next(chunk);
    const std::scoped_lock lock(results_mutex_);
    if (more && *more) {
      ++taken_;
      return true;
    }
    if (!more)
      read_error_ = std::move(more.error());
    ended_ = true;
    changed_.notify_all();
    return false;
  }

  // ---- on the calling thread

  std::optional<Error> let_out() {
    while (true) {
      ChunkResult result;
      {
        std::unique_lock lock(results_mutex_);
        changed_.wait(lock,
                      [&] { return results_.contains(left_) || (ended_ && left_ == taken_); });
        const auto found = results_.find(left_);
        if (found == results_.end())
          return std::nullopt;
        result = std::move(found->second);
        results_.erase(found);
      }
      if (auto error = let_out(result))
        return error;
      if (summary_.stopped_at)
        return std::nullopt;
      const std::scoped_lock lock(results_mutex_);
      ++left_;
      changed_.notify_all();
    }
  }

  std::optional<Error> let_out(const ChunkResult& result) {
    for (const io::Reject& reject : result.rejects) {
      if (options_.strict) {
        summary_.stopped_at = reject;
        break;
      }
      if (auto written = ports_.reject(reject); !written)
        return written.error();
    }
    if (!result.written.empty())
      if (auto written = ports_.write(result.written); !written)
        return written.error();
    add(result);
    if (ports_.progress)
      ports_.progress({.bytes = summary_.bytes,
                       .settlements = summary_.settlements,
                       .rejected = summary_.read.rejected});
    return std::nullopt;
  }

  void add(const ChunkResult& result) {
    summary_.bytes += result.bytes;
    summary_.read.records += result.read.records;
    summary_.read.rejected += result.read.rejected;
    summary_.read.encounters += result.read.encounters;
    summary_.read.context += result.read.context;
    summary_.evaluated_records += result.evaluated_records;
    summary_.settlements += result.settlements;
    for (std::size_t rule = 0; rule < result.rules.size(); ++rule) {
      RuleTotals& sum = summary_.rules[rule];
      sum.findings += result.rules[rule].findings;
      sum.not_computed += result.rules[rule].not_computed;
      sum.cents += result.rules[rule].cents;
      for (std::size_t i = 0; i < sum.by_severity.size(); ++i)
        sum.by_severity[i] += result.rules[rule].by_severity[i];
    }
  }

  void stop() {
    const std::scoped_lock lock(results_mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

  void add_up() const {
    check(summary_.read.records == summary_.evaluated_records + summary_.read.rejected,
          "records read are not records evaluated and records rejected");
    check(summary_.read.encounters == summary_.settlements, "visits read are not visits evaluated");
    check(summary_.work.settlements == summary_.settlements,
          "visits evaluated are not visits judged");
    std::uint64_t fired = 0, findings = 0;
    for (const RuleTotals& rule : summary_.rules) {
      fired += rule.outcomes.fired;
      findings += rule.findings;
    }
    check(findings == summary_.work.findings, "findings written are not findings made");
    check(fired == findings, "subjects that fired are not findings");
  }

  const RunOptions& options_;
  const RunPorts& ports_;
  io::LineChunks chunks_; // under read_mutex_
  const std::uint64_t threads_;
  std::vector<std::unique_ptr<ChunkWorker>> workers_;
  RunSummary summary_; // the calling thread's

  std::mutex read_mutex_;
  std::mutex results_mutex_;
  std::condition_variable changed_;
  // under results_mutex_:
  std::map<std::uint64_t, ChunkResult> results_;
  std::optional<Error> read_error_;
  std::uint64_t taken_ = 0, left_ = 0; // chunks
  bool ended_ = false, stopped_ = false;
};

} // namespace

Result<RunSummary> run(const Engine& engine, const RunOptions& options, const RunPorts& ports) {
  check(options.batch >= 1, "a batch holds at least one settlement");
  return Line(engine, options, ports).run();
}

unsigned processors() { return std::max(1u, std::thread::hardware_concurrency()); }

RuleTotals total(const RunSummary& summary) {
  RuleTotals sum;
  for (const RuleTotals& rule : summary.rules) {
    sum.findings += rule.findings;
    sum.not_computed += rule.not_computed;
    sum.cents += rule.cents;
    sum.outcomes.fired += rule.outcomes.fired;
    sum.outcomes.indeterminate += rule.outcomes.indeterminate;
    sum.outcomes.clear += rule.outcomes.clear;
    sum.outcomes.not_applicable += rule.outcomes.not_applicable;
    for (std::size_t i = 0; i < sum.by_severity.size(); ++i)
      sum.by_severity[i] += rule.by_severity[i];
  }
  return sum;
}

} // namespace sanku::engine
