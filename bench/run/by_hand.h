// The hand-written ten rules (bench/limit) on an engine's own batches and tables, and the proof
// that they find the same. Entries: HandWritten, difference. Used by the measurements of the ten
// rules and by `bench_run --check`.
#pragma once

#include "bench/limit/limit.h"
#include "bench/run/world.h"
#include "runtime/exec/finding.h"

#include <optional>
#include <string>
#include <vector>

namespace sanku::bench {

class HandWritten {
public:
  // Everything stays with the caller. Lays the tables out by code id, and gives every diagnosis of
  // the batches an id of its own, since set columns' codes need not be in a dictionary.
  HandWritten(const Compiled& compiled, const std::vector<batch::Batch>& batches);

  [[nodiscard]] const limit::Tables& tables() const { return tables_; }
  // By batch.
  [[nodiscard]] const std::vector<limit::Block>& blocks() const { return blocks_; }

private:
  void lay_tables(const Compiled& compiled);
  void lay_diagnoses(const Compiled& compiled, const std::vector<batch::Batch>& batches);
  void lay_blocks(const Compiled& compiled, const std::vector<batch::Batch>& batches);

  limit::Tables tables_;
  std::vector<limit::Block> blocks_;
  std::vector<std::vector<std::uint32_t>> diagnoses_; // by batch
};

// A finding as one line of text that says all of its payload, so that two programs' can be compared
// and a difference shown.
[[nodiscard]] std::string text_of(const exec::Finding& finding);
[[nodiscard]] std::vector<std::string> texts_of(const limit::Output& output);

// The first difference between what two programs found in one block; none if they found the same.
[[nodiscard]] std::optional<std::string> difference(const std::vector<exec::Finding>& compiled,
                                                    const limit::Output& by_hand);

} // namespace sanku::bench
