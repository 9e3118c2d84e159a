// One chunk's way from text to written findings, on one thread: read → batch → assemble → judge →
// describe. Shared by the files of this folder only. Entry: ChunkWorker::work.
#pragma once

#include "runtime/io/record_reader.h"
#include "tools/engine/describe.h"
#include "tools/engine/identity.h"
#include "tools/engine/run.h"

#include <optional>
#include <utility>
#include <vector>

namespace sanku::engine {

struct ChunkResult {
  std::uint64_t index = 0;
  std::uint64_t bytes = 0;
  std::string written;
  std::vector<io::Reject> rejects;
  io::ReadCounts read;
  std::uint64_t evaluated_records = 0, settlements = 0;
  std::vector<RuleTotals> rules; // findings only; outcomes are the judge's
};

class ChunkWorker {
public:
  ChunkWorker(const Engine& engine, const RunOptions& options);

  [[nodiscard]] ChunkResult work(const io::Chunk& chunk);
  // Adds what this worker did to the whole.
  void add_to(RunSummary& summary) const;

private:
  void judge(batch::Batch batch, ChunkResult& result);
  void count_records(const batch::Batch& batch, ChunkResult& result);
  void write(const Block& block, const exec::Finding& finding, ChunkResult& result);
  void write_replies(const Block& block, const std::vector<exec::Finding>& findings,
                     ChunkResult& result);
  void count(const exec::Finding& finding, const Described& described, ChunkResult& result) const;

  const Engine& engine_; // the caller's
  const RunOptions& options_;
  Judge judge_;
  io::RecordReader reader_;
  std::optional<std::pair<std::uint32_t, std::uint64_t>> last_record_; // file, offset
  RunSeconds seconds_;
};

} // namespace sanku::engine
