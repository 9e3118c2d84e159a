// Tests that an author may want: for each condition of a rule one claim on which it just holds, one
// on which it just does not, and one on which it is not known; each with what comes of it. Entry:
// generate; EdgeClaims for these claims alone. Tested by tests/unit/tools/prove_test.cpp and
// mutation_test.cpp.
#pragma once

#include "compiler/prove/tables.h"
#include "tools/prove/analyse.h"

#include <vector>

namespace sanku::prove {

struct Generated {
  std::uint64_t tests = 0, known = 0, open = 0; // made; there already; without an answer
  std::string text;                             // test blocks
};
[[nodiscard]] Generated generate(const Replayer& replayer, const Options& options);

// The claims by themselves, for who looks for others like them: not replayed, and what the tests
// expect is only that they are about the rule.
class EdgeClaims {
public:
  // The rules outlive it.
  EdgeClaims(const engine::Rules& rules, Options options);
  [[nodiscard]] std::vector<ast::Test> of(std::uint32_t rule) const;

private:
  const hir::Program& program_;
  Tables tables_;
  Options options_;
};

} // namespace sanku::prove
