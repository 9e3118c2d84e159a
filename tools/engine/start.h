// start: the code of a pack's rules as soon as it can be had, and better code behind. Code that is
// in the cache is linked; else unoptimised code is made at once, and a thread makes the optimised
// one, keeps it, and puts it in force between blocks. Findings are the same in every tier. Entry:
// start. Tested by tests/unit/tools/start_test.cpp.
#pragma once

#include "compiler/jit/jit.h"
#include "tools/engine/engine.h"
#include "tools/engine/object_cache.h"
#include "tools/engine/rules.h"

#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace sanku::engine {

struct StartOptions {
  std::optional<jit::Level> level = {}; // only this one, waited for; else as above
  std::optional<CacheOptions> cache = {};
  std::string cpu = {}; // as jit::BuildOptions says
  jit::Limits limits = {};
  std::uint64_t part = jit::BuildOptions().part; // likewise
  double most_seconds = most_compile_seconds;    // then there is no code at all
  Warn warn = {};                                // also from the thread behind
};

struct Started {
  std::unique_ptr<exec::ProgramImage> image; // null: it took too long, so the evaluator runs
  double seconds = 0;                        // until there was code
  bool from_cache = false;
  std::vector<std::uint32_t> too_large; // rules that are not optimised
  // Ends with its owner, within the function that is being compiled; last, because it works on the
  // image.
  std::jthread behind;
};

// The rules are ready, and outlive what was started.
[[nodiscard]] Result<Started> start(const Rules& rules, const StartOptions& options);

} // namespace sanku::engine
