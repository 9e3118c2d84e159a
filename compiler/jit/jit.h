// jit: a program becomes machine code. The only folder that sees ORC. Two levels: `none` is ready
// at once, `optimised` runs the short pass list; both give identical findings. In sanitized builds
// generated code is instrumented like the rest.
#pragma once

#include "compiler/hir/hir.h"
#include "compiler/plan/plan.h"
#include "runtime/exec/image.h"
#include "runtime/types/result.h"

#include <memory>
#include <string>

namespace sanku::jit {

enum class Level : std::uint8_t { none, optimised };

[[nodiscard]] Result<std::unique_ptr<exec::ProgramImage>>
compile(const hir::Program& program, const plan::Plan& plan, Level level);

// The text of the module or of its assembly, for `sanku dump ir|asm`.
[[nodiscard]] Result<std::string> dump_ir(const hir::Program& program, const plan::Plan& plan,
                                          Level level);
[[nodiscard]] Result<std::string> dump_assembly(const hir::Program& program, const plan::Plan& plan,
                                                Level level);

} // namespace sanku::jit
