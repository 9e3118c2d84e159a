// An engine: checked rules and loaded tables made ready to judge batches, either by the evaluator
// or as machine code bound to the tables. Both give the same findings in the same order. Entries:
// make_engine, then a Judge for each thread. Tested by tests/unit/tools/engine_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "compiler/jit/jit.h"
#include "compiler/plan/plan.h"
#include "runtime/assemble/assemble.h"
#include "runtime/assemble/code_book.h"
#include "runtime/assemble/local_codes.h"
#include "runtime/batch/batch.h"
#include "runtime/exec/attribute.h"
#include "runtime/exec/finding.h"
#include "runtime/exec/program.h"
#include "runtime/exec/run.h"
#include "runtime/knowledge/table.h"
#include "runtime/types/result.h"

#include <memory>
#include <span>
#include <vector>

namespace sanku::engine {

enum class EngineKind : std::uint8_t { jit, evaluator };

struct EngineOptions {
  EngineKind kind = EngineKind::jit;
  jit::Level level = jit::Level::optimised;
  bool use_index = true;
  bool list_indeterminate = false; // undecided subjects one by one, not only counted
  bool attribute = true;           // false: what can be had back is left to the caller
};

// Of compiling what is waited for; what takes longer runs by the evaluator.
inline constexpr double most_compile_seconds = 300;

// Compiled once, bound to any tables: `image` outlives the engines made of it.
struct Compiled {
  std::unique_ptr<exec::ProgramImage> image; // null: it took too long
  double seconds = 0;
};
[[nodiscard]] Result<Compiled> compile(const hir::Program& program, jit::Level level,
                                       double most_seconds = most_compile_seconds);

// Program, tables and image are the caller's and outlive the engine; `image` is null for the
// evaluator.
struct Engine {
  const hir::Program& program;
  const std::vector<knowledge::Table>& tables;
  const exec::ProgramImage* image = nullptr;
  EngineOptions options;
  std::unique_ptr<exec::Program> bound;           // null for the evaluator
  batch::Dictionaries empty;                      // the evaluator's: it reads codes as texts
  assemble::CodeBook codes;                       // what the tables say about local and cut codes
  assemble::LocalCodes local;                     // what overlays say about codes of enums
  bool reads_raw = false;                         // some rule reads lines as they were sent
  assemble::Reach reach = assemble::Reach::visit; // how far some rule looks
  std::vector<exec::RuleClaim> claims;            // by rule: for the figure that can be had back
  exec::PaidColumns paid;                         // likewise
  double bind_seconds = 0;
};
[[nodiscard]] std::unique_ptr<Engine> make_engine(const hir::Program& program,
                                                  const std::vector<knowledge::Table>& tables,
                                                  const exec::ProgramImage* image,
                                                  const EngineOptions& options);

// What batches for this engine are built against.
[[nodiscard]] const batch::Dictionaries& dictionaries(const Engine& engine);
// How they are assembled.
[[nodiscard]] assemble::Assembly assembly(const Engine& engine);
// The pack's part in that: also for a settlement that is explained.
[[nodiscard]] assemble::CodeBook code_book(const hir::Program& program,
                                           const std::vector<knowledge::Table>& tables);

// How far its rules look.
[[nodiscard]] assemble::Reach reach_of(const hir::Program& program);
// For the values of each rule's groups.
[[nodiscard]] exec::PeersOfRules no_peers(const hir::Program& program);
// Likewise what overlays say about codes of enums.
[[nodiscard]] assemble::LocalCodes local_codes(const hir::Program& program);

// Says of findings in the order of settlements what of each can be had back.
void attribute(const Engine& engine, const batch::Batch& batch, std::span<exec::Finding> findings,
               exec::Ledger& ledger);

// One thread's use of an engine. `judge` takes assembled batches and gives findings in the total
// order inside the block: settlement, list of the subject, canonical rank, row, rule.
class Judge {
public:
  explicit Judge(const Engine& engine);

  // Without peers of their own, groups of the batch are compared with one another.
  [[nodiscard]] exec::BlockResult judge(const batch::Batch& batch, const exec::Pass& pass = {});
  // Adds the values of the groups in the batch to those of their peers.
  void collect(const batch::Batch& batch, exec::PeersOfRules& into);
  // By rule, since the judge was made. Fired and indeterminate are exact with either engine.
  [[nodiscard]] const std::vector<exec::OutcomeCounts>& outcomes() const;
  [[nodiscard]] exec::WorkCounts work() const;
  // By rule; empty with the evaluator, which proposes nothing.
  [[nodiscard]] std::vector<exec::RuleWork> rule_work() const;

private:
  const Engine& engine_; // the caller's
  exec::WorkerPtr worker_;
  std::vector<exec::OutcomeCounts> outcomes_; // the evaluator's
  exec::WorkCounts work_;
  exec::Ledger ledger_; // of the visit under examination
};

} // namespace sanku::engine
