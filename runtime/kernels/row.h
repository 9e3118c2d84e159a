// From a kernel's C++ signature to its row: parameter tags, result tag and the two ways in. Only
// kernels/*.cpp include this.
#pragma once

#include "runtime/kernels/kernels.h"

#include <cstdint>
#include <utility>

namespace sanku::kernels {

template <class T> struct TagOf;
template <> struct TagOf<Bool> {
  static constexpr Tag tag = Tag::boolean;
};
template <> struct TagOf<Integer> {
  static constexpr Tag tag = Tag::integer;
};
template <> struct TagOf<Decimal> {
  static constexpr Tag tag = Tag::decimal;
};
template <> struct TagOf<Date> {
  static constexpr Tag tag = Tag::date;
};
template <> struct TagOf<DateTime> {
  static constexpr Tag tag = Tag::datetime;
};
template <> struct TagOf<Span> {
  static constexpr Tag tag = Tag::span;
};
template <> struct TagOf<Window> {
  static constexpr Tag tag = Tag::window;
};
template <> struct TagOf<Age> {
  static constexpr Tag tag = Tag::age;
};
template <> struct TagOf<Count> {
  static constexpr Tag tag = Tag::count;
};
template <> struct TagOf<Code> {
  static constexpr Tag tag = Tag::code;
};
template <> struct TagOf<Enum> {
  static constexpr Tag tag = Tag::enumeration;
};
template <> struct TagOf<Score> {
  static constexpr Tag tag = Tag::score;
};
template <> struct TagOf<Text> {
  static constexpr Tag tag = Tag::text;
};

// A parameter T takes the value and makes the kernel strict; Maybe<T> takes both.
template <class T> struct ParamOf {
  using Value = T;
  static constexpr bool maybe = false;
  static constexpr bool ready(const Maybe<T>& argument) { return argument.known; }
  static constexpr T pass(const Maybe<T>& argument) { return argument.value; }
};
template <class T> struct ParamOf<Maybe<T>> {
  using Value = T;
  static constexpr bool maybe = true;
  static constexpr bool ready(const Maybe<T>&) { return true; }
  static constexpr Maybe<T> pass(const Maybe<T>& argument) { return argument; }
};

// An unknown result is all zero, so that equal results are equal bytes.
template <class R> constexpr Maybe<R> settle(bool ready, R value) {
  return ready ? Maybe<R>{value, true} : Maybe<R>{R{}, false};
}
template <class R> constexpr Maybe<R> settle(bool ready, Maybe<R> value) {
  return ready && value.known ? value : Maybe<R>{R{}, false};
}

template <class R> struct ResultOf {
  using Value = R;
};
template <class R> struct ResultOf<Maybe<R>> {
  using Value = R;
};

template <auto F> struct Entry;
template <class R, class... A, R (*F)(A...)> struct Entry<F> {
  using Result = typename ResultOf<R>::Value;
  template <class T> using Argument = Maybe<typename ParamOf<T>::Value>;
  template <class T> using Erased = const void*;

  static constexpr Maybe<Result> apply(const Argument<A>&... arguments) {
    return settle<Result>((true && ... && ParamOf<A>::ready(arguments)),
                          F(ParamOf<A>::pass(arguments)...));
  }
  static void thunk(Erased<A>... arguments, void* result) {
    *static_cast<Maybe<Result>*>(result) = apply(*static_cast<const Argument<A>*>(arguments)...);
  }
  static void call(const void* const* arguments, void* result) {
    *static_cast<Maybe<Result>*>(result) =
        spread(arguments, std::make_index_sequence<sizeof...(A)>());
  }
  template <std::size_t... I>
  static Maybe<Result> spread(const void* const* arguments, std::index_sequence<I...>) {
    return apply(*static_cast<const Argument<A>*>(arguments[I])...);
  }
  static constexpr KernelRow row(const char* name) {
    KernelRow made{name,
                   sizeof...(A),
                   {Param{TagOf<typename ParamOf<A>::Value>::tag, ParamOf<A>::maybe}...},
                   TagOf<Result>::tag,
                   nullptr,
                   nullptr,
                   nullptr,
                   &call};
    if constexpr (sizeof...(A) == 1)
      made.unary = &thunk;
    if constexpr (sizeof...(A) == 2)
      made.binary = &thunk;
    if constexpr (sizeof...(A) == 3)
      made.ternary = &thunk;
    return made;
  }
};

} // namespace sanku::kernels
