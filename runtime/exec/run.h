// run: one block of visits through a bound program. Each worker owns a Worker (scratch memory,
// counters); the program is shared and const. The findings come out in the total order inside the
// block: settlement, subject, rule.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/exec/finding.h"
#include "runtime/exec/peers.h"
#include "runtime/exec/program.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace sanku::exec {

struct BlockResult {
  std::vector<Finding> findings;
  std::vector<Indeterminate> indeterminate; // only with RunOptions::list_indeterminate
};

// What the run looked at; for `--stats` and the clock-free gates.
struct WorkCounts {
  std::uint64_t settlements = 0, items = 0;
  std::uint64_t candidates = 0; // subjects proposed to rules
  std::uint64_t checks = 0;     // index rows walked
  std::uint64_t findings = 0;
};

// The same of one rule.
struct RuleWork {
  std::uint64_t candidates = 0, checks = 0;
};

struct RunOptions {
  bool list_indeterminate = false;
  // A loop that keeps only elements with a certain value goes through all of fewer elements than
  // this, and does not look up those that have it; tests make it nothing.
  std::uint32_t few = 32;
};

struct Worker;
struct DeleteWorker {
  void operator()(Worker* worker) const;
};
using WorkerPtr = std::unique_ptr<Worker, DeleteWorker>;

[[nodiscard]] WorkerPtr make_worker(const Program& program, const RunOptions& options);
[[nodiscard]] BlockResult run_block(Worker& worker, const batch::Batch& batch,
                                    const Pass& pass = {});
// Adds the values of all groups in the batch to those of their peers.
void collect_peers(Worker& worker, const batch::Batch& batch, PeersOfRules& into);
[[nodiscard]] const std::vector<OutcomeCounts>&
outcomes(const Worker& worker); // by rule, since the worker was made
[[nodiscard]] WorkCounts work(const Worker& worker);
[[nodiscard]] std::vector<RuleWork> rule_work(const Worker& worker); // by rule

// The addresses of the externals that generated code calls (runtime/abi/hooks.h), by name.
struct External {
  const char* name;
  void* address;
};
[[nodiscard]] std::vector<External> externals();

} // namespace sanku::exec
