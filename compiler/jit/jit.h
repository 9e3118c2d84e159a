// jit: a program becomes machine code. The only folder that sees ORC. Two levels: `none` is ready
// at once, `optimised` runs the short pass list; both give identical findings, and either may take
// the other's place between blocks. In sanitized builds generated code is instrumented like the
// rest. Entries: build (Draft, part by part), load and improve; compile is build and load. Tested
// by tests/unit/compiler/jit_test.cpp and tests/unit/tools/start_test.cpp.
#pragma once

#include "compiler/codegen/share.h"
#include "compiler/hir/hir.h"
#include "compiler/jit/native.h"
#include "compiler/plan/plan.h"
#include "runtime/exec/image.h"
#include "runtime/types/result.h"

#include <functional>
#include <memory>
#include <string>

namespace sanku::jit {

enum class Level : std::uint8_t { none, optimised };

// How many instructions there may be once small functions stand where they are called. What is
// larger is not optimised: the time of some passes grows faster than the size.
struct Limits {
  std::uint64_t function = 200'000;
  std::uint64_t program = 6'000'000;
};

struct BuildOptions {
  Level level = Level::optimised;
  std::string cpu = {}; // as LLVM names it; empty: this machine's
  Limits limits = {};
  // About how many instructions, counted likewise, become an object together once they are
  // optimised. What is not optimised is one object.
  std::uint64_t part = 60'000;
  std::uint32_t share_from = codegen::share_from; // rules of one shape
  std::function<bool()> stopped = {}; // true: what is being built is not wanted any more
};

// A program on its way to machine code: generated, and divided into parts of whole rules that
// become objects one by one, so that what is stopped ends soon, and loses one part at most when it
// is taken up again. The same program and options are divided alike.
class Draft {
public:
  // Program and plan are read here only.
  [[nodiscard]] static Result<Draft> make(const hir::Program& program, const plan::Plan& plan,
                                          const BuildOptions& options);
  ~Draft();
  Draft(Draft&&) noexcept;
  Draft& operator=(Draft&&) noexcept;

  [[nodiscard]] std::size_t parts() const;
  // The object file of a part, asked for once; empty: it was stopped.
  [[nodiscard]] Result<std::string> object(std::size_t part);
  // All but the objects.
  [[nodiscard]] const Native& tables() const;

private:
  struct State;
  explicit Draft(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Machine code of the program; without objects if it was stopped.
[[nodiscard]] Result<Native> build(const hir::Program& program, const plan::Plan& plan,
                                   const BuildOptions& options);
// What decides which code is built, beside the program, the kernels and this build itself.
[[nodiscard]] Result<std::string> identity(const BuildOptions& options);

// Links what was built of that program.
[[nodiscard]] Result<std::unique_ptr<exec::ProgramImage>>
load(const hir::Program& program, const plan::Plan& plan, const Native& native);
// Puts another build of the same program in force; blocks may be running.
[[nodiscard]] Result<void> improve(exec::ProgramImage& image, const Native& native);

[[nodiscard]] Result<std::unique_ptr<exec::ProgramImage>>
compile(const hir::Program& program, const plan::Plan& plan, Level level);

// The text of the module or of its assembly, for `sanku dump ir|asm`.
[[nodiscard]] Result<std::string> dump_ir(const hir::Program& program, const plan::Plan& plan,
                                          Level level);
[[nodiscard]] Result<std::string> dump_assembly(const hir::Program& program, const plan::Plan& plan,
                                                Level level);

} // namespace sanku::jit
