// The page of one rule. Entry: rule_page. Tested by tests/unit/tools/handbook_test.cpp.
#pragma once

#include "tools/handbook/book.h"

namespace sanku::handbook {

// The whole file.
[[nodiscard]] std::string rule_page(const Book& book, std::size_t rule);

} // namespace sanku::handbook
