// See run.h.
#include "tools/engine/run.h"

#include "runtime/types/check.h"
#include "tools/engine/chunk.h"
#include "tools/engine/in_order.h"
#include "tools/engine/intake.h"
#include "tools/engine/remembered.h"
#include "tools/engine/sorted_runs.h"
#include "tools/engine/stopwatch.h"
#include "tools/engine/together.h"
#include "tools/engine/waiting.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace sanku::engine {
namespace {

class Line {
public:
  Line(const Engine& engine, const RunOptions& options, const RunPorts& ports)
      : engine_(engine), options_(options), ports_(ports), intake_(engine, options, ports),
        remembered_(engine.program.schema, options), waiting_(engine, options, remembered_),
        together_(engine, options, remembered_), findings_(options.memory / 8),
        rejects_(options.memory / 8) {
    summary_.rules.resize(engine.program.rules.size());
  }

  Result<RunSummary> run() {
    const Stopwatch watch;
    if (auto done = stages(); !done)
      return tl::unexpected(std::move(done.error()));
    for (const auto& worker : workers_)
      worker->add_to(summary_);
    summary_.waiting = {.records = waiting_.records(),
                        .bytes = waiting_.bytes(),
                        .most_loaded = waiting_.most_loaded()};
    if (options_.answers != nullptr)
      summary_.answers = options_.answers->counts();
    summary_.seconds.whole = watch.seconds();
    if (!summary_.stopped_at)
      add_up();
    return std::move(summary_);
  }

private:
  Result<void> stages() {
    if (auto looked = intake_.look(); !looked)
      return looked;
    if (auto streamed = stream(); !streamed || summary_.stopped_at)
      return streamed;
    if (auto settled = settle(); !settled || summary_.stopped_at)
      return settled;
    if (auto judged = together(); !judged)
      return judged;
    auto written = findings_.drain(
        [&](const batch::Origin&, std::string_view text) { return ports_.write(text); });
    if (!written || !remembered_.is_kept() || !options_.extend_history)
      return written;
    auto kept = remembered_.keep(together_.days());
    if (!kept)
      return tl::unexpected(kept.error());
    summary_.history = *kept;
    return {};
  }

  Result<void> stream() {
    Stages<ChunkResult> stages;
    stages.next = [this](io::Chunk& chunk) { return intake_.next(chunk); };
    for (unsigned i = 0; i < std::max(1u, options_.threads); ++i) {
      ChunkWorker& worker = *workers_.emplace_back(
          std::make_unique<ChunkWorker>(engine_, options_, intake_.recurrence(), remembered_,
                                        ports_.examiner ? ports_.examiner() : Examiner{}));
      stages.workers.emplace_back([&worker](const io::Chunk& chunk) { return worker.work(chunk); });
    }
    stages.let_out = [this](ChunkResult& result) { return let_out(result); };
    return in_order(stages);
  }

  // What waited: judged and rejected after everything else.
  Result<void> settle() {
    Waiting::Ports ports;
    ports.judged = [this](ChunkResult& result) -> Result<void> {
      if (auto gathered = gather(result, Noted::before); !gathered)
        return gathered;
      add(result);
      return keep(result, [this](const batch::Origin& origin, std::string_view text) {
        return findings_.add(origin, text);
      });
    };
    ports.reject = [this](const batch::Origin& origin, const io::Reject& reject) {
      std::string entry;
      put(entry, reject.line);
      put(entry, reject.offset);
      for (const std::string& text : {reject.file, reject.reason_en, reject.reason_zh, reject.text})
        put_text(entry, text);
      return rejects_.add(origin, entry);
    };
    ports.gone = [this](const std::string& person, const std::string& settlement) {
      return together_.add_gone(person, settlement);
    };
    if (auto resolved = waiting_.resolve(*workers_.front(), ports, summary_.account); !resolved)
      return resolved;
    return rejects_.drain([this](const batch::Origin&, std::string_view entry) -> Result<void> {
      io::Reject reject;
      reject.line = take<std::uint64_t>(entry);
      reject.offset = take<std::uint64_t>(entry);
      for (std::string* text : {&reject.file, &reject.reason_en, &reject.reason_zh, &reject.text})
        *text = take_text(entry);
      return summary_.stopped_at ? Result<void>() : refuse(reject);
    });
  }

  // Whether the history store learnt of the records before, part by part.
  enum class Noted { before, now };
  Result<void> gather(const ChunkResult& result, Noted noted) {
    for (const GatheredVisit& each : result.gathered) {
      if (auto added = together_.add(each); !added)
        return added;
      if (each.visit.context || !remembered_.is_kept())
        continue;
      remembered_.judged_from(each.first_day);
      if (noted == Noted::before)
        continue;
      if (auto put = remembered_.put({.person = each.visit.person,
                                      .visit = each.visit.number,
                                      .settlement = each.settlement,
                                      .last_day = each.last_day,
                                      .content = each.visit.parts.front()});
          !put)
        return put;
    }
    return {};
  }

  // What is looked at together: judged after everything was read.
  Result<void> together() {
    return together_.resolve(workers_, [this](ChunkResult& result) -> Result<void> {
      add(result);
      return keep(result, [this](const batch::Origin& origin, std::string_view text) {
        return findings_.add(origin, text);
      });
    });
  }

  Result<void> refuse(const io::Reject& reject) {
    if (!options_.strict)
      return ports_.reject(reject);
    summary_.stopped_at = reject;
    return {};
  }

  // False when the run stops.
  Result<bool> let_out(ChunkResult& result) {
    if (result.fault)
      return tl::unexpected(*result.fault);
    for (const io::Reject& reject : result.rejects) {
      if (auto written = refuse(reject); !written)
        return tl::unexpected(written.error());
      if (summary_.stopped_at)
        break;
    }
    for (const WaitingRecord& record : result.waiting)
      if (auto added = waiting_.add(record); !added)
        return tl::unexpected(added.error());
    if (auto gathered = gather(result, Noted::now); !gathered)
      return tl::unexpected(gathered.error());
    if (auto written = write(result); !written)
      return tl::unexpected(written.error());
    add(result);
    if (ports_.progress)
      ports_.progress({.bytes = (intake_.bytes() + summary_.bytes) / 2,
                       .settlements = summary_.settlements,
                       .rejected = summary_.read.rejected});
    return !summary_.stopped_at;
  }

  // Straight on, unless a record of before may still be judged later.
  Result<void> write(const ChunkResult& result) {
    if (intake_.recurrence().any())
      return keep(result, [this](const batch::Origin& origin, std::string_view text) {
        return findings_.add_in_order(origin, text);
      });
    return result.written.empty() ? Result<void>() : ports_.write(result.written);
  }

  template <class Keep> Result<void> keep(const ChunkResult& result, const Keep& keep_one) {
    const std::string_view written = result.written;
    check(written.empty() || (!result.marks.empty() && result.marks.front().begin == 0),
          "what is written belongs to visits");
    for (std::size_t i = 0; i < result.marks.size(); ++i) {
      const std::size_t begin = result.marks[i].begin, end = i + 1 < result.marks.size()
                                                                 ? result.marks[i + 1].begin
                                                                 : written.size();
      if (auto kept = keep_one(result.marks[i].origin, written.substr(begin, end - begin)); !kept)
        return kept;
    }
    return {};
  }

  void add(const ChunkResult& result) {
    summary_.bytes += result.bytes;
    summary_.read.records += result.read.records;
    summary_.read.rejected += result.read.rejected;
    summary_.read.encounters += result.read.encounters;
    summary_.read.context += result.read.context;
    summary_.settlements += result.settlements;
    Account& account = summary_.account;
    account.read += result.read.encounters + result.read.rejected;
    account.rejected += result.read.rejected;
    account.evaluated += result.settlements;
    for (std::size_t rule = 0; rule < result.rules.size(); ++rule) {
      RuleTotals& sum = summary_.rules[rule];
      sum.findings += result.rules[rule].findings;
      sum.not_computed += result.rules[rule].not_computed;
      sum.trial += result.rules[rule].trial;
      sum.cents += result.rules[rule].cents;
      sum.recoverable += result.rules[rule].recoverable;
      for (std::size_t i = 0; i < sum.by_severity.size(); ++i)
        sum.by_severity[i] += result.rules[rule].by_severity[i];
    }
  }

  void add_up() const {
    const Account& account = summary_.account;
    check(account.read == account.evaluated + account.merged + account.repeated + account.refunded +
                              account.rejected,
          "records read are not records evaluated, merged, repeated, refunded and rejected");
    check(summary_.work.settlements == account.evaluated, "visits evaluated are not visits judged");
    std::uint64_t fired = 0, findings = 0;
    for (const RuleTotals& rule : summary_.rules) {
      fired += rule.outcomes.fired;
      findings += rule.findings;
    }
    check(findings == summary_.work.findings, "findings written are not findings made");
    check(fired == findings, "subjects that fired are not findings");
  }

  const Engine& engine_;
  const RunOptions& options_;
  const RunPorts& ports_;
  Intake intake_;
  Remembered remembered_;
  Waiting waiting_;
  Together together_;
  SortedRuns findings_, rejects_;
  std::vector<std::unique_ptr<ChunkWorker>> workers_;
  RunSummary summary_;
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
    sum.trial += rule.trial;
    sum.cents += rule.cents;
    sum.recoverable += rule.recoverable;
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
