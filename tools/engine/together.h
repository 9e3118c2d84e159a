// Visits that rules look at together: all of one person, or of one part of the population. They
// wait outside of memory, as wholes, until the input was read; then a partition at a time is
// judged. A run goes through them once for each way in which they have to be put together
// (GatheringPass), and once before where groups are compared with their peers. So memory holds one
// partition, or one person or group if that is larger. Beside a person's visits of the input stand
// those that requests brought along and those that a history store has. Entry: Together. Tested by
// tests/unit/tools/together_test.cpp.
#pragma once

#include "runtime/exec/peers.h"
#include "runtime/io/spill.h"
#include "tools/engine/chunk.h"
#include "tools/engine/persons.h"
#include "tools/engine/remembered.h"
#include "tools/engine/run.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sanku::engine {

// One way of putting visits together, and the rules that are judged that way.
struct GatheringPass {
  bool by_person = false;
  std::optional<std::uint32_t> column; // else by this column of the settlement; none: all together
  std::vector<bool> rules;
  bool compares = false; // some of them compare groups with their peers
};
// The visits' own rules and those on persons' pasts first.
[[nodiscard]] std::vector<GatheringPass> gathering_passes(const hir::Program& program);

class Together {
public:
  // All the caller's.
  Together(const Engine& engine, const RunOptions& options, const Remembered& remembered);

  [[nodiscard]] Result<void> add(const GatheredVisit& visit);
  // A record of the store that this run takes back.
  [[nodiscard]] Result<void> add_gone(const std::string& person, const std::string& settlement);

  // Judged visits by partitions, in no order of places; from one thread at a time.
  using Judged = std::function<Result<void>(ChunkResult&)>;
  [[nodiscard]] Result<void> resolve(std::vector<std::unique_ptr<ChunkWorker>>& workers,
                                     const Judged& judged);

  // From the first to the last day on which a visit of the input ended, unless somebody said more.
  [[nodiscard]] const KnownDays& days() const { return days_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t most_loaded() const { return most_loaded_; }

private:
  struct Way {
    GatheringPass pass;
    std::unique_ptr<io::Spill> visits;
    std::vector<std::uint64_t> bytes; // by lane
  };
  using Take = std::function<Result<void>(ChunkWorker&, batch::Batch)>;
  [[nodiscard]] Result<void> walk(Way& way, std::vector<std::unique_ptr<ChunkWorker>>& workers,
                                  const Take& take);
  [[nodiscard]] Result<void> put(Way& way, const std::string& key, const std::string& entry);
  [[nodiscard]] Result<batch::Batch> batch_of(const std::vector<std::string>& entries,
                                              const KnownDays& known, bool by_person) const;

  const Engine& engine_;
  const RunOptions& options_;
  const Remembered& remembered_;
  std::size_t memory_; // of one partition
  std::vector<Way> ways_;
  KnownDays days_;
  std::uint64_t bytes_ = 0, most_loaded_ = 0;
};

} // namespace sanku::engine
