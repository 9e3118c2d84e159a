// How long the windows of a column may be: `window up to 1 year`. Entry: is_within. Apart from
// load.cpp because rows that a test gives are held to the same bound. Tested by
// tests/unit/runtime/knowledge_test.cpp.
#pragma once

#include "runtime/types/scalar.h"

namespace sanku::knowledge {

// Whether the window is never longer than the bound: days beside months are compared with the least
// days that so many months have.
[[nodiscard]] bool is_within(Window window, Span bound);

} // namespace sanku::knowledge
