// The progress bar of a run: one line on stderr, redrawn in place, on a terminal only. Entry:
// ProgressLine.
#pragma once

#include "tools/engine/run.h"
#include "tools/engine/stopwatch.h"
#include "tools/sanku/command.h"

#include <string>

namespace sanku::command {

class ProgressLine {
public:
  // `bytes`: of the whole input, 0 when that is not known.
  ProgressLine(const Terminal& terminal, std::string name, std::uint64_t bytes,
               std::string rejects);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const engine::Progress& progress);
  // Takes the line away again.
  void clear();

private:
  [[nodiscard]] std::string text(const engine::Progress& progress) const;

  const Terminal& terminal_; // the caller's
  std::string name_, rejects_;
  std::uint64_t bytes_;
  engine::Stopwatch since_start_, since_shown_;
  bool drawn_ = false;
};

} // namespace sanku::command
