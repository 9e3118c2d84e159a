// The version of the product, as `sanku --version` prints it; the same as in CMakeLists.txt, which
// command_test checks.
#pragma once

#include <string_view>

namespace sanku::command {

inline constexpr std::string_view version = "0.1.0";

} // namespace sanku::command
