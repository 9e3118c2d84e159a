// A visit among all that rules look at together with it, as a run puts it together: beside its
// person's other visits, those of a history store too, and in each part of the population in which
// groups are made. The run goes over the whole input and judges nothing; it stops for no record
// that is refused, and adds nothing to the store. Entry: surroundings. Tested by
// tests/unit/tools/surroundings_test.cpp.
#pragma once

#include "tools/engine/explain.h"
#include "tools/engine/run.h"

#include <optional>
#include <string>
#include <vector>

namespace sanku::engine {

struct SurroundingOptions {
  RunOptions run = {};   // with the store, answers and days that are known
  bool groups = false;   // also the population, by parts
  std::string rule = {}; // only what this rule looks at; empty: all
};
// `visit`: its key (assemble::keys_of). `ports` has the input alone.
// Empty: nothing is left of the visit, since it was taken back.
[[nodiscard]] Result<std::vector<Surrounding>> surroundings(const Rules& rules,
                                                            const std::string& visit,
                                                            const SurroundingOptions& options,
                                                            RunPorts ports);

// Of the visit of a settlement that was found.
[[nodiscard]] std::string visit_key(const hir::Program& program, const FoundSettlement& found);

} // namespace sanku::engine
