// A pack.toml in one form: keys in order, no comments, one way to write each value. Entry:
// canonical_toml. Tested by tests/unit/tools/build_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sanku::deploy {

// With `schema` at another place. None: it is no TOML.
[[nodiscard]] std::optional<std::string> canonical_toml(std::string_view text,
                                                        std::string_view schema);

} // namespace sanku::deploy
