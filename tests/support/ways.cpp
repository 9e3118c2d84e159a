// See ways.h. The evaluator's batches are built without any dictionary, the compiled program's with
// the one that bind froze, so that nothing of the one can leak into the other.
#include "tests/support/ways.h"

#include "compiler/evaluate/evaluate.h"
#include "runtime/exec/program.h"
#include "runtime/exec/run.h"
#include "runtime/types/check.h"
#include "tools/engine/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <thread>
#include <tuple>

namespace sanku::testing {
namespace {

// By visit, as a run delivers them: persons stand together in a block.
void put_in_order(Outcome& outcome) {
  std::ranges::stable_sort(outcome.findings, {}, &exec::Finding::settlement);
  std::ranges::stable_sort(outcome.indeterminate, {}, &exec::Indeterminate::settlement);
}

Outcome evaluated(const Sides& sides, const std::vector<Visit>& visits, std::uint32_t batch_size) {
  const hir::Program& program = sides.evaluated;
  const batch::Dictionaries dictionaries(program.schema.dictionaries);
  Outcome outcome;
  outcome.counts.resize(program.rules.size());
  for (const batch::Batch& batch :
       build_batches(program.schema, dictionaries, visits, batch_size, engine::reach_of(program))) {
    std::vector<exec::Finding> findings;
    std::vector<exec::Indeterminate> indeterminate;
    exec::PeersOfRules peers = engine::no_peers(program);
    evaluate::Evaluator({program, sides.tables, batch, dictionaries}).collect(peers);
    exec::finish(peers);
    evaluate::run({program, sides.tables, batch, dictionaries, &peers}, findings, indeterminate,
                  outcome.counts);
    rebase(program, batch, findings, indeterminate);
    std::ranges::move(findings, std::back_inserter(outcome.findings));
    std::ranges::move(indeterminate, std::back_inserter(outcome.indeterminate));
  }
  put_in_order(outcome);
  return outcome;
}

// Worker w takes blocks w, w + threads, …; what they deliver is put together in the order of the
// blocks.
Outcome run_bound(const Sides& sides, const exec::Program& program,
                  const std::vector<batch::Batch>& batches, std::uint32_t threads,
                  std::uint32_t few, const std::function<void(std::size_t)>& before) {
  const hir::Program& hir = sides.compiled;
  std::vector<exec::BlockResult> results(batches.size());
  std::vector<exec::PeersOfRules> peers(batches.size());
  std::vector<exec::WorkerPtr> workers;
  for (std::uint32_t w = 0; w < threads; ++w)
    workers.push_back(exec::make_worker(program, {.list_indeterminate = true, .few = few}));
  const auto work = [&](std::uint32_t w) {
    for (std::size_t block = w; block < batches.size(); block += threads) {
      before(block);
      peers[block] = engine::no_peers(hir);
      exec::collect_peers(*workers[w], batches[block], peers[block]);
      exec::finish(peers[block]);
      results[block] = exec::run_block(*workers[w], batches[block], {.peers = &peers[block]});
    }
  };
  if (threads == 1) {
    work(0);
  } else {
    std::vector<std::jthread> running;
    for (std::uint32_t w = 0; w < threads; ++w)
      running.emplace_back(work, w);
  }
  for (std::size_t block = 0; block < batches.size(); ++block)
    evaluate::name_missing({hir, sides.tables, batches[block], program.dictionaries, &peers[block]},
                           results[block].findings);
  Outcome outcome;
  outcome.counts.resize(hir.rules.size());
  for (const exec::WorkerPtr& worker : workers)
    for (std::size_t rule = 0; rule < hir.rules.size(); ++rule) {
      const exec::OutcomeCounts& counted = exec::outcomes(*worker)[rule];
      exec::OutcomeCounts& total = outcome.counts[rule];
      total.fired += counted.fired;
      total.indeterminate += counted.indeterminate;
      total.clear += counted.clear;
      total.not_applicable += counted.not_applicable;
    }
  for (std::size_t block = 0; block < batches.size(); ++block) {
    rebase(hir, batches[block], results[block].findings, results[block].indeterminate);
    std::ranges::move(results[block].findings, std::back_inserter(outcome.findings));
    std::ranges::move(results[block].indeterminate, std::back_inserter(outcome.indeterminate));
  }
  put_in_order(outcome);
  return outcome;
}

struct Bound {
  std::unique_ptr<exec::Program> program;
  std::map<std::uint32_t, std::vector<batch::Batch>> batches; // by size
};

// Compiles a level and binds it with and without index when a way first asks for that.
class Compiled {
public:
  Compiled(const Sides& sides, const std::vector<Visit>& visits)
      : sides_(sides), visits_(visits), plan_(plan::plan(sides.compiled)) {
    for (const hir::Table& table : sides.compiled.tables)
      shapes_.push_back(table.shape);
  }

  // An error message, or empty.
  [[nodiscard]] std::string run(const Way& way, Outcome& outcome) {
    const jit::Level other =
        way.level == jit::Level::none ? jit::Level::optimised : jit::Level::none;
    for (const jit::Level level : {way.level, other})
      if ((level == way.level || way.swap) && !natives_.contains(level)) {
        // In parts of a rule or a few.
        auto built = jit::build(sides_.compiled, plan_, {.level = level, .part = 20'000});
        if (!built)
          return built.error().en;
        // By way of bytes, as code from the cache comes.
        auto native = jit::from_bytes(jit::to_bytes(*built));
        if (!native)
          return "the bytes of compiled code are not read back";
        natives_.emplace(level, std::move(*native));
      }
    auto& image = images_[{way.level, way.swap.has_value()}];
    if (!image || way.swap) {
      auto made = jit::load(sides_.compiled, plan_, natives_.at(way.level));
      if (!made)
        return made.error().en;
      if (way.swap)
        bound_.clear(); // of the image that was swapped before
      image = std::move(*made);
    }
    Bound& bound = bound_[{way.level, way.index}];
    const schema::Schema& schema = sides_.compiled.schema;
    if (!bound.program)
      bound.program = exec::bind(*image, schema, shapes_, sides_.tables, {.use_index = way.index});
    auto& batches = bound.batches[way.batch];
    if (batches.empty())
      batches = build_batches(schema, bound.program->dictionaries, visits_, way.batch,
                              engine::reach_of(sides_.compiled));
    std::string error;
    // Elements are looked up by values however few they are, unless threads share the work.
    const std::uint32_t few = way.threads == 1 ? 0 : exec::RunOptions{}.few;
    outcome = run_bound(sides_, *bound.program, batches, way.threads, few, [&](std::size_t block) {
      if (way.swap != block)
        return;
      if (auto improved = jit::improve(*image, natives_.at(other)); !improved)
        error = improved.error().en;
    });
    if (way.swap)
      bound_.clear();
    return error;
  }

private:
  Sides sides_;
  const std::vector<Visit>& visits_;
  plan::Plan plan_;
  std::vector<knowledge::TableShape> shapes_;
  std::map<jit::Level, jit::Native> natives_;
  std::map<std::pair<jit::Level, bool>, std::unique_ptr<exec::ProgramImage>>
      images_; // by level and whether it is swapped; outlive what is bound to them
  std::map<std::pair<jit::Level, bool>, Bound> bound_;
};

// Subjects by row: the order between rows is the compiled run's to define, and its ways must agree
// in it among themselves.
template <class Entry> std::vector<Entry> by_subject(const std::vector<Entry>& entries) {
  std::vector<Entry> sorted = entries;
  std::ranges::stable_sort(sorted, {}, [](const Entry& entry) {
    return std::tuple(entry.settlement, entry.rule, entry.subject);
  });
  return sorted;
}

template <class Entry>
std::vector<std::string> texts_of(const hir::Program& program, const std::vector<Entry>& entries) {
  std::vector<std::string> texts;
  for (const Entry& entry : entries)
    texts.push_back(canonical_text(program, entry));
  return texts;
}

std::optional<std::string> first_difference(const std::vector<std::string>& expected,
                                            const std::vector<std::string>& found) {
  for (std::size_t i = 0; i < std::max(expected.size(), found.size()); ++i) {
    const std::string nothing = "nothing";
    const std::string& a = i < expected.size() ? expected[i] : nothing;
    const std::string& b = i < found.size() ? found[i] : nothing;
    if (a != b)
      return fmt::format("number {} of {} and {}:\n  {}\n  {}", i, expected.size(), found.size(), a,
                         b);
  }
  return std::nullopt;
}

// One kind of entry of two outcomes; `ordered`: the order of delivery counts.
template <class Entry>
std::optional<std::string> compare(const hir::Program& program, const std::vector<Entry>& a,
                                   const std::vector<Entry>& b, bool ordered) {
  if (ordered)
    return first_difference(texts_of(program, a), texts_of(program, b));
  return first_difference(texts_of(program, by_subject(a)), texts_of(program, by_subject(b)));
}

std::vector<std::string> count_texts(const hir::Program& program, const Outcome& outcome,
                                     bool all) {
  std::vector<std::string> texts;
  for (std::size_t rule = 0; rule < program.rules.size(); ++rule) {
    const exec::OutcomeCounts& counts = outcome.counts[rule];
    texts.push_back(fmt::format("rule {}: {} fired, {} indeterminate", program.rules[rule].id,
                                counts.fired, counts.indeterminate));
    if (all)
      texts.back() +=
          fmt::format(", {} clear, {} not applicable", counts.clear, counts.not_applicable);
  }
  return texts;
}

struct Compared {
  bool ordered = false;    // the order of delivery counts
  bool all_counts = false; // clear and not applicable as well
};
std::optional<std::string> difference(const hir::Program& program, const Outcome& a,
                                      const Outcome& b, Compared how) {
  if (auto found = compare(program, a.findings, b.findings, how.ordered))
    return "finding " + *found;
  if (auto found = compare(program, a.indeterminate, b.indeterminate, how.ordered))
    return "indeterminate subject " + *found;
  if (auto found = first_difference(count_texts(program, a, how.all_counts),
                                    count_texts(program, b, how.all_counts)))
    return "count " + *found;
  return std::nullopt;
}

} // namespace

std::string name_of(const Way& way) {
  if (!way.compiled)
    return fmt::format("evaluator, batches of {}", way.batch);
  return fmt::format("compiled {}{}, batches of {}, {} thread(s), {} index",
                     way.level == jit::Level::none ? "unoptimised" : "optimised",
                     way.swap ? fmt::format(" until block {}", *way.swap) : "", way.batch,
                     way.threads, way.index ? "with" : "without");
}

std::vector<Way> all_ways() {
  constexpr std::uint32_t sizes[] = {4096, 7, 1};
  std::vector<Way> ways;
  for (const std::uint32_t size : sizes)
    ways.push_back({.compiled = false, .level = jit::Level::none, .batch = size});
  for (const jit::Level level : {jit::Level::none, jit::Level::optimised})
    for (const bool index : {false, true})
      for (const std::uint32_t threads : {1u, 2u})
        for (const std::uint32_t size : sizes)
          ways.push_back({.compiled = true,
                          .level = level,
                          .batch = size,
                          .threads = threads,
                          .index = index});
  for (const jit::Level level : {jit::Level::none, jit::Level::optimised})
    for (const std::uint32_t block : {0u, 1u, 3u})
      ways.push_back({.compiled = true,
                      .level = level,
                      .batch = 1,
                      .threads = block == 3 ? 2u : 1u,
                      .swap = block});
  return ways;
}

Judged run_ways(const Sides& sides, const std::vector<Visit>& visits, std::span<const Way> ways) {
  check(!ways.empty() && !ways.front().compiled, "the first way is the evaluator");
  Judged judged{
      .outcome = evaluated(sides, visits, ways.front().batch), .difference = {}, .differs = {}};
  Compiled compiled(sides, visits);
  std::optional<Outcome> first_compiled;
  Way first_way;
  const auto tell = [&](const Way& other, const Way& way, const std::string& what) {
    judged.difference = fmt::format("{}\nand {}\ndiffer in {}", name_of(other), name_of(way), what);
    judged.differs = way;
  };
  for (const Way& way : ways.subspan(1)) {
    Outcome outcome;
    if (!way.compiled)
      outcome = evaluated(sides, visits, way.batch);
    else if (const std::string error = compiled.run(way, outcome); !error.empty()) {
      tell(ways.front(), way, error);
      return judged;
    }
    const Compared how{.ordered = false, .all_counts = !way.compiled || !way.index};
    auto found = difference(sides.evaluated, judged.outcome, outcome, how);
    if (found) {
      tell(ways.front(), way, *found);
      return judged;
    }
    if (!way.compiled)
      continue;
    if (first_compiled)
      found = difference(sides.evaluated, *first_compiled, outcome,
                         {.ordered = true, .all_counts = false});
    if (found) {
      tell(first_way, way, *found);
      return judged;
    }
    if (first_compiled)
      continue;
    first_compiled = std::move(outcome);
    first_way = way;
  }
  return judged;
}

Judged run_all_ways(const Sides& sides, const std::vector<Visit>& visits) {
  return run_ways(sides, visits, all_ways());
}

Judged run_all_ways(const Checked& checked, const std::vector<Visit>& visits) {
  return run_all_ways({checked.program, checked.program, checked.tables}, visits);
}

} // namespace sanku::testing
