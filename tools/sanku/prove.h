// What `check --prove` and `test --generate` add to their commands: questions to the solver
// (tools/prove). Entries: prove_rules, generate_tests.
#pragma once

#include "tools/sanku/command.h"
#include "tools/sanku/scope.h"

#include <vector>

namespace sanku::command {

// The packs are right. Exit code 0, or with --strict 1 where there are conflicts.
[[nodiscard]] int prove_rules(const std::vector<Scope>& scopes, const Arguments& arguments,
                              const engine::ReadOptions& reading, const Terminal& terminal);
[[nodiscard]] int generate_tests(const std::vector<Scope>& scopes, const Arguments& arguments,
                                 const Terminal& terminal);

} // namespace sanku::command
