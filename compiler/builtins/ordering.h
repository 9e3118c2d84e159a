// The built-in by which lists are ranked, for whoever makes code of an order without naming any.
#pragma once

#include <string_view>

namespace sanku::builtins {

inline constexpr std::string_view ordering = "less";

} // namespace sanku::builtins
