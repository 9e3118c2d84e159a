// See jit.h: from plan to object files, part by part, and their text. What is too large once small
// functions stand where they are called is not optimised; what is not wanted any more ends within
// one function.
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

#include <limits>

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

using Machine = std::unique_ptr<llvm::TargetMachine>;

llvm::Expected<Machine> make_machine(const BuildOptions& options) {
  auto builder = machine_builder(options.level, options.cpu);
  if (!builder)
    return builder.takeError();
  return builder->createTargetMachine();
}

struct Prepared {
  std::unique_ptr<llvm::LLVMContext> context;
  Machine machine;
  codegen::Generated generated;
  std::vector<RuleSize> sizes;
  std::vector<std::uint32_t> too_large;
};

// Up to where passes run.
llvm::Expected<Prepared> prepare(const hir::Program& program, const plan::Plan& plan,
                                 const BuildOptions& options) {
  auto machine = make_machine(options);
  if (!machine)
    return machine.takeError();
  Prepared prepared{.context = std::make_unique<llvm::LLVMContext>(),
                    .machine = std::move(*machine),
                    .generated = {},
                    .sizes = {},
                    .too_large = {}};
  prepared.generated =
      codegen::generate(program, plan, *prepared.context,
                        {.share_from = options.share_from,
                         .known_apart = options.level == Level::optimised && !is_instrumented()});
  llvm::Module& module = *prepared.generated.module;
  module.setTargetTriple(prepared.machine->getTargetTriple().str());
  module.setDataLayout(prepared.machine->createDataLayout());
  prepared.sizes = rule_sizes(module, program.rules.size());
  prepared.too_large = keep_within(module, prepared.sizes, options.limits);
  return prepared;
}

// Machine code of the module as the file type says.
std::string emit(llvm::Module& module, llvm::TargetMachine& machine, llvm::CodeGenFileType type,
                 const std::function<bool()>& stopped) {
  llvm::SmallVector<char, 0> buffer;
  llvm::raw_svector_ostream out(buffer);
  llvm::legacy::PassManager passes;
  if (stopped)
    passes.add(std::make_unique<Abandon>(stopped).release());
  const bool impossible = machine.addPassesToEmitFile(passes, out, nullptr, type);
  check(!impossible, "this target cannot make machine code");
  passes.run(module);
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

struct Draft::State {
  BuildOptions options;
  Native tables;
  std::vector<Part> parts;
  Prepared prepared;   // of one part, which is the whole
  std::string bitcode; // of more

  [[nodiscard]] bool stopped() const { return options.stopped && options.stopped(); }
  [[nodiscard]] std::string object_of(llvm::Module& module, llvm::TargetMachine& machine) const {
    if (stopped())
      return {};
    run_pipeline(module, machine, options);
    std::string object = emit(module, machine, llvm::CodeGenFileType::ObjectFile, options.stopped);
    return stopped() ? std::string() : object;
  }
};

Draft::Draft(std::unique_ptr<State> state) : state_(std::move(state)) {}
Draft::~Draft() = default;
Draft::Draft(Draft&&) noexcept = default;
Draft& Draft::operator=(Draft&&) noexcept = default;

Result<Draft> Draft::make(const hir::Program& program, const plan::Plan& plan,
                          const BuildOptions& options) {
  auto prepared = prepare(program, plan, options);
  if (!prepared)
    return refused(prepared.takeError());
  auto state = std::make_unique<State>();
  state->options = options;
  codegen::Generated& generated = prepared->generated;
  state->parts = divide(prepared->sizes, generated.shapes,
                        options.level == Level::none ? std::numeric_limits<std::uint64_t>::max()
                                                     : options.part);
  state->tables = {.constants = std::move(generated.constants),
                   .sink_types = std::move(generated.sink_types),
                   .sets = std::move(generated.sets),
                   .shapes = std::move(generated.shapes),
                   .too_large = std::move(prepared->too_large),
                   .objects = {}};
  if (state->parts.size() == 1)
    state->prepared = std::move(*prepared);
  else
    state->bitcode = to_bitcode(*generated.module);
  return Draft(std::move(state));
}

std::size_t Draft::parts() const { return state_->parts.size(); }
const Native& Draft::tables() const { return state_->tables; }

Result<std::string> Draft::object(std::size_t part) {
  if (parts() == 1)
    return state_->object_of(*state_->prepared.generated.module, *state_->prepared.machine);
  auto machine = make_machine(state_->options);
  if (!machine)
    return refused(machine.takeError());
  llvm::LLVMContext context;
  auto module = read_part(state_->bitcode, state_->parts[part], context);
  if (!module)
    return refused(module.takeError());
  return state_->object_of(**module, **machine);
}

Result<Native> build(const hir::Program& program, const plan::Plan& plan,
                     const BuildOptions& options) {
  auto draft = Draft::make(program, plan, options);
  if (!draft)
    return tl::unexpected(draft.error());
  Native native = draft->tables();
  for (std::size_t part = 0; part < draft->parts(); ++part) {
    auto object = draft->object(part);
    if (!object)
      return tl::unexpected(object.error());
    if (object->empty()) {
      native.objects.clear();
      break;
    }
    native.objects.push_back(std::move(*object));
  }
  return native;
}

Result<std::string> identity(const BuildOptions& options) {
  auto builder = machine_builder(options.level, options.cpu);
  if (!builder)
    return refused(builder.takeError());
  return fmt::format("llvm {}; {} {} {}; level {} {}; limits {} {}; part {}; share {}",
                     LLVM_VERSION_STRING, builder->getTargetTriple().str(), builder->getCPU(),
                     builder->getFeatures().getString(), static_cast<int>(options.level),
                     pipeline_text(options.level), options.limits.function, options.limits.program,
                     options.level == Level::none ? 0 : options.part, options.share_from);
}

Result<std::string> dump_ir(const hir::Program& program, const plan::Plan& plan, Level level) {
  auto prepared = prepare(program, plan, {.level = level});
  if (!prepared)
    return refused(prepared.takeError());
  run_pipeline(*prepared->generated.module, *prepared->machine, {.level = level});
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
  run_pipeline(*prepared->generated.module, *prepared->machine, {.level = level});
  return emit(*prepared->generated.module, *prepared->machine, llvm::CodeGenFileType::AssemblyFile,
              {});
}

} // namespace sanku::jit
