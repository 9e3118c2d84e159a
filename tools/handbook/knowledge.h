// A knowledge table on the page of a rule that looks into it: how large it is, by layer,
// publication and batch; its columns; its first rows. Entry: knowledge_of. Tested by
// tests/unit/tools/handbook_test.cpp.
#pragma once

#include "tools/handbook/book.h"

namespace sanku::handbook {

// HTML. `read`: the columns that the rule reads.
[[nodiscard]] std::string knowledge_of(const Book& book, hir::TableId table,
                                       const std::set<std::uint32_t>& read);

} // namespace sanku::handbook
