// See jit.h. One LLJIT holds one program; dropping the image frees its code. Externals are absolute
// symbols, so nothing of the process is looked up by chance. Tested through every case file (both
// levels) and tests/unit/compiler/jit_test.cpp.
#include "compiler/jit/jit.h"

#include "compiler/codegen/codegen.h"
#include "compiler/jit/pipeline.h"
#include "runtime/exec/run.h"
#include "runtime/types/check.h"

#include <fmt/format.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>

namespace sanku::jit {
namespace {

namespace orc = llvm::orc;

// Functions that optimised 128-bit arithmetic calls; they live in the C runtime library.
extern "C" {
__extension__ typedef __int128 Wide;
Wide __divti3(Wide, Wide);
Wide __modti3(Wide, Wide);
Wide __multi3(Wide, Wide);
}

tl::unexpected<Error> refused(llvm::Error error) {
  const std::string what = llvm::toString(std::move(error));
  return failure("native code could not be made: " + what, "未能生成本机代码：" + what);
}

void initialise_target() {
  static const bool done = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    return true;
  }();
  (void)done;
}

llvm::Expected<orc::JITTargetMachineBuilder> host(Level level) {
  initialise_target();
  auto builder = orc::JITTargetMachineBuilder::detectHost();
  if (builder)
    builder->setCodeGenOptLevel(level == Level::none ? llvm::CodeGenOptLevel::None
                                                     : llvm::CodeGenOptLevel::Less);
  return builder;
}

struct Prepared {
  orc::ThreadSafeContext context;
  codegen::Generated generated;
  std::unique_ptr<llvm::TargetMachine> machine;
};

llvm::Expected<Prepared> prepare(const hir::Program& program, const plan::Plan& plan, Level level) {
  auto builder = host(level);
  if (!builder)
    return builder.takeError();
  auto machine = builder->createTargetMachine();
  if (!machine)
    return machine.takeError();
  Prepared prepared{.context = orc::ThreadSafeContext(std::make_unique<llvm::LLVMContext>()),
                    .generated = {},
                    .machine = std::move(*machine)};
  prepared.generated = codegen::generate(program, plan, *prepared.context.getContext());
  llvm::Module& module = *prepared.generated.module;
  module.setTargetTriple(prepared.machine->getTargetTriple().str());
  module.setDataLayout(prepared.machine->createDataLayout());
  run_pipeline(module, *prepared.machine, level);
  return prepared;
}

orc::SymbolMap external_symbols(orc::LLJIT& jit) {
  orc::SymbolMap symbols;
  const auto add = [&](const char* name, void* address) {
    symbols[jit.mangleAndIntern(name)] = {orc::ExecutorAddr::fromPtr(address),
                                          llvm::JITSymbolFlags::Exported |
                                              llvm::JITSymbolFlags::Callable};
  };
  for (const exec::External& external : exec::externals())
    add(external.name, external.address);
  add("__divti3", reinterpret_cast<void*>(&__divti3));
  add("__modti3", reinterpret_cast<void*>(&__modti3));
  add("__multi3", reinterpret_cast<void*>(&__multi3));
  add("memcpy", reinterpret_cast<void*>(&memcpy));
  add("memset", reinterpret_cast<void*>(&memset));
  add("memmove", reinterpret_cast<void*>(&memmove));
  return symbols;
}

llvm::Error find_entry_points(orc::LLJIT& jit, const plan::Plan& plan, exec::ProgramImage& image) {
  for (std::size_t i = 0; i < image.rules.size(); ++i) {
    exec::RuleImage& rule = image.rules[i];
    auto run = jit.lookup(codegen::run_name(i));
    if (!run)
      return run.takeError();
    if (rule.shape == exec::Shape::group)
      rule.run_groups = run->toPtr<exec::RunGroups>();
    else
      rule.run_subjects = run->toPtr<exec::RunSubjects>();
    for (std::size_t k = 0; k < rule.keys.size(); ++k) {
      if (!plan.rules[i].keys[k].has_header_condition())
        continue;
      auto masks = jit.lookup(codegen::masks_name(i, k));
      if (!masks)
        return masks.takeError();
      rule.keys[k].run_masks = masks->toPtr<exec::RunMasks>();
    }
  }
  return llvm::Error::success();
}

exec::Shape shape_of(hir::SubjectKind kind) {
  switch (kind) {
  case hir::SubjectKind::settlement:
    return exec::Shape::settlement;
  case hir::SubjectKind::element:
    return exec::Shape::element;
  case hir::SubjectKind::group:
    return exec::Shape::group;
  }
  unreachable("a subject has one of three shapes");
}

exec::RuleImage describe_rule(const hir::Rule& rule, const plan::Rule& planned) {
  exec::RuleImage image{.shape = shape_of(planned.shape),
                        .relation = planned.relation,
                        .binders = rule.binders,
                        .keys = {},
                        .run_subjects = nullptr,
                        .run_groups = nullptr};
  for (const plan::Key& key : planned.keys)
    image.keys.push_back({.table = key.table,
                          .relation = key.relation,
                          .column = key.column,
                          .binder = key.row,
                          .row_columns = key.row_columns,
                          .run_masks = nullptr,
                          .visit = key.visit});
  return image;
}

llvm::Expected<std::unique_ptr<exec::ProgramImage>> link(const hir::Program& program,
                                                         const plan::Plan& plan, Level level) {
  auto prepared = prepare(program, plan, level);
  if (!prepared)
    return prepared.takeError();
  auto builder = host(level);
  if (!builder)
    return builder.takeError();
  auto jit = orc::LLJITBuilder().setJITTargetMachineBuilder(std::move(*builder)).create();
  if (!jit)
    return jit.takeError();
  orc::JITDylib& library = (*jit)->getMainJITDylib();
  if (auto error = library.define(orc::absoluteSymbols(external_symbols(**jit))))
    return error;
  if (auto error = add_sanitizer_symbols(**jit))
    return error;
  auto image = std::make_unique<exec::ProgramImage>();
  for (std::size_t i = 0; i < program.rules.size(); ++i)
    image->rules.push_back(describe_rule(program.rules[i], plan.rules[i]));
  image->constants = std::move(prepared->generated.constants);
  image->sink_types = std::move(prepared->generated.sink_types);
  image->sets = std::move(prepared->generated.sets);
  if (auto error = (*jit)->addIRModule({std::move(prepared->generated.module), prepared->context}))
    return error;
  if (auto error = find_entry_points(**jit, plan, *image))
    return error;
  image->code = std::make_unique<exec::MachineCode>();
  image->code->owner = jit->release();
  image->code->release = [](void* owner) {
    std::unique_ptr<orc::LLJIT>(static_cast<orc::LLJIT*>(owner)).reset();
  };
  return image;
}

} // namespace

Result<std::unique_ptr<exec::ProgramImage>> compile(const hir::Program& program,
                                                    const plan::Plan& plan, Level level) {
  auto image = link(program, plan, level);
  if (!image)
    return refused(image.takeError());
  return std::move(*image);
}

Result<std::string> dump_ir(const hir::Program& program, const plan::Plan& plan, Level level) {
  auto prepared = prepare(program, plan, level);
  if (!prepared)
    return refused(prepared.takeError());
  std::string text;
  llvm::raw_string_ostream out(text);
  prepared->generated.module->print(out, nullptr);
  return text;
}

Result<std::string> dump_assembly(const hir::Program& program, const plan::Plan& plan,
                                  Level level) {
  auto prepared = prepare(program, plan, level);
  if (!prepared)
    return refused(prepared.takeError());
  llvm::SmallVector<char, 0> buffer;
  llvm::raw_svector_ostream out(buffer);
  llvm::legacy::PassManager passes;
  const bool impossible = prepared->machine->addPassesToEmitFile(
      passes, out, nullptr, llvm::CodeGenFileType::AssemblyFile);
  check(!impossible, "this target cannot print assembly");
  passes.run(*prepared->generated.module);
  return std::string(buffer.begin(), buffer.end());
}

} // namespace sanku::jit
