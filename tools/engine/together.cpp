// See together.h. An entry is the key by which a visit is put together, where it came from, and its
// content.
#include "tools/engine/together.h"

#include "compiler/plan/reach.h"
#include "runtime/assemble/record.h"
#include "runtime/codes/texts.h"
#include "runtime/types/check.h"
#include "tools/engine/partitions.h"

#include <algorithm>
#include <mutex>
#include <thread>

namespace sanku::engine {
namespace {

constexpr std::size_t least_memory = 64u << 10;

std::uint64_t hash_of_entry(std::string_view entry) {
  return assemble::visit_hash(take_text(entry));
}

std::string entry_of(const std::string& key, const GatheredVisit& visit) {
  std::string out;
  put_text(out, key);
  put_origin(out, visit.origin);
  put_text(out, visit.content);
  return out;
}

void set_day(const schema::Schema& schema, assemble::Rows& rows, schema::Role role,
             const std::optional<Date>& day) {
  const auto column = schema::column_with(schema.relations[0], role);
  if (column && day && !is_known(rows[0][0][*column]))
    rows[0][0][*column] = *day;
}

} // namespace

std::vector<GatheringPass> gathering_passes(const hir::Program& program) {
  std::vector<GatheringPass> passes;
  const auto none = std::vector<bool>(program.rules.size(), false);
  passes.push_back({.by_person = true, .column = {}, .rules = none, .compares = false});
  for (std::size_t i = 0; i < program.rules.size(); ++i) {
    const hir::Rule& rule = program.rules[i];
    const plan::RuleReach reach = plan::reach_of(program, rule);
    auto pass = passes.begin();
    if (reach.reach == plan::Reach::population)
      pass = std::ranges::find_if(passes, [&](const GatheringPass& each) {
        return !each.by_person && each.column == reach.partition;
      });
    if (pass == passes.end())
      pass = passes.insert(
          passes.end(),
          {.by_person = false, .column = reach.partition, .rules = none, .compares = false});
    pass->rules[i] = true;
    pass->compares = pass->compares || !rule.peers.empty();
  }
  return passes;
}

Together::Together(const Engine& engine, const RunOptions& options)
    : engine_(engine), options_(options), memory_(std::max(options.memory / 4, least_memory)),
      days_{options.known_since, options.known_until} {
  if (engine.reach == assemble::Reach::visit)
    return;
  for (GatheringPass& pass : gathering_passes(engine.program)) {
    // Replies speak of visits, and a group is of none.
    if (!pass.by_person && options.format == Format::reply)
      continue;
    ways_.push_back({.pass = std::move(pass),
                     .visits = std::make_unique<io::Spill>(lanes, memory_ / 2),
                     .bytes = std::vector<std::uint64_t>(lanes, 0)});
  }
}

Result<void> Together::add(const GatheredVisit& visit) {
  if (visit.last_day && !options_.known_since)
    days_.since =
        days_.since ? Date{std::min(days_.since->days, visit.last_day->days)} : *visit.last_day;
  if (visit.last_day && !options_.known_until)
    days_.until =
        days_.until ? Date{std::max(days_.until->days, visit.last_day->days)} : *visit.last_day;
  for (Way& way : ways_) {
    const std::string key = way.pass.by_person ? visit.person
                            : way.pass.column
                                ? visit.columns[static_cast<std::size_t>(&way - ways_.data())]
                                : std::string();
    const std::string entry = entry_of(key, visit);
    const std::size_t to = lane_of(assemble::visit_hash(key), 0);
    way.bytes[to] += entry.size();
    bytes_ += entry.size();
    if (auto added = append_entry(*way.visits, to, entry); !added)
      return added;
  }
  return {};
}

batch::Batch Together::batch_of(const std::vector<std::string>& entries) const {
  const schema::Schema& schema = engine_.program.schema;
  batch::BatchBuilder builder(schema, dictionaries(engine_));
  for (std::string_view entry : entries) {
    static_cast<void>(take_text(entry));
    const batch::Origin origin = take_origin(entry);
    assemble::Rows rows = assemble::unpack(schema, take_text(entry));
    set_day(schema, rows, schema::Role::known_since, days_.since);
    set_day(schema, rows, schema::Role::known_until, days_.until);
    assemble::add_visit(builder, rows, origin);
  }
  return builder.take();
}

// Each worker takes the next lane; one at a time hands over what it found.
Result<void> Together::walk(Way& way, std::vector<std::unique_ptr<ChunkWorker>>& workers,
                            const Take& take) {
  std::mutex next_mutex, taken_mutex;
  std::size_t next = 0;
  Result<void> whole;
  const auto work = [&](ChunkWorker& worker) {
    Partitions partitions{
        .memory = memory_ / workers.size(),
        .hash = hash_of_entry,
        .take = [&](const std::vector<std::string>& all) { return take(worker, batch_of(all)); }};
    while (true) {
      std::size_t lane = 0;
      {
        const std::scoped_lock lock(next_mutex);
        if (next == lanes)
          break;
        lane = next++;
      }
      auto walked = partitions.walk(*way.visits, lane, way.bytes[lane], 1);
      const std::scoped_lock lock(taken_mutex);
      most_loaded_ = std::max(most_loaded_, partitions.most_loaded);
      if (!walked && whole)
        whole = std::move(walked);
    }
  };
  if (workers.size() == 1) {
    work(*workers.front());
    return whole;
  }
  {
    std::vector<std::jthread> running;
    for (const auto& worker : workers)
      running.emplace_back([&work, &worker] { work(*worker); });
  }
  return whole;
}

Result<void> Together::resolve(std::vector<std::unique_ptr<ChunkWorker>>& workers,
                               const Judged& judged) {
  for (Way& way : ways_) {
    std::mutex mutex;
    exec::PeersOfRules peers = no_peers(engine_.program);
    if (way.pass.compares) {
      auto collected = walk(way, workers, [&](ChunkWorker& worker, batch::Batch batch) {
        exec::PeersOfRules own = no_peers(engine_.program);
        worker.collect_peers(std::move(batch), own);
        const std::scoped_lock lock(mutex);
        exec::add(peers, own);
        return Result<void>();
      });
      if (!collected)
        return collected;
      exec::finish(peers);
    }
    const exec::Pass pass{.rules = &way.pass.rules, .peers = &peers, .again = !way.pass.by_person};
    auto walked = walk(way, workers, [&](ChunkWorker& worker, batch::Batch batch) {
      ChunkResult result = worker.judge_visits(std::move(batch), pass);
      const std::scoped_lock lock(mutex);
      return judged(result);
    });
    if (!walked)
      return walked;
  }
  return {};
}

} // namespace sanku::engine
