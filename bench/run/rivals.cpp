// The ten compiled rules beside rule engines that run the item rules among them: engines that a
// rule author would otherwise pick. They run fewer rules on facts that were prepared for them.
#include "bench/run/blocks.h"
#include "bench/run/in_javascript.h"
#include "bench/run/measurements.h"

#include <fmt/format.h>

#include <memory>

namespace sanku::bench {

void measure_rivals(Bench& bench) {
  const ReferenceWorld world = make_reference_world(
      {.work = bench.folder, .settlements = std::min<std::uint64_t>(bench.settlements, 20'000)});
  auto rival = InJavaScript::open(world, bench.folder);
  for (const JavaScriptEngine& engine : javascript_engines()) {
    if (!rival) {
      bench.skip(engine.target, rival.error().en);
      continue;
    }
    rival->compare(world, engine);
    const auto named = [&](const std::string& name, double rules) {
      return Run{.name = name,
                 .unit = "settlements/s",
                 .work = static_cast<double>(world.settlements),
                 .timed = {},
                 .facts = {{"rules", rules}}};
    };
    std::uint64_t found = 0;
    const auto runs = bench.interleave(
        {named(fmt::format("ten_rules_beside_{}", engine.name), 10),
         named(fmt::format("item_rules_in_{}", engine.name),
               static_cast<double>(engine.rules.size()))},
        {[&] {
           found = over_blocks(world.batches.size(), 1, [&] {
             return [&, judge = std::make_unique<engine::Judge>(*world.compiled->engine)](
                        std::size_t at) { return judge->judge(world.batches[at]).findings.size(); };
           });
         },
         [&] { (void)rival->run(engine); }});
    if (found == 0)
      stop("the ten rules find nothing");
    bench.ratio(engine.target, runs[0], runs[1]);
  }
}

} // namespace sanku::bench
