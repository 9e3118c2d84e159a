// Native: a program's machine code and the tables that came with it, as plain data: what `build`
// makes, `load` links, and the object cache keeps. Entries: to_bytes, from_bytes. Tested by
// tests/unit/compiler/native_test.cpp.
#pragma once

#include "compiler/codegen/share.h"
#include "runtime/exec/image.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::jit {

struct Native {
  std::vector<exec::ConstantSlot> constants;
  std::vector<Type> sink_types;
  std::vector<exec::SetUse> sets;
  std::vector<codegen::Shape> shapes;   // by rule
  std::vector<std::uint32_t> too_large; // rules that are not optimised, because they are too large
  std::vector<std::string> objects;     // object files, one a part; empty: building was stopped
};

[[nodiscard]] std::string to_bytes(const Native& native);
// Empty: those are not the bytes of one. Whoever reads bytes from outside makes sure before that
// they are what was written: an object is code.
[[nodiscard]] std::optional<Native> from_bytes(std::string_view bytes);

} // namespace sanku::jit
