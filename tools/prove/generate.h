// Tests that an author may want: for each condition of a rule one claim on which it just holds, one
// on which it just does not, and one on which it is not known; each with what comes of it. Entry:
// generate. Tested by tests/unit/tools/prove_test.cpp.
#pragma once

#include "tools/prove/analyse.h"

namespace sanku::prove {

struct Generated {
  std::uint64_t tests = 0, known = 0, open = 0; // made; there already; without an answer
  std::string text;                             // test blocks
};
[[nodiscard]] Generated generate(const Replayer& replayer, const Options& options);

} // namespace sanku::prove
