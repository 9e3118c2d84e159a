// See together.h.
#include "tools/engine/together.h"

#include "compiler/plan/reach.h"
#include "runtime/assemble/record.h"
#include "tools/engine/partitions.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace sanku::engine {
namespace {

constexpr std::size_t least_memory = 64u << 10;

enum class Entry : char { judged, context, gone };

// Key, kind, and then of a visit all of it, of a record that is gone its settlement number.
std::uint64_t hash_of_entry(std::string_view entry) {
  return assemble::visit_hash(take_text(entry));
}

std::string entry_of(const std::string& key, const Visit& visit) {
  std::string out;
  put_text(out, key);
  engine::put(out, visit.context ? Entry::context : Entry::judged);
  put_origin(out, visit.origin);
  for (const std::string* text : {&visit.person, &visit.number, &visit.parts.front()})
    put_text(out, *text);
  return out;
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

Together::Together(const Engine& engine, const RunOptions& options, const Remembered& remembered)
    : engine_(engine), options_(options), remembered_(remembered),
      memory_(std::max(options.memory / 4, least_memory)),
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

Result<void> Together::put(Way& way, const std::string& key, const std::string& entry) {
  const std::size_t to = lane_of(assemble::visit_hash(key), 0);
  way.bytes[to] += entry.size();
  bytes_ += entry.size();
  return append_entry(*way.visits, to, entry);
}

// Populations are made of what is judged. What a request says of other visits says nothing of
// whether they are all.
Result<void> Together::add(const GatheredVisit& gathered) {
  KnownDays days = days_;
  if (!gathered.visit.context)
    widen(days, gathered.last_day);
  days_ = {options_.known_since ? days_.since : days.since,
           options_.known_until ? days_.until : days.until};
  for (Way& way : ways_) {
    if (gathered.visit.context && !way.pass.by_person)
      continue;
    const std::string key = way.pass.by_person ? gathered.visit.person
                            : way.pass.column
                                ? gathered.columns[static_cast<std::size_t>(&way - ways_.data())]
                                : std::string();
    if (auto added = put(way, key, entry_of(key, gathered.visit)); !added)
      return added;
  }
  return {};
}

Result<void> Together::add_gone(const std::string& person, const std::string& settlement) {
  std::string entry;
  put_text(entry, person);
  engine::put(entry, Entry::gone);
  put_text(entry, settlement);
  for (Way& way : ways_)
    if (way.pass.by_person)
      return put(way, person, entry);
  return {};
}

Result<batch::Batch> Together::batch_of(const std::vector<std::string>& entries,
                                        const KnownDays& known, bool by_person) const {
  std::vector<Visit> visits;
  std::map<std::string, std::set<std::string>> gone; // settlements, by person
  for (std::string_view entry : entries) {
    const std::string key = take_text(entry);
    const auto kind = take<Entry>(entry);
    std::set<std::string>& of_person = gone[key];
    if (kind == Entry::gone) {
      of_person.insert(take_text(entry));
      continue;
    }
    Visit& visit = visits.emplace_back();
    visit.context = kind == Entry::context;
    visit.origin = take_origin(entry);
    visit.person = take_text(entry);
    visit.number = take_text(entry);
    visit.parts.push_back(take_text(entry));
  }
  for (const auto& [person, settlements] : gone) {
    if (!by_person)
      break;
    auto past = remembered_.past_of(person, settlements);
    if (!past)
      return tl::unexpected(past.error());
    for (Visit& visit : *past)
      visits.push_back(std::move(visit));
  }
  return side_by_side(engine_.program.schema, dictionaries(engine_), visits, known);
}

// Each worker takes the next lane; one at a time hands over what it found.
Result<void> Together::walk(Way& way, std::vector<std::unique_ptr<ChunkWorker>>& workers,
                            const Take& take) {
  std::mutex next_mutex, taken_mutex;
  std::size_t next = 0;
  Result<void> whole;
  const KnownDays known = remembered_.known(days_);
  const auto work = [&](ChunkWorker& worker) {
    Partitions partitions{.memory = memory_ / workers.size(),
                          .hash = hash_of_entry,
                          .take = [&](const std::vector<std::string>& all) -> Result<void> {
                            auto batch = batch_of(all, known, way.pass.by_person);
                            return batch ? take(worker, std::move(*batch))
                                         : tl::unexpected(batch.error());
                          }};
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
