// Both sides of joined rules (join.h) on each batch, by one worker of a run: one judgement, from
// which each side takes its findings; what can be had back is worked out for each side; what only
// one side says, or says otherwise, is told. A batch that the two packs complete differently is
// judged once for each. Entry: Examination. Tested by tests/unit/tools/impact_test.cpp.
#pragma once

#include "tools/engine/chunk.h"
#include "tools/impact/count.h"
#include "tools/impact/join.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sanku::impact {

// How the packs differ in completing codes, against the dictionaries of the engine that runs.
struct CompletionDifference {
  bool always = false;                      // any batch may come out differently
  std::set<std::string, std::less<>> codes; // else only one with such a code
  std::optional<std::uint32_t> dictionary;  // of lines
};
// Makes ready both completions for that engine.
[[nodiscard]] CompletionDifference settle_completions(Joined& joined, engine::Engine& engine);

struct ExamineOptions {
  bool list = false; // write each difference as JSON
  bool identities = false;
  std::size_t examples = 0;
};

class Examination {
public:
  // All the caller's; the engine attributes nothing itself.
  Examination(const Joined& joined, const engine::Engine& engine,
              const CompletionDifference& completion, const ExamineOptions& options);

  void judge(batch::Batch batch, const exec::Pass& pass, engine::ChunkResult& result);
  void collect(batch::Batch batch, exec::PeersOfRules& into);
  void add_to(engine::RunSummary& summary);
  [[nodiscard]] const Counter& counter() const { return counter_; }

private:
  using Findings = std::vector<exec::Finding>;
  struct Found; // what one batch gave
  [[nodiscard]] bool completes_otherwise(const batch::Batch& batch) const;
  [[nodiscard]] std::vector<std::uint64_t> undecided() const;
  void one_visit(const engine::Block& block, std::span<exec::Finding> findings, Found& found);
  void split_visit(const engine::Block& block, std::span<exec::Finding> findings, Found& found);
  [[nodiscard]] std::vector<Told> tell_all(const engine::Block& block, const Findings& findings,
                                           bool after) const;
  void match_all(std::vector<Told> before, std::vector<Told> after, engine::ChunkResult& result);
  void same(const Counter::Spot& spot, const exec::Finding& finding);
  [[nodiscard]] bool is_shared(const exec::Finding& finding) const {
    const Sides sides = joined_.sides[finding.rule];
    return sides.before && sides.after;
  }

  const Joined& joined_;
  std::vector<std::string> rule_ids_; // by Joined::changes
  const engine::Engine& engine_;
  const CompletionDifference& completion_;
  ExamineOptions options_;
  assemble::Assembly after_;
  engine::Judge judge_, judge_after_; // the second of batches that are completed otherwise
  std::vector<std::uint64_t> undecided_otherwise_; // of the first judge, on those batches; by rule
  Counter counter_;
  exec::Ledger ledger_;
  Findings before_visit_, after_visit_;
};

} // namespace sanku::impact
