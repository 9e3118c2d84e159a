// The pass pipelines, the limits, and the instrumentation of generated code in sanitized builds.
// Shared by this folder's files only.
#pragma once

#include "compiler/jit/jit.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

namespace sanku::jit {

[[nodiscard]] tl::unexpected<Error> refused(llvm::Error error);
[[nodiscard]] llvm::Expected<llvm::orc::JITTargetMachineBuilder>
machine_builder(Level level, const std::string& cpu);

// none: drop what is not used. optimised: the short list (measured as good as O2 here at a fraction
// of its time), and vectors for flat loops.
void run_pipeline(llvm::Module& module, llvm::TargetMachine& machine, const BuildOptions& options);
[[nodiscard]] const char* pipeline_text(Level level);
// Whether generated code is, as this build is: it takes many times as long, so that nothing is made
// twice that reads the same memory.
[[nodiscard]] bool is_instrumented();

// How large the functions of each rule become once those that vanish into their callers have done
// so, in instructions.
struct RuleSize {
  std::uint64_t largest = 0, whole = 0;
};
[[nodiscard]] std::vector<RuleSize> rule_sizes(const llvm::Module& module, std::size_t rules);
// The rule whose function it is, or `rules`: `rule_<index>_…`.
[[nodiscard]] std::size_t rule_of(const llvm::Function& function, std::size_t rules);

// Takes what is too large out of the optimiser's hands; those rules, in their order. With `program`
// the largest go first, until the rest is within it.
[[nodiscard]] std::vector<std::uint32_t>
keep_within(llvm::Module& module, const std::vector<RuleSize>& sizes, const Limits& limits);

// Parts (parts.cpp): rules that run functions of their own, in their order, so many to a part that
// it is about `size` large.
using Part = std::vector<bool>; // by rule
[[nodiscard]] std::vector<Part> divide(const std::vector<RuleSize>& sizes,
                                       const std::vector<codegen::Shape>& shapes,
                                       std::uint64_t size);
// A module as bitcode, and the entry points of a part of it with all that they use.
[[nodiscard]] std::string to_bitcode(const llvm::Module& module);
[[nodiscard]] llvm::Expected<std::unique_ptr<llvm::Module>>
read_part(std::string_view bitcode, const Part& part, llvm::LLVMContext& context);

// In sanitized builds: the runtime's symbols, which live in the process.
[[nodiscard]] llvm::Error add_sanitizer_symbols(llvm::orc::LLJIT& jit);

} // namespace sanku::jit
