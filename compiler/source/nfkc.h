// NFKC of an identifier. The grammar admits ASCII, its full-width forms, Greek and Han to
// identifiers; over these Unicode's form KC is a replacement character by character, so no
// combining and no library is needed. Tested by tests/unit/compiler/source_test.cpp.
#pragma once

#include <string>
#include <string_view>

namespace sanku::source {

[[nodiscard]] std::string nfkc(std::string_view identifier);
[[nodiscard]] char32_t nfkc(char32_t code_point);

} // namespace sanku::source
