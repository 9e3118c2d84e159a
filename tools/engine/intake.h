// The input, twice: first only for the numbers of its records, to learn which of them may concern
// the same visit or settlement, then whole. An input that cannot be read twice (a pipe) is kept in
// a temporary file meanwhile. Entry: Intake. Tested by tests/unit/tools/waiting_test.cpp.
#pragma once

#include "runtime/assemble/recurrence.h"
#include "runtime/io/ndjson.h"
#include "runtime/io/spill.h"
#include "tools/engine/run.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace sanku::engine {

class Intake {
public:
  // Engine, options and ports are the caller's.
  Intake(const Engine& engine, const RunOptions& options, const RunPorts& ports);

  // The first time. Once, before `next`.
  [[nodiscard]] Result<void> look();
  // The chunks of the second time.
  [[nodiscard]] Result<bool> next(io::Chunk& chunk);

  [[nodiscard]] const assemble::Recurrence& recurrence() const { return recurrence_; }
  // Of the first time.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

private:
  [[nodiscard]] Result<bool> read(io::Chunk& chunk);
  [[nodiscard]] Result<bool> read_and_keep(io::Chunk& chunk);

  const Engine& engine_;
  const RunOptions& options_;
  const RunPorts& ports_;
  assemble::Recurrence recurrence_;
  std::unique_ptr<io::LineChunks> lines_;
  std::uint64_t bytes_ = 0;

  // What cannot be read again: the texts one behind the other in a spill, the rest of each chunk.
  io::Spill kept_;
  std::vector<io::Chunk> chunks_;
  std::vector<std::size_t> sizes_;
  std::optional<io::LaneReader> reader_;
  std::size_t next_ = 0, skip_ = 0;
};

} // namespace sanku::engine
