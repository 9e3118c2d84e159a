// One chunk's way from text to written findings, on one thread: read → batch → assemble → judge →
// describe. Records that may need another record of the input are set aside before. Shared by the
// files of this folder, and tools/impact, which examines visits in its own way. Entries:
// ChunkWorker::work, judge_visits.
#pragma once

#include "runtime/assemble/recurrence.h"
#include "runtime/assemble/settle.h"
#include "runtime/io/record_reader.h"
#include "tools/engine/columns.h"
#include "tools/engine/describe.h"
#include "tools/engine/identity.h"
#include "tools/engine/persons.h"
#include "tools/engine/remembered.h"
#include "tools/engine/run.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sanku::engine {

// A record set aside, and what the rejects would tell of it: in which of several files it stands,
// and the line as it came, as far as rejects hold it; not of a row of a CSV file.
struct WaitingRecord {
  assemble::Part part;
  std::string file, text;
};

// A whole visit that is judged with others, or stands beside them.
struct GatheredVisit {
  Visit visit;
  std::string settlement;           // its number, of a visit that is one record
  std::vector<std::string> columns; // by pass: what it is put together by
  std::optional<Date> first_day, last_day;
};

struct ChunkResult {
  std::optional<Error> fault; // the chunk cannot be read at all; nothing else counts
  std::uint64_t bytes = 0;
  std::string written;
  // Where in `written` begins what is said of a visit; every byte belongs to one.
  struct Mark {
    batch::Origin origin;
    std::size_t begin = 0;
  };
  std::vector<Mark> marks;
  std::vector<WaitingRecord> waiting;
  std::vector<GatheredVisit> gathered;
  std::vector<io::Reject> rejects;
  io::ReadCounts read;
  std::uint64_t settlements = 0;
  std::vector<RuleTotals> rules; // findings only; outcomes are the judge's
};

// Adds what a judge did to the whole.
void add_judged(const Judge& judge, RunSummary& summary);

class ChunkWorker {
public:
  // All the caller's. Of what may recur nothing is judged before it is settled.
  ChunkWorker(const Engine& engine, const RunOptions& options,
              const assemble::Recurrence& recurrence, const Remembered& remembered,
              Examiner examiner = {});

  [[nodiscard]] ChunkResult work(const io::Chunk& chunk);
  // Visits that are whole: judged, or put together with others first.
  [[nodiscard]] ChunkResult settled_visits(batch::Batch batch);
  // Visits that stand with all that they are looked at together.
  [[nodiscard]] ChunkResult judge_visits(batch::Batch batch, const exec::Pass& pass);
  void collect_peers(batch::Batch batch, exec::PeersOfRules& into);
  // Adds what this worker did to the whole.
  void add_to(RunSummary& summary) const;

private:
  [[nodiscard]] Result<void>
  read(const io::Chunk& chunk, const std::function<void(batch::Batch)>& full, ChunkResult& result);
  [[nodiscard]] Result<void> read_records(const io::Chunk& chunk,
                                          const std::function<void(batch::Batch)>& full,
                                          ChunkResult& result);
  [[nodiscard]] io::RecordReader& whole();
  [[nodiscard]] std::vector<bool> waiting_in(const batch::Batch& batch) const;
  void set_aside(batch::Batch& batch, const io::Chunk& chunk, ChunkResult& result);
  [[nodiscard]] std::vector<std::string> whole_contents(const io::Chunk& chunk,
                                                        const batch::Batch& batch,
                                                        const std::vector<std::uint32_t>& which);
  void put_answers(batch::Batch& batch) const;
  void judge(batch::Batch batch, const exec::Pass& pass, ChunkResult& result);
  void gather(const batch::Batch& batch, ChunkResult& result) const;
  void take(batch::Batch batch, ChunkResult& result);
  void write(const Block& block, const exec::Finding& finding, ChunkResult& result);
  void write_replies(const Block& block, const std::vector<exec::Finding>& findings,
                     ChunkResult& result);
  void count(const exec::Finding& finding, const Described& described, ChunkResult& result) const;

  const Engine& engine_; // the caller's
  const RunOptions& options_;
  const assemble::Recurrence& recurrence_;
  const Remembered& remembered_;
  Examiner examiner_; // in place of the judge
  Judge judge_;
  block::Columns columns_;                // that a record needs that waits for no other
  io::RecordReader reader_;               // of lines and rows with these columns
  std::optional<io::RecordReader> whole_; // with all, once it is needed
  std::vector<std::optional<std::uint32_t>> gathered_by_; // columns, by pass
  bool needs_all_ = false; // elements that only other columns tell apart were met
  RunSeconds seconds_;
};

} // namespace sanku::engine
