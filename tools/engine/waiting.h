// Records that may need another one of the input: parts of one visit, repeats, refunds and what
// they take back. They wait outside of memory, in partitions by visit, until the whole input was
// read; then a partition at a time is settled, merged and judged. What records say about visits of
// other partitions (a refund there, a settlement number used twice) is found out before, from the
// settlement numbers alone, in partitions of their own. So memory holds one partition, or one visit
// if that is larger. Of a history store those records take part that concern some record of the
// input. Entry: Waiting. Tested by tests/unit/tools/waiting_test.cpp.
#pragma once

#include "runtime/assemble/settle.h"
#include "runtime/io/spill.h"
#include "tools/engine/chunk.h"
#include "tools/engine/remembered.h"
#include "tools/engine/run.h"

#include <functional>
#include <string>
#include <vector>

namespace sanku::engine {

class Waiting {
public:
  // All the caller's.
  Waiting(const Engine& engine, const RunOptions& options, Remembered& remembered);

  [[nodiscard]] Result<void> add(const WaitingRecord& record);

  // What became of the records: judged visits by batches, and rejects, in no order of places.
  struct Ports {
    std::function<Result<void>(ChunkResult&)> judged;
    std::function<Result<void>(const batch::Origin&, const io::Reject&)> reject;
    // A record of the history store is taken back: the person, and its settlement number.
    std::function<Result<void>(const std::string&, const std::string&)> gone;
  };
  [[nodiscard]] Result<void> resolve(ChunkWorker& worker, const Ports& ports, Account& account);

  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  // The most bytes of records that were in memory at a time.
  [[nodiscard]] std::uint64_t most_loaded() const { return most_loaded_; }

private:
  struct Resolution;
  [[nodiscard]] Result<void> put_record(const WaitingRecord& record);
  [[nodiscard]] Result<void> add_remembered(const assemble::Part& part);

  const Engine& engine_;
  const RunOptions& options_;
  Remembered& remembered_;
  std::size_t memory_; // of one partition
  io::Spill visits_, settlements_;
  std::vector<std::uint64_t> visit_bytes_, settlement_bytes_; // by lane
  std::uint64_t records_ = 0, bytes_ = 0, most_loaded_ = 0;
};

} // namespace sanku::engine
