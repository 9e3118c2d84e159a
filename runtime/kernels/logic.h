// Three-valued logic, and the functions that look at whether a value is known.
#pragma once

#include "runtime/types/scalar.h"

namespace sanku::kernels {

constexpr Maybe<Bool> logical_and(Maybe<Bool> a, Maybe<Bool> b) {
  const bool no = (a.known && !a.value.value) || (b.known && !b.value.value);
  return Maybe<Bool>{Bool{!no && a.known && b.known}, no || (a.known && b.known)};
}
constexpr Maybe<Bool> logical_or(Maybe<Bool> a, Maybe<Bool> b) {
  const bool yes = (a.known && a.value.value) || (b.known && b.value.value);
  return Maybe<Bool>{Bool{yes}, yes || (a.known && b.known)};
}
constexpr Bool logical_not(Bool a) { return Bool{!a.value}; }

template <class T> constexpr Bool is_known(Maybe<T> a) { return Bool{a.known}; }
template <class T> constexpr Maybe<T> otherwise(Maybe<T> a, Maybe<T> b) { return a.known ? a : b; }

} // namespace sanku::kernels
