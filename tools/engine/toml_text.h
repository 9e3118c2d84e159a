// A pack.toml in one form: keys in order, no comments, one way to write each value. Entry:
// canonical_toml. Tested by tests/unit/tools/pack_file_test.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sanku::engine {

// With other values for some keys, by key. None: it is no TOML.
[[nodiscard]] std::optional<std::string>
canonical_toml(std::string_view text, const std::map<std::string, std::string>& replaced);

} // namespace sanku::engine
