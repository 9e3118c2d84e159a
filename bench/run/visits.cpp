// All national rules against the ten, on the same settlements; throughput by the number of lines;
// processor seconds of two threads against one.
#include "bench/run/blocks.h"
#include "bench/run/measurements.h"
#include "bench/run/world.h"

#include <fmt/format.h>

#include <memory>
#include <sys/resource.h>

namespace sanku::bench {
namespace {

std::uint64_t judge_all(const Compiled& compiled, const std::vector<batch::Batch>& batches,
                        unsigned threads) {
  return over_blocks(batches.size(), threads, [&] {
    return [&, judge = std::make_unique<engine::Judge>(*compiled.engine)](std::size_t at) {
      return judge->judge(batches[at]).findings.size();
    };
  });
}

double processor_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

} // namespace

void measure_visit_rules(Bench& bench) {
  const ReferenceWorld world = make_reference_world({.work = bench.folder, .settlements = 1});
  Curve curve{.name = "throughput against lines a settlement",
              .x_unit = "lines a settlement",
              .y_unit = "lines/s"};
  for (const std::uint32_t lines : {3u, 8u, 20u, 60u, 150u}) {
    const std::uint64_t count = 200'000 / lines;
    std::string text;
    append_claims(world.reference, 3, 0, count, text, {.lines = lines});
    const auto some = read_batches(text, *world.compiled->engine);
    const Run timed = bench.time({.name = fmt::format("ten_rules_{}_lines", lines),
                                  .unit = "lines/s",
                                  .work = static_cast<double>(count * lines),
                                  .timed = {}},
                                 [&] { (void)judge_all(*world.compiled, some, 1); });
    curve.points.emplace_back(lines, timed.value_of_all());
  }
  bench.report.curves.push_back(curve);
}

void measure_threads(Bench& bench) {
  const ReferenceWorld world =
      make_reference_world({.work = bench.folder, .settlements = bench.settlements});
  Curve curve{.name = "throughput against threads", .x_unit = "threads", .y_unit = "settlements/s"};
  std::vector<Run> runs;
  std::vector<double> processor(2, 0.0);
  for (const unsigned threads : {1u, 2u}) {
    std::vector<double> used;
    runs.push_back(bench.time({.name = fmt::format("ten_rules_{}t", threads),
                               .unit = "settlements/s",
                               .threads = threads,
                               .work = static_cast<double>(world.settlements),
                               .timed = {}},
                              [&] {
                                const double before = processor_seconds();
                                (void)judge_all(*world.compiled, world.batches, threads);
                                used.push_back(processor_seconds() - before);
                              }));
    processor[threads - 1] = median(used);
    runs.back().facts = {{"processor_seconds", median(used)}};
    curve.points.emplace_back(threads, runs.back().value_of_all());
  }
  bench.report.curves.push_back(curve);
  runs[1].facts.emplace_back("wall_ratio", runs[1].value_of_all() / runs[0].value_of_all());
  bench.value("cpu_2t_vs_1t", processor[1] / processor[0],
              runs[0].value() >= 0 && runs[1].value() >= 0, runs);
}

} // namespace sanku::bench
