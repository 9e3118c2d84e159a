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

// Takes what is too large out of the optimiser's hands; those rules, in their order. With `program`
// the largest go first, until the rest is within it.
[[nodiscard]] std::vector<std::uint32_t> keep_within(llvm::Module& module, std::size_t rules,
                                                     const Limits& limits);

// In sanitized builds: the runtime's symbols, which live in the process.
[[nodiscard]] llvm::Error add_sanitizer_symbols(llvm::orc::LLJIT& jit);

} // namespace sanku::jit
