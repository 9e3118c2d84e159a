// match{…}: an overload set for std::visit with one arm per form. A form without an arm does not
// compile.
#pragma once

#include <variant>

namespace sanku {

template <class... Arms> struct match : Arms... {
  using Arms::operator()...;
};
template <class... Arms> match(Arms...) -> match<Arms...>;

} // namespace sanku
