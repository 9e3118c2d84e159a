// The index of a handbook: rules by family, and the search for a rule, a code or a name. Entry:
// index_page. Tested by tests/unit/tools/handbook_test.cpp, and in a browser by hand.
#pragma once

#include "tools/handbook/codes.h"

namespace sanku::handbook {

[[nodiscard]] std::string index_page(const Book& book, const Codes& codes,
                                     const std::vector<Shard>& shards);

} // namespace sanku::handbook
