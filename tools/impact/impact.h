// impact: what changes for given claims when one pack takes the place of another. Packs of one
// schema run joined (join.h, examine.h): claims are read once, rules that are the same are judged
// once. Packs of different schemas read the claims differently, so each runs by itself, and their
// findings meet on disk (apart.h). The same input gives the same bytes whatever the threads and
// batches. Entry: run. Tested by tests/unit/tools/impact_test.cpp.
#pragma once

#include "tools/engine/start.h"
#include "tools/impact/count.h"
#include "tools/impact/examine.h"
#include "tools/impact/join.h"

#include <array>
#include <functional>
#include <memory>

namespace sanku::impact {

struct Options {
  engine::EngineOptions engine = {};
  engine::StartOptions start = {};
  engine::RunOptions run = {};
  ExamineOptions examine = {};
  // Told once code is there, for messages.
  std::function<void(const engine::Started&, const hir::Program&)> started = {};
};

// Gives the world around one reading of the claims, which are read against that schema. Called
// again where they are read again.
using Open = std::function<Result<engine::RunPorts>(const schema::Schema&)>;

struct Impact {
  Joined joined; // what the packs are; its rules are no longer asked for
  bool apart = false;
  engine::RunSummary summary; // of the second pack, where each runs by itself
  Counter counter{0, 0};
};
// `write` takes the differences as JSON, if they are listed.
using Write = std::function<Result<void>(std::string_view)>;
[[nodiscard]] Result<Impact> run(std::unique_ptr<engine::Rules> before,
                                 std::unique_ptr<engine::Rules> after, const Options& options,
                                 const Open& open, const Write& write);

} // namespace sanku::impact
