// Codes that are one of several (runtime/types/scalar.h): made of their texts, and taken apart. A
// test on such a code is true when it is for all of them, false when it is for none, else unknown.
// Entries: joined, members, code_id. Tested by tests/unit/runtime/batch_test.cpp.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/types/candidates.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::batch {

// Of at least one text; of one it is that text.
[[nodiscard]] std::string joined(const std::vector<std::string_view>& candidates);
// Of any other code itself alone.
[[nodiscard]] std::vector<std::string_view> members(std::string_view code);

// The code's id: a frozen one or the block's own, which is made where there is none.
[[nodiscard]] std::uint32_t code_id(codes::Overflow& own, const codes::Dictionary& frozen,
                                    std::string_view code);

} // namespace sanku::batch
