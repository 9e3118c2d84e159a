// A test as an example that people read: what is given as tables of fields, what is expected as a
// sentence. Entry: example. Tested by tests/unit/tools/handbook_test.cpp.
#pragma once

#include "tools/handbook/book.h"

namespace sanku::handbook {

// HTML.
[[nodiscard]] std::string example(const Book& book, const hir::Test& test);

} // namespace sanku::handbook
