// The comparison of packs that read claims differently, because their schemas differ: each runs by
// itself, what it found waits on disk by identity, and both sides of an identity are matched a
// partition at a time. Entry: run_apart. Tested by tests/unit/tools/impact_test.cpp.
#pragma once

#include "tools/impact/impact.h"

namespace sanku::impact {

// An engine with the code that it runs.
struct Ready {
  engine::Started started;
  std::unique_ptr<engine::Engine> engine;
};
[[nodiscard]] Result<Ready> make_ready(const engine::Rules& rules, const Options& options,
                                       bool attribute);

[[nodiscard]] Result<Impact> run_apart(const engine::Rules& before, const engine::Rules& after,
                                       const Options& options, const Open& open,
                                       const Write& write);

} // namespace sanku::impact
