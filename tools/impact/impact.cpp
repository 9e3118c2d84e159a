// See impact.h.
#include "tools/impact/impact.h"

#include "tools/engine/renames.h"
#include "tools/impact/apart.h"

#include <utility>

namespace sanku::impact {
namespace {

Result<Impact> run_joined(Joined joined, const Options& options, const Open& open,
                          const Write& write) {
  const hir::Program& program = engine::program(*joined.rules);
  auto made = make_ready(*joined.rules, options, false);
  if (!made)
    return tl::unexpected(made.error());
  const CompletionDifference completion = settle_completions(joined, *made->engine);
  auto ports = open(program.schema);
  if (!ports)
    return tl::unexpected(ports.error());
  std::vector<std::unique_ptr<Examination>> examinations;
  ports->write = write;
  ports->examiner = [&] {
    Examination& one = *examinations.emplace_back(
        std::make_unique<Examination>(joined, *made->engine, completion, options.examine));
    return engine::Examiner{
        .judge = [&one](batch::Batch batch, const exec::Pass& pass,
                        engine::ChunkResult& result) { one.judge(std::move(batch), pass, result); },
        .collect = [&one](batch::Batch batch,
                          exec::PeersOfRules& into) { one.collect(std::move(batch), into); },
        .add_to = [&one](engine::RunSummary& summary) { one.add_to(summary); }};
  };
  engine::RunOptions run_options = options.run;
  run_options.places = true;
  auto summary = engine::run(*made->engine, run_options, *ports);
  if (!summary)
    return tl::unexpected(summary.error());
  Counter counter(joined.changes.size(), options.examine.examples);
  for (const auto& each : examinations)
    counter.add(each->counter());
  return Impact{.joined = std::move(joined),
                .apart = false,
                .summary = std::move(*summary),
                .counter = std::move(counter)};
}

} // namespace

Result<Ready> make_ready(const engine::Rules& rules, const Options& options, bool attribute) {
  Ready ready;
  engine::EngineOptions wanted = options.engine;
  wanted.attribute = attribute;
  if (wanted.kind == engine::EngineKind::jit) {
    auto started = engine::start(rules, options.start);
    if (!started)
      return tl::unexpected(started.error());
    ready.started = std::move(*started);
    if (options.started)
      options.started(ready.started, engine::program(rules));
    if (ready.started.image == nullptr)
      wanted.kind = engine::EngineKind::evaluator;
  }
  ready.engine = engine::make_engine(engine::program(rules), rules.checked->tables,
                                     ready.started.image.get(), wanted);
  return ready;
}

Result<Impact> run(std::unique_ptr<engine::Rules> before, std::unique_ptr<engine::Rules> after,
                   const Options& options, const Open& open, const Write& write) {
  // A rule that was renamed is the same rule: both are asked for by the new id.
  const engine::Renames renamed = engine::renames(*before, *after);
  engine::rename(*before, renamed);
  auto made = same_schema(*before, *after)
                  ? run_joined(join(std::move(before), std::move(after)), options, open, write)
                  : run_apart(*before, *after, options, open, write);
  if (made)
    for (RuleChange& change : made->joined.changes)
      for (const auto& [old_id, new_id] : renamed)
        if (change.id == new_id)
          change.was = old_id;
  return made;
}

} // namespace sanku::impact
