// See jit.h: from plan to object file, and its text. What is too large once small functions stand
// where they are called is not optimised; what is not wanted any more ends within one function.
#include "compiler/codegen/codegen.h"
#include "compiler/jit/jit.h"
#include "compiler/jit/pipeline.h"
#include "runtime/types/check.h"

#include <fmt/format.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Pass.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>

namespace sanku::jit {
namespace {

namespace orc = llvm::orc;

void initialise_target() {
  static const bool done = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    return true;
  }();
  (void)done;
}

// Before machine code is made of a function that is not wanted any more: it ends at once.
class Abandon final : public llvm::FunctionPass {
public:
  static char ID;
  explicit Abandon(const std::function<bool()>& stopped)
      : llvm::FunctionPass(ID), stopped_(stopped) {}
  bool runOnFunction(llvm::Function& function) override {
    if (!stopped_())
      return false;
    function.deleteBody();
    llvm::IRBuilder<> builder(llvm::BasicBlock::Create(function.getContext(), "", &function));
    builder.CreateUnreachable();
    return true;
  }

private:
  const std::function<bool()>& stopped_; // the caller's of build
};
char Abandon::ID = 0;

struct Prepared {
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::TargetMachine> machine;
  codegen::Generated generated;
  std::vector<std::uint32_t> too_large;
};

llvm::Expected<Prepared> prepare(const hir::Program& program, const plan::Plan& plan,
                                 const BuildOptions& options) {
  auto builder = machine_builder(options.level, options.cpu);
  if (!builder)
    return builder.takeError();
  auto machine = builder->createTargetMachine();
  if (!machine)
    return machine.takeError();
  Prepared prepared{.context = std::make_unique<llvm::LLVMContext>(),
                    .machine = std::move(*machine),
                    .generated = {},
                    .too_large = {}};
  prepared.generated =
      codegen::generate(program, plan, *prepared.context, {.share_from = options.share_from});
  llvm::Module& module = *prepared.generated.module;
  module.setTargetTriple(prepared.machine->getTargetTriple().str());
  module.setDataLayout(prepared.machine->createDataLayout());
  prepared.too_large = keep_within(module, program.rules.size(), options.limits);
  run_pipeline(module, *prepared.machine, options);
  return prepared;
}

// Machine code of the module as the file type says.
std::string emit(Prepared& prepared, llvm::CodeGenFileType type,
                 const std::function<bool()>& stopped) {
  llvm::SmallVector<char, 0> buffer;
  llvm::raw_svector_ostream out(buffer);
  llvm::legacy::PassManager passes;
  if (stopped)
    passes.add(std::make_unique<Abandon>(stopped).release());
  const bool impossible = prepared.machine->addPassesToEmitFile(passes, out, nullptr, type);
  check(!impossible, "this target cannot make machine code");
  passes.run(*prepared.generated.module);
  return std::string(buffer.begin(), buffer.end());
}

} // namespace

tl::unexpected<Error> refused(llvm::Error error) {
  const std::string what = llvm::toString(std::move(error));
  return failure("native code could not be made: " + what, "未能生成本机代码：" + what);
}

llvm::Expected<orc::JITTargetMachineBuilder> machine_builder(Level level, const std::string& cpu) {
  initialise_target();
  auto builder = orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder;
  if (!cpu.empty()) {
    const std::string triple = builder->getTargetTriple().str();
    std::string unknown;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, unknown);
    check(target != nullptr, "this machine's target is there");
    const std::unique_ptr<llvm::MCSubtargetInfo> known(
        target->createMCSubtargetInfo(triple, "", ""));
    if (!known->isCPUStringValid(cpu))
      return llvm::createStringError("`%s` is no processor that LLVM knows", cpu.c_str());
    builder->setCPU(cpu);
    builder->getFeatures() = llvm::SubtargetFeatures();
  }
  builder->setCodeGenOptLevel(level == Level::none ? llvm::CodeGenOptLevel::None
                                                   : llvm::CodeGenOptLevel::Less);
  // As JITLink wants it.
  builder->setRelocationModel(llvm::Reloc::PIC_);
  builder->setCodeModel(llvm::CodeModel::Small);
  return builder;
}

Result<Native> build(const hir::Program& program, const plan::Plan& plan,
                     const BuildOptions& options) {
  auto prepared = prepare(program, plan, options);
  if (!prepared)
    return refused(prepared.takeError());
  Native native{.constants = std::move(prepared->generated.constants),
                .sink_types = std::move(prepared->generated.sink_types),
                .sets = std::move(prepared->generated.sets),
                .shapes = std::move(prepared->generated.shapes),
                .too_large = std::move(prepared->too_large),
                .object = emit(*prepared, llvm::CodeGenFileType::ObjectFile, options.stopped)};
  if (options.stopped && options.stopped())
    native.object.clear();
  return native;
}

Result<std::string> identity(const BuildOptions& options) {
  auto builder = machine_builder(options.level, options.cpu);
  if (!builder)
    return refused(builder.takeError());
  return fmt::format("llvm {}; {} {} {}; level {} {}; limits {} {}; share {}", LLVM_VERSION_STRING,
                     builder->getTargetTriple().str(), builder->getCPU(),
                     builder->getFeatures().getString(), static_cast<int>(options.level),
                     pipeline_text(options.level), options.limits.function, options.limits.program,
                     options.share_from);
}

Result<std::string> dump_ir(const hir::Program& program, const plan::Plan& plan, Level level) {
  auto prepared = prepare(program, plan, {.level = level});
  if (!prepared)
    return refused(prepared.takeError());
  std::string text;
  llvm::raw_string_ostream out(text);
  prepared->generated.module->print(out, nullptr);
  return text;
}

Result<std::string> dump_assembly(const hir::Program& program, const plan::Plan& plan,
                                  Level level) {
  auto prepared = prepare(program, plan, {.level = level});
  if (!prepared)
    return refused(prepared.takeError());
  return emit(*prepared, llvm::CodeGenFileType::AssemblyFile, {});
}

} // namespace sanku::jit
