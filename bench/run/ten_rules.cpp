// The ten reference rules with columns in memory: compiled, and by hand in two ways, on 1 and 2
// threads, on the same batches. What they find is compared before anything is timed.
#include "bench/run/blocks.h"
#include "bench/run/by_hand.h"
#include "bench/run/in_duckdb.h"
#include "bench/run/measurements.h"
#include "bench/run/world.h"

#include <fmt/format.h>

#include <memory>

namespace sanku::bench {
namespace {

using Way = void (*)(const limit::Tables&, const limit::Block&, limit::Scratch&, limit::Output&);

std::uint64_t judge_all(const ReferenceWorld& world, unsigned threads) {
  return over_blocks(world.batches.size(), threads, [&] {
    return [&, judge = std::make_unique<engine::Judge>(*world.compiled->engine)](std::size_t at) {
      return judge->judge(world.batches[at]).findings.size();
    };
  });
}

std::uint64_t by_hand_all(const HandWritten& by_hand, Way way, unsigned threads) {
  struct State {
    limit::Scratch scratch;
    limit::Output output;
  };
  return over_blocks(by_hand.blocks().size(), threads, [&] {
    return [&, state = std::make_unique<State>()](std::size_t at) {
      state->output.clear();
      way(by_hand.tables(), by_hand.blocks()[at], state->scratch, state->output);
      return state->output.findings.size();
    };
  });
}

void compare(const ReferenceWorld& world, const HandWritten& by_hand) {
  engine::Judge judge(*world.compiled->engine);
  limit::Scratch scratch;
  for (const Way way : {limit::run_scalar, limit::run_flat})
    for (std::size_t b = 0; b < world.batches.size(); ++b) {
      limit::Output output;
      way(by_hand.tables(), by_hand.blocks()[b], scratch, output);
      if (const auto wrong = difference(judge.judge(world.batches[b]).findings, output))
        stop(fmt::format("batch {}: {}", b, *wrong));
    }
}

// Bytes of the columns that the ten rules read, a settlement.
double touched(const ReferenceWorld& world) {
  double lines = 0, diagnoses = 0;
  for (const batch::Batch& batch : world.batches)
    for (std::size_t r = 1; r < batch.relations.size(); ++r) {
      const std::string& name = world.compiled->program().schema.relations[r].names.en;
      lines += name == "items" ? batch.relations[r].rows : 0;
      diagnoses += name == "diagnoses" ? batch.relations[r].rows : 0;
    }
  // Header: sex, birth, level, total, admitted, discharged, two offsets; a line: code, amount, and
  // for candidates time and quantity; a diagnosis: its code.
  constexpr double header = 4 + 4 + 4 + 8 + 8 + 8 + 8, line = 4 + 8, diagnosis = 4;
  const auto settlements = static_cast<double>(world.settlements);
  return header + line * lines / settlements + diagnosis * diagnoses / settlements;
}

// The same rules as SQL, on the same columns, findings written to a table.
void measure_in_duckdb(Bench& bench, const ReferenceWorld& world) {
  constexpr const char* names[] = {"ten_rules_vs_duckdb_1t", "ten_rules_vs_duckdb_2t"};
  auto rival = InDuckDb::open(world);
  if (!rival) {
    for (const char* name : names)
      bench.skip(name, rival.error().en);
    return;
  }
  rival->compare(world);
  for (const unsigned threads : {1u, 2u}) {
    rival->threads(threads);
    const auto named = [&](const char* name) {
      return Run{.name = fmt::format("{}_{}t", name, threads),
                 .unit = "settlements/s",
                 .threads = threads,
                 .work = static_cast<double>(world.settlements),
                 .timed = {}};
    };
    std::uint64_t mine = 0, theirs = 0;
    const auto runs = bench.interleave(
        {named("ten_rules_compiled"), named("ten_rules_in_duckdb")},
        {[&] { mine = judge_all(world, threads); }, [&] { theirs = rival->run(); }});
    if (mine != theirs)
      stop("DuckDB finds another number of findings");
    bench.ratio(names[threads - 1], runs[0], runs[1]);
  }
}

} // namespace

void measure_ten_rules(Bench& bench) {
  const ReferenceWorld world =
      make_reference_world({.work = bench.folder, .settlements = bench.settlements});
  const HandWritten by_hand(*world.compiled, world.batches);
  compare(world, by_hand);
  for (const unsigned threads : {1u, 2u}) {
    const auto named = [&](const char* name) {
      return Run{.name = fmt::format("{}_{}t", name, threads),
                 .unit = "settlements/s",
                 .threads = threads,
                 .work = static_cast<double>(world.settlements),
                 .timed = {},
                 .facts = {{"bytes_touched_a_settlement", touched(world)},
                           {"lines", static_cast<double>(world.items)}}};
    };
    std::uint64_t found = 0, scalar = 0, flat = 0;
    const std::vector<Run> runs =
        bench.interleave({named("ten_rules_compiled"), named("ten_rules_by_hand_scalar"),
                          named("ten_rules_by_hand_flat")},
                         {[&] { found = judge_all(world, threads); },
                          [&] { scalar = by_hand_all(by_hand, limit::run_scalar, threads); },
                          [&] { flat = by_hand_all(by_hand, limit::run_flat, threads); }});
    if (found != scalar || found != flat || found == 0)
      stop("the programs do not find the same number of findings");
    const bool flat_is_best = runs[2].value_of_all() > runs[1].value_of_all();
    bench.ratio(threads == 1 ? "ten_rules_vs_hand_coded_1t" : "ten_rules_vs_hand_coded_2t", runs[0],
                runs[flat_is_best ? 2 : 1]);
    bench.report.numbers.push_back(runs[flat_is_best ? 1 : 2]);
  }
  measure_in_duckdb(bench, world);
}

} // namespace sanku::bench
