// The `test` declarations of a pack given as texts, run as `sanku test` runs them: from files, by
// both executions. Entry: declared_tests_fail. Tested through the cases that have some.
#pragma once

#include "tests/support/texts.h"

#include <string>

namespace sanku::testing {

// For a person: what was expected and found; empty when every test passed. The pack has no errors
// and no overlays.
[[nodiscard]] std::string declared_tests_fail(const Texts& texts);

} // namespace sanku::testing
