// run: claims in, findings out. The input is looked through once for the numbers of its records
// (intake.h), then read as a stream: chunks of whole lines are taken by worker threads; each reads,
// assembles, judges and describes its chunk, and what it wrote leaves in the order of the chunks.
// Records that may need another one (waiting.h) are judged after the last chunk; what they and all
// others gave leaves in the order of the input (sorted_runs.h). So the same input gives the same
// bytes whatever the number of threads, the size of a batch or the engine, in bounded memory.
// Entry: run. Tested by tests/unit/tools/engine_test.cpp and tests/unit/tools/waiting_test.cpp.
#pragma once

#include "runtime/exec/run.h"
#include "runtime/io/ndjson.h"
#include "runtime/types/result.h"
#include "tools/engine/answers.h"
#include "tools/engine/engine.h"
#include "tools/history/store.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::engine {

struct RunSummary;

// csv: one row a finding; reply: one reply of service 3101 a settlement (write.h).
enum class Format : std::uint8_t { ndjson, csv, table, reply };

struct RunOptions {
  unsigned threads = 1;
  std::uint32_t batch = 4096; // settlements a batch, at least 1
  Format format = Format::ndjson;
  Language language = Language::zh; // of the table; NDJSON is the same in every language
  bool places = false;              // NDJSON says where and when (place.h)
  bool identities = false;          // print fields marked `identity`
  bool strict = false;              // stop at the first record that is refused
  std::string pack = {};            // how findings name the pack
  // Since when, and until when, the input knows all visits of everybody, for rules that look beyond
  // one; else from the first to the last day on which one of its visits ended.
  std::optional<Date> known_since = {}, known_until = {};
  Answers* answers = nullptr;        // the caller's, put to the visits before they are judged
  history::Store* history = nullptr; // the caller's; none: the input is all that a run knows
  bool extend_history = true;        // false: the store stays as it is
  bool whole_records = false;        // all columns, also those that no rule reads
  std::size_t chunk_bytes = std::size_t{1} << 20;
  std::size_t memory = std::size_t{256} << 20; // for what must wait, beside the chunks in flight
};

struct Progress {
  std::uint64_t bytes = 0, settlements = 0, rejected = 0;
};

struct ChunkResult; // chunk.h
// What is done with whole visits instead of writing their findings down, by one worker. Batches are
// not assembled yet; what it writes leaves in the order of the input.
struct Examiner {
  std::function<void(batch::Batch, const exec::Pass&, ChunkResult&)> judge = {};
  std::function<void(batch::Batch, exec::PeersOfRules&)> collect = {};
  std::function<void(RunSummary&)> add_to = {};
};

// The world around a run. All are called from the calling thread but `read`, which is never called
// twice at a time.
struct RunPorts {
  std::function<std::int64_t(char*, std::size_t)> read; // as io::LineChunks asks
  // Where chunks come from that are not lines of `read`; a source of its own, asked as `read` is.
  std::function<Result<bool>(io::Chunk&)> next = {};
  // Begins the input again; without it what was read is kept in a temporary file.
  std::function<Result<void>()> rewind = {};
  std::function<Result<void>(std::string_view)> write; // findings, whole lines
  std::function<Result<void>(const io::Reject&)> reject;
  std::function<void(const Progress&)> progress;
  std::function<Examiner()> examiner = {}; // asked for each worker; none: findings are written
};

struct RuleTotals {
  exec::OutcomeCounts outcomes; // clear and not_applicable only with the evaluator
  exec::RuleWork work;          // nothing with the evaluator
  std::uint64_t findings = 0, not_computed = 0;
  std::uint64_t trial = 0; // of the findings; their money counts nowhere
  Int128 cents = 0;        // of the other findings whose amount is computed
  Int128 recoverable = 0;  // of those, each line's money once
  std::vector<std::uint64_t> by_severity = std::vector<std::uint64_t>(5, 0); // by ast::Severity
};

// Seconds, added up over all threads but `whole`.
struct RunSeconds {
  double read = 0, assemble = 0, judge = 0, describe = 0, whole = 0;
};

// What became of the records of the input. A record is one settlement (an encounter of a request),
// or a line that holds none that can be read.
struct Account {
  std::uint64_t read = 0;
  std::uint64_t evaluated = 0; // visits judged, each by the first of its records
  std::uint64_t merged = 0;    // further parts of those
  std::uint64_t repeated = 0;  // sent before with the same content
  std::uint64_t refunded = 0;  // refunds, and what they take back
  std::uint64_t rejected = 0;
};

struct WaitingCounts {
  std::uint64_t records = 0, bytes = 0;
  std::uint64_t most_loaded = 0; // bytes in memory at a time
};

struct RunSummary {
  Account account;
  WaitingCounts waiting;
  io::ReadCounts read;
  std::uint64_t bytes = 0;
  std::uint64_t settlements = 0, lines = 0;
  std::vector<RuleTotals> rules; // by rule
  exec::WorkCounts work;
  RunSeconds seconds;
  std::optional<io::Reject> stopped_at;    // strict only
  std::optional<history::Written> history; // where there is a store
  std::optional<AnswerCounts> answers;     // where there are some
};

// read = evaluated + merged + repeated + refunded + rejected, and every evaluated visit was judged:
// checked before the summary is given.
[[nodiscard]] Result<RunSummary> run(const Engine& engine, const RunOptions& options,
                                     const RunPorts& ports);

// How many threads this machine runs at a time; at least 1.
[[nodiscard]] unsigned processors();

// All rules together.
[[nodiscard]] RuleTotals total(const RunSummary& summary);

} // namespace sanku::engine
