// The kernel table: pure, total scalar functions, compiled twice from the same source: natively for
// the evaluator and the tests, to bitcode for the JIT, which finds them in this very table. A row's
// types are deduced from the kernel's C++ signature. A parameter of type T makes the result unknown
// when the argument is; a parameter of type Maybe<T> sees whether it is known.
#pragma once

#include "runtime/types/scalar.h"

#include <cstdint>

namespace sanku::kernels {

enum class Tag : std::uint8_t {
  boolean,
  integer,
  decimal,
  date,
  datetime,
  span,
  window,
  age,
  count,
  code,
  enumeration,
  text,
  score
};
struct Param {
  Tag tag;
  bool maybe;
};

struct KernelRow {
  const char* name;
  std::uint32_t arity;
  Param params[4];
  Tag result;
  // The way in for generated code, by arity; the others are null. Arguments are Maybe<A>*, the
  // result is a Maybe<R>*.
  void (*unary)(const void*, void*);
  void (*binary)(const void*, const void*, void*);
  void (*ternary)(const void*, const void*, const void*, void*);
  // The same for native callers.
  void (*call)(const void* const* arguments, void* result);
};

} // namespace sanku::kernels

extern "C" {
extern const sanku::kernels::KernelRow sanku_kernels[];
extern const std::uint32_t sanku_kernel_count;
}
