// The module: the runtime's bitcode parsed, kernels found through their own table, small helpers
// for calls, slots and clones, and generate(), which emits every rule and keeps only what the entry
// points need. Tested through every case file.
#include "compiler/codegen/codegen.h"
#include "compiler/codegen/emit.h"
#include "runtime/schema/schema.h"
#include "runtime/types/check.h"

#include <fmt/format.h>
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/Utils/Cloning.h>

extern "C" const unsigned char sanku_runtime_bitcode_begin[];
extern "C" const unsigned char sanku_runtime_bitcode_end[];

namespace sanku::codegen {
namespace {

std::unique_ptr<llvm::Module> runtime_module(llvm::LLVMContext& context) {
  const llvm::MemoryBufferRef buffer(runtime_bitcode(), "runtime");
  auto parsed = llvm::parseBitcodeFile(buffer, context);
  check(static_cast<bool>(parsed), "the runtime's bitcode cannot be parsed");
  return std::move(*parsed);
}

// The thunk of each kernel row, read out of the table's initialiser: name, arity, params, result,
// unary, binary, ternary, call.
std::vector<llvm::Function*> thunks_of(llvm::Module& module) {
  const auto* table = module.getGlobalVariable("sanku_kernels", true);
  check(table != nullptr && table->hasInitializer(), "the bitcode has no kernel table");
  std::vector<llvm::Function*> thunks;
  for (const llvm::Use& entry : table->getInitializer()->operands()) {
    llvm::Function* thunk = nullptr;
    const auto* row = llvm::cast<llvm::ConstantStruct>(entry.get());
    const unsigned last = row->getNumOperands() - 1;
    for (unsigned field = last - 3; field < last; ++field)
      if (auto* function = llvm::dyn_cast<llvm::Function>(row->getOperand(field)))
        thunk = function;
    check(thunk != nullptr, "a kernel row has no thunk");
    thunks.push_back(thunk);
  }
  check(thunks.size() == sanku_kernel_count,
        "the bitcode's kernel table differs from the native one");
  return thunks;
}

// The host decides the target; what clang wrote about its own default would stop inlining. Ways in
// vanish into what calls them; what clang left apart behind them is large, and stays apart.
void prepare_bitcode(llvm::Module& module, const std::vector<llvm::Function*>& thunks) {
  for (llvm::Function& function : module) {
    function.removeFnAttr("target-cpu");
    function.removeFnAttr("target-features");
    function.removeFnAttr("tune-cpu");
    function.removeFnAttr(llvm::Attribute::OptimizeNone);
    if (function.isDeclaration())
      continue;
    function.removeFnAttr(llvm::Attribute::NoInline);
    if (function.getName().starts_with("sanku_"))
      function.addFnAttr(llvm::Attribute::AlwaysInline);
    function.setLinkage(llvm::GlobalValue::InternalLinkage);
    function.setComdat(nullptr);
  }
  for (llvm::Function* thunk : thunks)
    thunk->addFnAttr(llvm::Attribute::AlwaysInline);
}

void drop_tables(llvm::Module& module) {
  for (const char* name : {"llvm.used", "llvm.compiler.used", "sanku_externals", "sanku_kernels",
                           "sanku_kernel_count"}) {
    if (auto* global = module.getGlobalVariable(name, true)) {
      global->replaceAllUsesWith(llvm::PoisonValue::get(global->getType()));
      global->eraseFromParent();
    }
  }
}

llvm::FunctionType* type_of(ModuleEmitter& out, Signature signature) {
  llvm::LLVMContext& context = out.module.getContext();
  auto* pointer = llvm::PointerType::getUnqual(context);
  auto* nothing = llvm::Type::getVoidTy(context);
  auto* flag = llvm::Type::getInt1Ty(context);
  auto* word = llvm::Type::getInt32Ty(context);
  auto* wide = llvm::Type::getInt64Ty(context);
  auto* small = llvm::Type::getInt8Ty(context);
  switch (signature) {
  case Signature::value:
    return llvm::FunctionType::get(nothing, {pointer, pointer, pointer}, false);
  case Signature::key:
    return llvm::FunctionType::get(nothing, {pointer, pointer, pointer, pointer}, false);
  case Signature::body:
    return llvm::FunctionType::get(flag, {pointer, pointer, pointer}, false);
  case Signature::lines:
    return llvm::FunctionType::get(nothing, {pointer, pointer, word}, false);
  case Signature::subject:
    return llvm::FunctionType::get(small, {pointer, pointer}, false);
  case Signature::probe:
    return llvm::FunctionType::get(flag, {pointer, pointer}, false);
  case Signature::hash:
    return llvm::FunctionType::get(wide, {pointer, pointer, pointer}, false);
  case Signature::same:
    return llvm::FunctionType::get(flag, {pointer, pointer, word, word}, false);
  case Signature::entered:
    return llvm::FunctionType::get(flag, {pointer, pointer, word, word, word, word}, false);
  case Signature::enter:
    return llvm::FunctionType::get(nothing, {pointer, pointer}, false);
  case Signature::compare:
    return llvm::FunctionType::get(flag, {pointer, word, word}, false);
  case Signature::known:
    return llvm::FunctionType::get(flag, {pointer, word}, false);
  case Signature::fire:
    return llvm::FunctionType::get(nothing, {pointer, wide}, false);
  }
  unreachable("a function has one of these signatures");
}

// Seams between loops and conditions vanish; what fires is rare and stays apart.
void stand(const RuleEmitter& rule, llvm::Function& function, bool apart) {
  function.removeFnAttr(llvm::Attribute::AlwaysInline);
  const bool cold = rule.place == Place::cold;
  function.addFnAttr(cold || apart ? llvm::Attribute::NoInline : llvm::Attribute::AlwaysInline);
  if (!cold)
    return;
  function.addFnAttr(llvm::Attribute::Cold);
  function.addFnAttr(llvm::Attribute::OptimizeForSize);
}

} // namespace

llvm::Function* make_function(RuleEmitter& rule, Signature signature, const char* what) {
  llvm::FunctionType* type = type_of(rule.out, signature);
  auto* function = llvm::Function::Create(
      type, llvm::GlobalValue::InternalLinkage,
      fmt::format("rule_{}_{}_{}", rule.index, what, rule.named++), rule.out.module);
  if (type->getReturnType()->isIntegerTy() && type->getReturnType()->getIntegerBitWidth() < 32)
    function->addRetAttr(llvm::Attribute::ZExt);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  const bool called_back = signature == Signature::compare || signature == Signature::known;
  stand(rule, *function, called_back);
  return function;
}

llvm::Function* instantiate(RuleEmitter& rule, const char* skeleton,
                            std::initializer_list<Hook> hooks) {
  llvm::Function* original = rule.out.module.getFunction(skeleton);
  check(original != nullptr, "a skeleton is missing from the bitcode");
  llvm::ValueToValueMapTy replaced;
  for (const auto& [name, function] : hooks) {
    llvm::Function* hook = rule.out.module.getFunction(name);
    check(hook != nullptr, "a hook is missing from the bitcode");
    replaced[hook] = function;
  }
  llvm::Function* clone = llvm::CloneFunction(original, replaced);
  clone->setName(fmt::format("rule_{}_{}_{}", rule.index, skeleton, rule.named++));
  clone->setLinkage(llvm::GlobalValue::InternalLinkage);
  stand(rule, *clone, false);
  return clone;
}

llvm::Value* call(llvm::IRBuilder<>& builder, llvm::Function* function,
                  llvm::ArrayRef<llvm::Value*> arguments) {
  llvm::CallInst* made = builder.CreateCall(function, arguments);
  llvm::AttributeList attributes =
      function->getAttributes().removeFnAttributes(builder.getContext());
  made->setAttributes(attributes);
  return made;
}

llvm::Value* call(ModuleEmitter& out, llvm::IRBuilder<>& builder, const std::string& name,
                  llvm::ArrayRef<llvm::Value*> arguments) {
  llvm::Function* function = out.module.getFunction(name);
  check(function != nullptr, name.c_str());
  return call(builder, function, arguments);
}

llvm::Value* number(llvm::IRBuilder<>& builder, std::uint32_t value) {
  return builder.getInt32(value);
}

Body open_body(RuleEmitter& rule, llvm::IRBuilder<>& builder, llvm::Function& function) {
  builder.SetInsertPoint(llvm::BasicBlock::Create(rule.out.module.getContext(), "", &function));
  llvm::Value* frame = function.getArg(0);
  const bool has_env = function.arg_size() > 1 && function.getArg(1)->getType()->isPointerTy();
  return {builder, function, frame,
          has_env ? function.getArg(1) : call(rule.out, builder, "sanku_published", {frame})};
}

void publish(RuleEmitter& rule, Body& body) {
  call(rule.out, body.builder, "sanku_publish",
       {body.frame, body.env, number(body.builder, rule.rule.binders)});
}

llvm::Value* make_slot(Body& body) {
  llvm::BasicBlock& entry = body.function.getEntryBlock();
  llvm::IRBuilder<> at_entry(&entry, entry.begin());
  auto* slot = at_entry.CreateAlloca(llvm::ArrayType::get(at_entry.getInt8Ty(), sizeof(abi::Slot)));
  slot->setAlignment(llvm::Align(alignof(abi::Slot)));
  return slot;
}

llvm::Value* truth(ModuleEmitter& out, Body& body, llvm::Value* slot) {
  return call(out, body.builder, "sanku_truth", {slot});
}

std::uint32_t constant_slot(ModuleEmitter& out, const Type& type, Value value) {
  for (std::size_t i = 0; i < out.constants.size(); ++i)
    if (out.constants[i].type == type && same(out.constants[i].value, value))
      return static_cast<std::uint32_t>(i);
  out.constants.push_back({type, std::move(value)});
  return static_cast<std::uint32_t>(out.constants.size() - 1);
}

std::uint32_t sink_type(ModuleEmitter& out, const Type& type) {
  for (std::size_t i = 0; i < out.sink_types.size(); ++i)
    if (out.sink_types[i] == type)
      return static_cast<std::uint32_t>(i);
  out.sink_types.push_back(type);
  return static_cast<std::uint32_t>(out.sink_types.size() - 1);
}

const char* reading_name(Kind kind) {
  switch (kind) {
  case Kind::boolean:
    return "bool";
  case Kind::integer:
    return "integer";
  case Kind::decimal:
  case Kind::money:
    return "decimal";
  case Kind::date:
    return "date";
  case Kind::datetime:
    return "datetime";
  case Kind::span:
    return "span";
  case Kind::window:
    return "window";
  case Kind::code:
    return "code";
  case Kind::enumeration:
    return "enum";
  case Kind::text:
    return "text";
  case Kind::age:
  case Kind::count:
  case Kind::score:
  case Kind::reasons:
    break;
  }
  unreachable("ages, counts and scores are computed, never columns");
}

std::string_view runtime_bitcode() {
  const auto* begin = reinterpret_cast<const char*>(sanku_runtime_bitcode_begin);
  const auto* end = reinterpret_cast<const char*>(sanku_runtime_bitcode_end);
  return {begin, static_cast<std::size_t>(end - begin)};
}
std::string run_name(std::size_t rule) { return fmt::format("rule_{}_run", rule); }
std::string masks_name(std::size_t rule, std::size_t key) {
  return fmt::format("rule_{}_masks_{}", rule, key);
}

namespace {

std::vector<llvm::Function*> entries_of(const llvm::Module& module, const plan::Rule& planned,
                                        std::size_t rule) {
  std::vector<llvm::Function*> entries{module.getFunction(run_name(rule))};
  for (std::size_t k = 0; k < planned.keys.size(); ++k)
    entries.push_back(
        planned.keys[k].has_header_condition() ? module.getFunction(masks_name(rule, k)) : nullptr);
  return entries;
}

} // namespace

Generated generate(const hir::Program& program, const plan::Plan& plan, llvm::LLVMContext& context,
                   const Options& options) {
  Generated generated;
  generated.module = runtime_module(context);
  const std::vector<llvm::Function*> thunks = thunks_of(*generated.module);
  prepare_bitcode(*generated.module, thunks);
  ModuleEmitter out{.module = *generated.module,
                    .program = program,
                    .constants = generated.constants,
                    .sink_types = generated.sink_types,
                    .sets = generated.sets,
                    .thunks = thunks,
                    .line_relation = schema::line_relation(program.schema).value_or(0),
                    .known_apart = options.known_apart};
  for (std::size_t i = 0; i < program.rules.size(); ++i)
    emit_rule(out, plan.rules[i], static_cast<std::uint32_t>(i));
  std::vector<std::vector<llvm::Function*>> entries;
  for (std::size_t i = 0; i < program.rules.size(); ++i)
    entries.push_back(entries_of(*generated.module, plan.rules[i], i));
  generated.shapes = share(*generated.module, entries, options.share_from);
  drop_tables(*generated.module);
#ifndef NDEBUG
  check(!llvm::verifyModule(*generated.module, &llvm::errs()),
        "the generated module is not well formed");
#endif
  return generated;
}

} // namespace sanku::codegen
