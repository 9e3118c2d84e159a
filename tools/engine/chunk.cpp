// See chunk.h.
#include "tools/engine/chunk.h"

#include "runtime/assemble/assemble.h"
#include "runtime/types/check.h"
#include "tools/engine/reply.h"
#include "tools/engine/stopwatch.h"
#include "tools/engine/write.h"

namespace sanku::engine {

ChunkWorker::ChunkWorker(const Engine& engine, const RunOptions& options)
    : engine_(engine), options_(options), judge_(engine),
      reader_(engine.program.schema, dictionaries(engine)) {}

ChunkResult ChunkWorker::work(const io::Chunk& chunk) {
  ChunkResult result;
  result.index = chunk.index;
  result.bytes = chunk.source_bytes.value_or(chunk.text.size());
  result.rules.resize(engine_.program.rules.size());
  last_record_.reset();
  Stopwatch reading;
  reader_.read(
      chunk, options_.batch,
      [&](batch::Batch batch) {
        seconds_.read += reading.lap();
        judge(std::move(batch), result);
        (void)reading.lap();
      },
      result.rejects, result.read);
  seconds_.read += reading.seconds();
  return result;
}

void ChunkWorker::judge(batch::Batch batch, ChunkResult& result) {
  Stopwatch watch;
  assemble::assemble(batch, engine_.program.schema, dictionaries(engine_));
  seconds_.assemble += watch.lap();
  const exec::BlockResult found = judge_.judge(batch);
  seconds_.judge += watch.lap();
  result.settlements += batch.settlements;
  count_records(batch, result);
  const Block block{engine_.program, batch, dictionaries(engine_)};
  if (options_.format == Format::reply)
    write_replies(block, found.findings, result);
  else
    for (const exec::Finding& finding : found.findings)
      write(block, finding, result);
  seconds_.describe += watch.lap();
}

// A record with several visits counts once, also when a batch ends within it.
void ChunkWorker::count_records(const batch::Batch& batch, ChunkResult& result) {
  for (const batch::Origin& origin : batch.origins) {
    const std::pair record(origin.file, origin.offset);
    result.evaluated_records += last_record_ != record;
    last_record_ = record;
  }
}

// What programs read is the same in every language; so are the values inside of messages.
void ChunkWorker::write(const Block& block, const exec::Finding& finding, ChunkResult& result) {
  const Language language = options_.format == Format::table ? options_.language : Language::zh;
  const Described described =
      describe(block, finding, {.language = language, .identities = options_.identities});
  switch (options_.format) {
  case Format::ndjson:
    append_json(result.written, described, engine_.program, engine_.tables, options_.pack);
    break;
  case Format::csv:
    append_csv_line(result.written, described, options_.pack);
    break;
  case Format::table:
    append_table_line(result.written, described, options_.language);
    break;
  case Format::reply:
    unreachable("replies are written a settlement at a time");
  }
  count(finding, described, result);
}

// Also for settlements without findings, which come in between.
void ChunkWorker::write_replies(const Block& block, const std::vector<exec::Finding>& findings,
                                ChunkResult& result) {
  std::vector<Described> own;
  auto next = findings.begin();
  for (std::uint32_t settlement = 0; settlement < block.batch.settlements; ++settlement) {
    own.clear();
    for (; next != findings.end() && next->settlement == settlement; ++next) {
      own.push_back(
          describe(block, *next, {.language = Language::zh, .identities = options_.identities}));
      count(*next, own.back(), result);
    }
    append_reply(result.written, reply_head(block, settlement, options_.identities), own);
  }
  check(next == findings.end(), "findings are in the order of settlements");
}

void ChunkWorker::count(const exec::Finding& finding, const Described& described,
                        ChunkResult& result) const {
  RuleTotals& totals = result.rules[finding.rule];
  ++totals.findings;
  ++totals.by_severity[static_cast<std::size_t>(described.report->severity)];
  totals.not_computed += !described.cents;
  totals.cents += described.cents.value_or(0);
}

void ChunkWorker::add_to(RunSummary& summary) const {
  const std::vector<exec::OutcomeCounts>& outcomes = judge_.outcomes();
  for (std::size_t rule = 0; rule < outcomes.size(); ++rule) {
    exec::OutcomeCounts& sum = summary.rules[rule].outcomes;
    sum.fired += outcomes[rule].fired;
    sum.indeterminate += outcomes[rule].indeterminate;
    sum.clear += outcomes[rule].clear;
    sum.not_applicable += outcomes[rule].not_applicable;
  }
  const exec::WorkCounts work = judge_.work();
  summary.work.settlements += work.settlements;
  summary.work.items += work.items;
  summary.work.candidates += work.candidates;
  summary.work.checks += work.checks;
  summary.work.findings += work.findings;
  summary.lines += work.items;
  summary.seconds.read += seconds_.read;
  summary.seconds.assemble += seconds_.assemble;
  summary.seconds.judge += seconds_.judge;
  summary.seconds.describe += seconds_.describe;
}

} // namespace sanku::engine
