// See apart.h. An entry is the side, the identity, and the finding.
#include "tools/impact/apart.h"

#include "runtime/assemble/record.h"
#include "tools/engine/partitions.h"
#include "tools/engine/sorted_runs.h"

#include <algorithm>
#include <utility>

namespace sanku::impact {
namespace {

constexpr std::size_t least_memory = 64u << 10;

std::uint64_t hash_of(std::string_view entry) {
  (void)engine::take<char>(entry);
  return assemble::visit_hash(engine::take_text(entry));
}

// One worker of one side: judges, and tells every finding.
struct Teller {
  const engine::Engine& engine;
  TellOptions options;
  char side = 0;
  engine::Judge judge;

  void examine(batch::Batch batch, const exec::Pass& pass, engine::ChunkResult& result) {
    assemble::assemble(batch, engine.program.schema, engine::dictionaries(engine),
                       engine::assembly(engine));
    const engine::Block block{engine.program, batch, engine::dictionaries(engine)};
    for (const exec::Finding& finding : judge.judge(batch, pass).findings) {
      const Told told = tell(block, engine, finding, options);
      std::string entry(1, side);
      engine::put_text(entry, told.id);
      put_told(entry, told);
      result.marks.push_back({told.origin, result.written.size()});
      engine::put_text(result.written, entry);
      ++result.rules[finding.rule].findings;
    }
  }
  void collect(batch::Batch batch, exec::PeersOfRules& into) {
    assemble::assemble(batch, engine.program.schema, engine::dictionaries(engine),
                       engine::assembly(engine));
    judge.collect(batch, into);
  }
};

struct Meeting {
  explicit Meeting(std::size_t memory_)
      : memory(std::max(memory_ / 4, least_memory)), findings(engine::lanes, memory / 2),
        bytes(engine::lanes, 0) {}

  std::size_t memory;
  io::Spill findings;
  std::vector<std::uint64_t> bytes; // by lane

  Result<void> add(std::string_view written) {
    while (!written.empty()) {
      const std::string entry = engine::take_text(written);
      const std::size_t to = engine::lane_of(hash_of(entry), 0);
      bytes[to] += entry.size();
      if (auto added = engine::append_entry(findings, to, entry); !added)
        return added;
    }
    return {};
  }
};

Result<engine::RunSummary> run_side(const engine::Rules& rules, std::size_t side,
                                    const std::string& label, const Options& options,
                                    const Open& open, Meeting& meeting) {
  auto made = make_ready(rules, options, true);
  if (!made)
    return tl::unexpected(made.error());
  const schema::Schema& schema = engine::program(rules).schema;
  auto ports = open(schema);
  if (!ports)
    return tl::unexpected(ports.error());
  std::vector<std::unique_ptr<Teller>> tellers;
  ports->write = [&](std::string_view written) { return meeting.add(written); };
  ports->examiner = [&] {
    Teller& one = *tellers.emplace_back(
        std::make_unique<Teller>(Teller{.engine = *made->engine,
                                        .options = {.json = options.examine.list,
                                                    .identities = options.examine.identities,
                                                    .pack = label},
                                        .side = static_cast<char>(side),
                                        .judge = engine::Judge(*made->engine)}));
    return engine::Examiner{
        .judge =
            [&one](batch::Batch batch, const exec::Pass& pass, engine::ChunkResult& result) {
              one.examine(std::move(batch), pass, result);
            },
        .collect = [&one](batch::Batch batch,
                          exec::PeersOfRules& into) { one.collect(std::move(batch), into); },
        .add_to = [&one](engine::RunSummary& summary) { engine::add_judged(one.judge, summary); }};
  };
  engine::RunOptions run_options = options.run;
  run_options.places = true;
  return engine::run(*made->engine, run_options, *ports);
}

void count_undecided(const engine::Rules& rules, const engine::RunSummary& summary, bool after,
                     const std::vector<std::string>& ids, Counter& counter) {
  for (std::size_t i = 0; i < summary.rules.size(); ++i) {
    const std::string& id = engine::program(rules).rules[i].id;
    const auto at = static_cast<std::uint32_t>(std::ranges::lower_bound(ids, id) - ids.begin());
    const std::uint64_t undecided = summary.rules[i].outcomes.indeterminate;
    counter.undecided(at, after ? 0 : undecided, after ? undecided : 0);
  }
}

// Both sides of each identity; the differences leave in the order of the input.
Result<void> meet(Meeting& meeting, const std::vector<std::string>& ids, const Options& options,
                  Counter& counter, const Write& write) {
  engine::SortedRuns differences(meeting.memory);
  const auto take = [&](const std::vector<std::string>& entries) -> Result<void> {
    std::vector<Told> before, after;
    for (std::string_view entry : entries) {
      const bool second = engine::take<char>(entry) != 0;
      (void)engine::take_text(entry);
      (second ? after : before).push_back(take_told(entry));
    }
    Result<void> kept;
    match(std::move(before), std::move(after), ids, counter, [&](const Difference& difference) {
      const Told& shown = difference.after ? *difference.after : *difference.before;
      if (options.examine.list && kept)
        kept = differences.add(shown.origin,
                               shown.rule + '\n' + shown.id + '\n' + difference_json(difference));
    });
    return kept;
  };
  engine::Partitions partitions{.memory = meeting.memory, .hash = hash_of, .take = take};
  for (std::size_t lane = 0; lane < engine::lanes; ++lane)
    if (auto walked = partitions.walk(meeting.findings, lane, meeting.bytes[lane], 1); !walked)
      return walked;
  // Those of one place come together, in any order.
  std::vector<std::string> together;
  std::optional<batch::Origin> place;
  const auto let_go = [&]() -> Result<void> {
    std::ranges::sort(together);
    for (const std::string& each : together)
      if (auto done =
              write(std::string_view(each).substr(each.find('\n', each.find('\n') + 1) + 1));
          !done)
        return done;
    together.clear();
    return {};
  };
  auto drained =
      differences.drain([&](const batch::Origin& origin, std::string_view text) -> Result<void> {
        if (place && engine::comes_before(*place, origin))
          if (auto done = let_go(); !done)
            return done;
        place = origin;
        together.emplace_back(text);
        return {};
      });
  return drained ? let_go() : drained;
}

} // namespace

Result<Impact> run_apart(const engine::Rules& before, const engine::Rules& after,
                         const Options& options, const Open& open, const Write& write) {
  Impact impact{.joined = compare(before, after), .apart = true, .summary = {}};
  std::vector<std::string> ids;
  for (const RuleChange& change : impact.joined.changes)
    ids.push_back(change.id);
  impact.counter = Counter(ids.size(), options.examine.examples);
  Meeting meeting(options.run.memory);
  for (const engine::Rules* rules : {&before, &after}) {
    const bool second = rules == &after;
    auto summary = run_side(*rules, second ? 1 : 0, impact.joined.labels[second ? 1 : 0], options,
                            open, meeting);
    if (!summary)
      return tl::unexpected(summary.error());
    count_undecided(*rules, *summary, second, ids, impact.counter);
    impact.summary = std::move(*summary);
    if (impact.summary.stopped_at)
      return impact;
  }
  if (auto met = meet(meeting, ids, options, impact.counter, write); !met)
    return tl::unexpected(met.error());
  return impact;
}

} // namespace sanku::impact
