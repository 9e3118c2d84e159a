// The pass pipelines, and the instrumentation of generated code in sanitized builds. Shared by this
// folder's files only.
#pragma once

#include "compiler/jit/jit.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

namespace sanku::jit {

// none: inline the skeletons' seams away and drop what is not used. optimised: the short list
// (measured as good as O2 here at a fraction of its time).
void run_pipeline(llvm::Module& module, llvm::TargetMachine& machine, Level level);

// In sanitized builds: the runtime's symbols, which live in the process.
[[nodiscard]] llvm::Error add_sanitizer_symbols(llvm::orc::LLJIT& jit);

} // namespace sanku::jit
