// codegen: plan and Hir to one LLVM module. Layouts, kernels, folds and loops all come from the
// runtime's bitcode, into which the generated functions are put; what is not used is dropped. Code
// generation knows the forms of the Hir, never a built-in.
#pragma once

#include "compiler/codegen/share.h"
#include "compiler/hir/hir.h"
#include "compiler/plan/plan.h"
#include "runtime/exec/image.h"
#include "runtime/types/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace sanku::codegen {

struct Generated {
  std::unique_ptr<llvm::Module> module;
  std::vector<exec::ConstantSlot> constants;
  std::vector<Type> sink_types;
  std::vector<exec::SetUse> sets;
  std::vector<Shape> shapes; // by rule
};

struct Options {
  std::uint32_t share_from = codegen::share_from; // rules of one shape
  bool known_apart = false; // blocks in which nothing is missing get code of their own
};

// Entry points: `rule_<index>_run`, and `rule_<index>_masks_<key>` for keys with a header
// condition; `index` is Shape::rule.
[[nodiscard]] Generated generate(const hir::Program& program, const plan::Plan& plan,
                                 llvm::LLVMContext& context, const Options& options = {});
// Kernels and skeletons as bitcode, of which all generated code is made.
[[nodiscard]] std::string_view runtime_bitcode();
[[nodiscard]] std::string run_name(std::size_t rule);
[[nodiscard]] std::string masks_name(std::size_t rule, std::size_t key);

} // namespace sanku::codegen
