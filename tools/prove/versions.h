// Two programs side by side: what became of a rule from one version to the next, and what an
// overlay lets pass that a mandatory rule finds. Entry: compare. Tested by
// tests/unit/tools/prove_test.cpp.
#pragma once

#include "tools/prove/analyse.h"

namespace sanku::prove {

enum class Comparing : std::uint8_t {
  versions, // every rule that both have
  overlays, // mandatory rules, and only whether `now` is silent where `before` fires
};

// `now` as in Report: its rules, its texts. Errors: the two packs' schemas are not the same.
[[nodiscard]] Result<Report> compare(const Replayer& before, const Replayer& now,
                                     Comparing comparing, const Options& options);
// Only rules of a sample, as `sample` does.
[[nodiscard]] Result<Report> compare(const Replayer& before, const Replayer& now,
                                     Comparing comparing, const Options& options,
                                     const Sample& which);

} // namespace sanku::prove
