// Sharing: rules that became the same functions but for numbers run the same functions, and the
// numbers that differ become parameters. A shape that few rules have keeps its numbers in the code.
// Entry: share. What is compared is what was generated, instruction by instruction, so that nothing
// can be overlooked. Tested by tests/unit/compiler/share_test.cpp and every case of many rules.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace sanku::codegen {

// From so many rules of one shape on, the time of compiling outweighs reading a number from memory.
inline constexpr std::uint32_t share_from = 4;

struct Shape {
  std::uint32_t rule = 0;                // whose functions the rule runs; its own, if not shared
  std::vector<std::uint64_t> parameters; // Frame::parameters while they run
};

// `entries`: by rule, its entry points, null where it has none in a place. Those of rules that run
// another's become internal.
[[nodiscard]] std::vector<Shape> share(llvm::Module& module,
                                       std::span<const std::vector<llvm::Function*>> entries,
                                       std::uint32_t from);

} // namespace sanku::codegen
