// See surroundings.h.
#include "tools/engine/surroundings.h"

#include "compiler/evaluate/evaluate.h"
#include "runtime/assemble/settle.h"
#include "tools/engine/chunk.h"
#include "tools/engine/together.h"

#include <algorithm>
#include <utility>

namespace sanku::engine {
namespace {

// Looks for the visit in what a run puts together.
struct Seeker {
  const Engine& engine;
  const std::string& visit;
  const SurroundingOptions& options;
  bool compares = false; // a rule that is asked for compares groups with one another
  std::vector<Surrounding> made;
  std::uint64_t visits = 0, items = 0; // gone through

  [[nodiscard]] bool is_asked(std::uint32_t rule, const exec::Pass& pass) const {
    const hir::Rule& form = engine.program.rules[rule];
    return (pass.rules == nullptr || (*pass.rules)[rule]) &&
           (options.rule.empty() || form.id == options.rule) &&
           (options.groups || !form.subject.across);
  }

  void complete(batch::Batch& batch) const {
    if (options.run.answers != nullptr)
      options.run.answers->put(batch, engine.program, dictionaries(engine));
    assemble::assemble(batch, engine.program.schema, dictionaries(engine), assembly(engine));
  }

  [[nodiscard]] std::optional<std::uint32_t> place_in(const batch::Batch& batch) const {
    for (std::uint32_t s = 0; s < batch.settlements; ++s)
      if (!batch::is_context(batch, s) &&
          assemble::keys_of(batch, engine.program.schema, dictionaries(engine), s).visit == visit)
        return s;
    return std::nullopt;
  }

  void look(batch::Batch batch, const exec::Pass& pass) {
    if (!pass.again)
      visits += batch::judged(batch);
    if (const auto lines = schema::line_relation(engine.program.schema); lines && !pass.again)
      items += batch::judged_rows(batch, *lines);
    std::vector<bool> asked(engine.program.rules.size());
    for (std::uint32_t rule = 0; rule < asked.size(); ++rule)
      asked[rule] = is_asked(rule, pass);
    if (std::ranges::none_of(asked, std::identity()) || !place_in(batch))
      return;
    complete(batch);
    const std::uint32_t at = *place_in(batch); // visits stand in another order now
    made.push_back({.found = {.batch = std::move(batch), .settlement = at},
                    .rules = std::move(asked),
                    .peers = pass.peers != nullptr ? *pass.peers : exec::PeersOfRules()});
  }

  void collect(batch::Batch batch, exec::PeersOfRules& into) const {
    if (!compares)
      return;
    complete(batch);
    evaluate::Evaluator({engine.program, engine.tables, batch, engine.empty}).collect(into);
  }

  void add_to(RunSummary& summary) const {
    summary.work.settlements += visits;
    summary.work.items += items;
  }
};

} // namespace

std::string visit_key(const hir::Program& program, const FoundSettlement& found) {
  const batch::Dictionaries none(program.schema.dictionaries);
  return assemble::keys_of(found.batch, program.schema, none, found.settlement).visit;
}

Result<std::vector<Surrounding>> surroundings(const Rules& rules, const std::string& visit,
                                              const SurroundingOptions& options, RunPorts ports) {
  const hir::Program& program = engine::program(rules);
  // Nothing is judged, so nothing is compiled; traces read codes as texts, as the evaluator does.
  const auto engine =
      make_engine(program, rules.checked->tables, nullptr, {.kind = EngineKind::evaluator});
  const bool compares =
      options.groups && std::ranges::any_of(program.rules, [&](const auto& rule) {
        return !rule.peers.empty() && (options.rule.empty() || rule.id == options.rule);
      });
  Seeker seeker{
      .engine = *engine, .visit = visit, .options = options, .compares = compares, .made = {}};
  ports.write = [](std::string_view) { return Result<void>(); };
  ports.reject = [](const io::Reject&) { return Result<void>(); };
  ports.examiner = [&] {
    return Examiner{
        .judge = [&](batch::Batch batch, const exec::Pass& pass,
                     ChunkResult&) { seeker.look(std::move(batch), pass); },
        .collect = [&](batch::Batch batch,
                       exec::PeersOfRules& into) { seeker.collect(std::move(batch), into); },
        .add_to = [&](RunSummary& summary) { seeker.add_to(summary); }};
  };
  RunOptions run_options = options.run;
  run_options.threads = 1; // one seeker
  run_options.format = Format::ndjson;
  run_options.extend_history = false;
  run_options.whole_records = true;
  if (auto summary = run(*engine, run_options, ports); !summary)
    return tl::unexpected(summary.error());
  return std::move(seeker.made);
}

} // namespace sanku::engine
