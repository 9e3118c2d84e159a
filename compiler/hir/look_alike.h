// Names that a reader takes for one another: what stands for the characters that look alike. Entry:
// skeleton. Tested by tests/unit/compiler/check_test.cpp.
#pragma once

#include <string>
#include <string_view>

namespace sanku::hir {

// Two names that look alike have one skeleton. Names are NFKC, of ASCII, Greek and Han.
[[nodiscard]] std::string skeleton(std::string_view name);

} // namespace sanku::hir
