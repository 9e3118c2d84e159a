// Calling a kernel natively: Values in, a Value out. Kernels see codes and unlisted enum values as
// numbers, so each distinct text gets a number here that means nothing outside of one evaluation:
// kernels may only ask whether two are equal. Entry: Calls::call. Tested by
// tests/unit/compiler/evaluate_test.cpp.
#pragma once

#include "runtime/abi/frame.h"
#include "runtime/kernels/kernels.h"
#include "runtime/types/value.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace sanku::evaluate {

class Calls {
public:
  // Strict parameters make the result unknown; the row's own `call` sees to that.
  [[nodiscard]] Value call(const kernels::KernelRow& kernel, std::span<const Value> arguments);
  // Forgets the numbers given so far.
  void clear();

private:
  // Texts numbered from a first id upwards.
  struct Numbers {
    std::uint32_t first = 0;
    std::map<std::string, std::uint32_t, std::less<>> ids;
    std::vector<std::string> texts;
    [[nodiscard]] std::uint32_t id(const std::string& text);
    [[nodiscard]] const std::string& text(std::uint32_t id) const;
  };

  void put(kernels::Tag tag, const Value& argument, abi::Slot& slot);
  [[nodiscard]] Value take(kernels::Tag tag, const abi::Slot& slot) const;

  Numbers codes_{
      .first = 2, .ids = {}, .texts = {}}; // 0 is no code, 1 stands for codes known to no table
  Numbers unlisted_{.first = first_unlisted, .ids = {}, .texts = {}};
};

} // namespace sanku::evaluate
