// See pipeline.h.
#include "compiler/jit/pipeline.h"

#include "runtime/types/check.h"

#include <llvm/Analysis/CGSCCPassManager.h>
#include <llvm/IR/PassInstrumentation.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Transforms/Instrumentation/AddressSanitizer.h>
#include <llvm/Transforms/Instrumentation/ThreadSanitizer.h>

namespace sanku::jit {
namespace {

constexpr const char* unoptimised = "globaldce";
constexpr const char* short_list =
    "globaldce,always-inline,"
    "function(sroa<modify-cfg>,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,"
    "loop-mssa(loop-rotate,licm),gvn,instcombine<no-verify-fixpoint>,simplifycfg,"
    "loop-vectorize,instcombine<no-verify-fixpoint>,simplifycfg),"
    "globaldce";

enum class Sanitizer : std::uint8_t { none, address, thread };
#if defined(SANKU_SANITIZE)
constexpr Sanitizer sanitizer = Sanitizer::address;
#elif defined(SANKU_THREAD)
constexpr Sanitizer sanitizer = Sanitizer::thread;
#else
constexpr Sanitizer sanitizer = Sanitizer::none;
#endif

void instrument(llvm::Module& module, llvm::ModulePassManager& passes) {
  for (llvm::Function& function : module)
    if (!function.isDeclaration())
      function.addFnAttr(sanitizer == Sanitizer::address ? llvm::Attribute::SanitizeAddress
                                                         : llvm::Attribute::SanitizeThread);
  if (sanitizer == Sanitizer::address) {
    llvm::AddressSanitizerOptions options;
    passes.addPass(llvm::AddressSanitizerPass(options, false, false));
    return;
  }
  passes.addPass(llvm::ModuleThreadSanitizerPass());
  passes.addPass(llvm::createModuleToFunctionPassAdaptor(llvm::ThreadSanitizerPass()));
}

} // namespace

bool is_instrumented() { return sanitizer != Sanitizer::none; }

const char* pipeline_text(Level level) { return level == Level::none ? unoptimised : short_list; }

void run_pipeline(llvm::Module& module, llvm::TargetMachine& machine, const BuildOptions& options) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassInstrumentationCallbacks callbacks;
  if (options.stopped)
    callbacks.registerShouldRunOptionalPassCallback(
        [&](llvm::StringRef, const llvm::Any&) { return !options.stopped(); });
  // As PassBuilder's own instrumentation would: what is not to be optimised is passed over.
  callbacks.registerShouldRunOptionalPassCallback([](llvm::StringRef, const llvm::Any& unit) {
    const auto* function = llvm::any_cast<const llvm::Function*>(&unit);
    return function == nullptr || !(*function)->hasFnAttribute(llvm::Attribute::OptimizeNone);
  });
  llvm::PassBuilder builder(&machine, {}, std::nullopt, &callbacks);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::ModulePassManager passes;
  auto error = builder.parsePassPipeline(passes, pipeline_text(options.level));
  check(!error, "the pass list does not parse");
  if (sanitizer != Sanitizer::none)
    instrument(module, passes);
  passes.run(module, modules);
}

llvm::Error add_sanitizer_symbols(llvm::orc::LLJIT& jit) {
  if (sanitizer == Sanitizer::none)
    return llvm::Error::success();
  auto generator = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      jit.getDataLayout().getGlobalPrefix());
  if (!generator)
    return generator.takeError();
  jit.getMainJITDylib().addGenerator(std::move(*generator));
  return llvm::Error::success();
}

} // namespace sanku::jit
