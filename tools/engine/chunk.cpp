// See chunk.h.
#include "tools/engine/chunk.h"

#include "runtime/assemble/assemble.h"
#include "runtime/assemble/order.h"
#include "runtime/batch/gather.h"
#include "runtime/io/csv_layout.h"
#include "runtime/types/check.h"
#include "tools/engine/reply.h"
#include "tools/engine/stopwatch.h"
#include "tools/engine/together.h"
#include "tools/engine/write.h"

#include <algorithm>
#include <utility>

namespace sanku::engine {

namespace {

constexpr std::size_t kept_text = 64u << 10; // of a line, as in the rejects
constexpr std::size_t fetched_ahead = 16;    // records

std::string_view line_at(const io::Chunk& chunk, std::uint64_t offset) {
  if (offset < chunk.offset || offset - chunk.offset >= chunk.text.size())
    return {};
  const std::string_view rest = std::string_view(chunk.text).substr(offset - chunk.offset);
  return rest.substr(0, rest.find('\n'));
}

bool same_place(const batch::Origin& a, const batch::Origin& b) {
  return a.file == b.file && a.offset == b.offset && a.line == b.line && a.part == b.part;
}

// What of a chunk holds a record: of lines its own, of anything else the chunk.
io::Chunk part_of(const io::Chunk& chunk, const batch::Origin& origin) {
  if (chunk.layout != nullptr || chunk.blocks != nullptr)
    return chunk;
  io::Chunk part;
  part.text = line_at(chunk, origin.offset);
  part.offset = origin.offset;
  part.first_line = origin.line;
  return part;
}

block::Columns kept_columns(const hir::Program& program, const RunOptions& options) {
  block::Columns columns = columns_read(program, options.identities);
  if (options.places)
    for (const std::uint32_t column : place_columns(program.schema))
      columns[0][column] = true;
  return columns;
}

} // namespace

ChunkWorker::ChunkWorker(const Engine& engine, const RunOptions& options,
                         const assemble::Recurrence& recurrence, const Remembered& remembered,
                         Examiner examiner)
    : engine_(engine), options_(options), recurrence_(recurrence), remembered_(remembered),
      examiner_(std::move(examiner)), judge_(engine),
      columns_(remembered.is_kept() || options.whole_records
                   ? block::all_columns(engine.program.schema)
                   : kept_columns(engine.program, options)),
      reader_(engine.program.schema, dictionaries(engine), columns_) {
  if (engine.reach == assemble::Reach::visit)
    return;
  reader_.keep_context();
  for (const GatheringPass& pass : gathering_passes(engine.program))
    gathered_by_.push_back(pass.column);
}

ChunkResult ChunkWorker::work(const io::Chunk& chunk) {
  ChunkResult result;
  result.bytes = chunk.source_bytes.value_or(chunk.text.size());
  result.rules.resize(engine_.program.rules.size());
  Stopwatch reading;
  const auto full = [&](batch::Batch batch) {
    if (options_.answers != nullptr)
      options_.answers->note({engine_.program, batch, dictionaries(engine_)});
    set_aside(batch, chunk, result);
    seconds_.read += reading.lap();
    take(std::move(batch), result);
    (void)reading.lap();
  };
  if (auto done = read(chunk, full, result); !done)
    result.fault = std::move(done.error());
  seconds_.read += reading.seconds();
  return result;
}

// Of a block only the columns that are needed; all of them where a record waits, since its content
// is compared.
Result<void> ChunkWorker::read(const io::Chunk& chunk,
                               const std::function<void(batch::Batch)>& full, ChunkResult& result) {
  if (chunk.blocks == nullptr)
    return read_records(chunk, full, result);
  auto batch = reader_.read_block(chunk, columns_);
  if (!batch)
    return tl::unexpected(batch.error());
  const std::vector<bool> waits = waiting_in(*batch);
  if (std::ranges::find(waits, true) != waits.end())
    return reader_.read(chunk, options_.batch, full, result.rejects, result.read);
  io::RecordReader::count(*batch, result.read);
  full(std::move(*batch));
  return {};
}

// Lines and rows: with the columns that are needed, unless the order of elements depends on others;
// where it does once it mostly does again.
Result<void> ChunkWorker::read_records(const io::Chunk& chunk,
                                       const std::function<void(batch::Batch)>& full,
                                       ChunkResult& result) {
  const schema::Schema& schema = engine_.program.schema;
  if (!needs_all_ && !remembered_.is_kept()) {
    std::vector<batch::Batch> batches;
    std::vector<io::Reject> rejects;
    io::ReadCounts counts;
    const auto take = [&](batch::Batch batch) {
      needs_all_ = needs_all_ || !assemble::told_apart(batch, schema);
      batches.push_back(std::move(batch));
    };
    if (auto read = reader_.read(chunk, options_.batch, take, rejects, counts); !read)
      return read;
    if (!needs_all_) {
      result.rejects = std::move(rejects);
      result.read = counts;
      for (batch::Batch& batch : batches)
        full(std::move(batch));
      return {};
    }
  }
  return whole().read(chunk, options_.batch, full, result.rejects, result.read);
}

io::RecordReader& ChunkWorker::whole() {
  if (!whole_) {
    whole_.emplace(engine_.program.schema, dictionaries(engine_));
    if (engine_.reach != assemble::Reach::visit)
      whole_->keep_context();
  }
  return *whole_;
}

// By settlement: whether the record may concern what another says.
std::vector<bool> ChunkWorker::waiting_in(const batch::Batch& batch) const {
  assemble::KeyReader keys(batch, engine_.program.schema, dictionaries(engine_));
  std::vector<assemble::KeyHashes> hashes;
  hashes.reserve(batch.settlements);
  for (std::uint32_t s = 0; s < batch.settlements; ++s)
    hashes.push_back(keys.hashes(s));
  const auto fetch = [&](const assemble::KeyHashes& each) {
    recurrence_.fetch(each.visit);
    if (each.settlement)
      recurrence_.fetch(*each.settlement);
  };
  std::vector<bool> waits(batch.settlements);
  for (std::uint32_t s = 0; s < batch.settlements; ++s) {
    if (s + fetched_ahead < batch.settlements)
      fetch(hashes[s + fetched_ahead]);
    const assemble::KeyHashes& own = hashes[s];
    waits[s] = own.refund || recurrence_.may_recur(own.visit) ||
               (own.settlement && recurrence_.may_recur(*own.settlement)) ||
               (remembered_.is_kept() && remembered_.mentions(keys.keys(s)));
  }
  return waits;
}

ChunkResult ChunkWorker::settled_visits(batch::Batch batch) {
  ChunkResult result;
  result.rules.resize(engine_.program.rules.size());
  take(std::move(batch), result);
  return result;
}

ChunkResult ChunkWorker::judge_visits(batch::Batch batch, const exec::Pass& pass) {
  ChunkResult result;
  result.rules.resize(engine_.program.rules.size());
  judge(std::move(batch), pass, result);
  return result;
}

void ChunkWorker::collect_peers(batch::Batch batch, exec::PeersOfRules& into) {
  if (examiner_.collect)
    return examiner_.collect(std::move(batch), into);
  put_answers(batch);
  assemble::assemble(batch, engine_.program.schema, dictionaries(engine_), assembly(engine_));
  judge_.collect(batch, into);
}

// Where no rule looks beyond a visit, each is judged by itself.
void ChunkWorker::take(batch::Batch batch, ChunkResult& result) {
  if (engine_.reach == assemble::Reach::visit)
    return judge(std::move(batch), {}, result);
  gather(batch, result);
}

void ChunkWorker::gather(const batch::Batch& batch, ChunkResult& result) const {
  const schema::Schema& schema = engine_.program.schema;
  const batch::Dictionaries& codes = dictionaries(engine_);
  const Block block{engine_.program, batch, codes};
  for (std::uint32_t s = 0; s < batch.settlements; ++s) {
    const Header header = header_of(block, s);
    const assemble::RecordKeys keys = assemble::keys_of(batch, schema, codes, s);
    GatheredVisit made;
    made.visit = {.person = person_of(header, keys.visit),
                  .number = keys.visit,
                  .origin = batch.origins[s],
                  .context = batch::is_context(batch, s),
                  .parts = {}};
    // Nobody looks at the visit of somebody who is not known.
    if (made.visit.context && !is_known_person(made.visit.person))
      continue;
    made.visit.parts.push_back(assemble::pack(batch, schema, codes, s));
    made.settlement = keys.settlement;
    for (const std::optional<std::uint32_t>& column : gathered_by_) {
      const Value value = column ? cell(block, 0, *column, s) : Value(Unknown{});
      made.columns.push_back(is_known(value) ? "=" + to_text(value, {}, Language::en, {}) : "");
    }
    made.first_day = first_day(header);
    made.last_day = last_day(header);
    result.gathered.push_back(std::move(made));
  }
}

// The whole content of records of which the batch has only some columns, from their text again; in
// the same order. Of rows a chunk is read at once, whose waiting records are likely many.
std::vector<std::string> ChunkWorker::whole_contents(const io::Chunk& chunk,
                                                     const batch::Batch& batch,
                                                     const std::vector<std::uint32_t>& which) {
  const schema::Schema& schema = engine_.program.schema;
  const batch::Dictionaries& codes = dictionaries(engine_);
  std::vector<std::string> contents;
  std::vector<io::Reject> rejects;
  io::ReadCounts counts;
  const auto take = [&](const batch::Batch& all) {
    for (std::uint32_t s = 0; s < all.settlements && contents.size() < which.size(); ++s)
      if (same_place(all.origins[s], batch.origins[which[contents.size()]]))
        contents.push_back(assemble::pack(all, schema, codes, s));
  };
  while (contents.size() < which.size()) {
    const std::size_t before = contents.size();
    const io::Chunk part = part_of(chunk, batch.origins[which[before]]);
    check(whole().read(part, options_.batch, take, rejects, counts) && contents.size() > before,
          "a record that was read once is read again");
  }
  return contents;
}

// A visit that stands in one record whose numbers do not come again is whole; so are nearly all.
void ChunkWorker::set_aside(batch::Batch& batch, const io::Chunk& chunk, ChunkResult& result) {
  const schema::Schema& schema = engine_.program.schema;
  const batch::Dictionaries& codes = dictionaries(engine_);
  const std::vector<bool> waits = waiting_in(batch);
  if (std::ranges::find(waits, true) == waits.end())
    return;
  std::vector<std::uint32_t> whole, waiting;
  for (std::uint32_t s = 0; s < batch.settlements; ++s)
    (waits[s] && !batch::is_context(batch, s) ? waiting : whole).push_back(s);
  if (waiting.empty())
    return;
  // Of a block all columns were read, and where all are needed.
  std::vector<std::string> contents;
  if (chunk.blocks == nullptr && !needs_all_ && !remembered_.is_kept())
    contents = whole_contents(chunk, batch, waiting);
  else
    for (const std::uint32_t s : waiting)
      contents.push_back(assemble::pack(batch, schema, codes, s));
  const assemble::KeyReader keys(batch, schema, codes);
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const batch::Origin& origin = batch.origins[waiting[i]];
    WaitingRecord& record = result.waiting.emplace_back();
    record.part.origin = origin;
    record.part.keys = keys.keys(waiting[i]);
    record.part.content = std::move(contents[i]);
    if (chunk.layout != nullptr)
      record.file = chunk.layout->files[origin.file].name;
    else if (chunk.blocks == nullptr)
      record.text = codes::trim(line_at(chunk, origin.offset).substr(0, kept_text));
  }
  batch::keep_settlements(batch, schema, whole);
}

void ChunkWorker::put_answers(batch::Batch& batch) const {
  if (options_.answers != nullptr)
    options_.answers->put(batch, engine_.program, dictionaries(engine_));
}

void ChunkWorker::judge(batch::Batch batch, const exec::Pass& pass, ChunkResult& result) {
  if (examiner_.judge) {
    result.settlements += pass.again ? 0 : batch::judged(batch);
    return examiner_.judge(std::move(batch), pass, result);
  }
  Stopwatch watch;
  put_answers(batch);
  assemble::assemble(batch, engine_.program.schema, dictionaries(engine_), assembly(engine_));
  seconds_.assemble += watch.lap();
  const exec::BlockResult found = judge_.judge(batch, pass);
  seconds_.judge += watch.lap();
  result.settlements += pass.again ? 0 : batch::judged(batch);
  const Block block{engine_.program, batch, dictionaries(engine_)};
  if (options_.format == Format::reply)
    write_replies(block, found.findings, result);
  else
    for (const exec::Finding& finding : found.findings)
      write(block, finding, result);
  seconds_.describe += watch.lap();
}

// What programs read is the same in every language; so are the values inside of messages.
void ChunkWorker::write(const Block& block, const exec::Finding& finding, ChunkResult& result) {
  result.marks.push_back({block.batch.origins[finding.settlement], result.written.size()});
  const Language language = options_.format == Format::table ? options_.language : Language::zh;
  const Described described = describe(
      block, finding,
      {.language = language, .identities = options_.identities, .places = options_.places});
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
    if (batch::is_context(block.batch, settlement))
      continue;
    result.marks.push_back({block.batch.origins[settlement], result.written.size()});
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
  totals.trial += described.trial;
  if (described.trial)
    return;
  totals.cents += described.cents.value_or(0);
  totals.recoverable += described.recoverable.value_or(0);
}

void ChunkWorker::add_to(RunSummary& summary) const {
  if (examiner_.add_to)
    examiner_.add_to(summary);
  add_judged(judge_, summary);
  summary.seconds.read += seconds_.read;
  summary.seconds.assemble += seconds_.assemble;
  summary.seconds.judge += seconds_.judge;
  summary.seconds.describe += seconds_.describe;
}

void add_judged(const Judge& judge, RunSummary& summary) {
  const std::vector<exec::OutcomeCounts>& outcomes = judge.outcomes();
  for (std::size_t rule = 0; rule < outcomes.size(); ++rule) {
    exec::OutcomeCounts& sum = summary.rules[rule].outcomes;
    sum.fired += outcomes[rule].fired;
    sum.indeterminate += outcomes[rule].indeterminate;
    sum.clear += outcomes[rule].clear;
    sum.not_applicable += outcomes[rule].not_applicable;
  }
  const std::vector<exec::RuleWork> by_rule = judge.rule_work();
  for (std::size_t rule = 0; rule < by_rule.size(); ++rule) {
    summary.rules[rule].work.candidates += by_rule[rule].candidates;
    summary.rules[rule].work.checks += by_rule[rule].checks;
  }
  const exec::WorkCounts work = judge.work();
  summary.work.settlements += work.settlements;
  summary.work.items += work.items;
  summary.work.candidates += work.candidates;
  summary.work.checks += work.checks;
  summary.work.findings += work.findings;
  summary.lines += work.items;
}

} // namespace sanku::engine
