// Every way a program can be run: evaluator and compiled code at both levels, batches of 1, 7 and
// 4,096 visits, 1 and 2 threads, with and without index, and with the level changed in the middle
// of a run. Entries: run_all_ways, which stops at the
// first way that does not agree with the evaluator; run_way for one. Tested by
// tests/differential/can_fail_test.cpp.
#pragma once

#include "compiler/compile.h"
#include "compiler/jit/jit.h"
#include "tests/support/outcome.h"
#include "tests/support/visit.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sanku::testing {

struct Way {
  bool compiled = false; // else the evaluator, for which only `batch` counts
  jit::Level level = jit::Level::none;
  std::uint32_t batch = 4096; // visits
  std::uint32_t threads = 1;
  bool index = true;
  // Where the other level is put in force: before this block is run, by whoever runs it.
  std::optional<std::uint32_t> swap = {};
};
[[nodiscard]] std::string name_of(const Way& way);
// The evaluator's ways first.
[[nodiscard]] std::vector<Way> all_ways();

struct Judged {
  Outcome outcome; // of the evaluator
  std::optional<std::string>
      difference; // for a person: both ways and the first finding they differ in
  Way differs;    // the way that does not agree
};

// `evaluated` is what the evaluator runs, `compiled` what is compiled; they are the same but where
// a test plants a difference.
struct Sides {
  const hir::Program& evaluated;
  const hir::Program& compiled;
  const std::vector<knowledge::Table>& tables;
};

[[nodiscard]] Judged run_all_ways(const Sides& sides, const std::vector<Visit>& visits);
[[nodiscard]] Judged run_ways(const Sides& sides, const std::vector<Visit>& visits,
                              std::span<const Way> ways);
[[nodiscard]] Judged run_all_ways(const Checked& checked, const std::vector<Visit>& visits);

} // namespace sanku::testing
