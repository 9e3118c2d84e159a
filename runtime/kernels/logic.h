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

// One of two values by a condition; unknown while the condition is.
template <class T> constexpr Maybe<T> pick(Bool condition, Maybe<T> yes, Maybe<T> no) {
  return condition.value ? yes : no;
}

// How many of several conditions hold: each is a count of its own, and counts add up.
constexpr Count as_count(Maybe<Bool> condition) {
  return Count{condition.known && condition.value.value ? 1 : 0,
               condition.known && !condition.value.value ? 0 : 1};
}
constexpr Count add_counts(Count a, Count b) { return Count{a.low + b.low, a.high + b.high}; }

template <class T> constexpr Bool is_known(Maybe<T> a) { return Bool{a.known}; }
template <class T> constexpr Maybe<T> otherwise(Maybe<T> a, Maybe<T> b) { return a.known ? a : b; }

} // namespace sanku::kernels
