// Parts of a program (pipeline.h): which rules become an object together, and their functions read
// out of the bitcode of the whole, so that each part has a context of its own and what it does not
// use is never unpacked.
#include "compiler/jit/pipeline.h"
#include "runtime/types/check.h"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/IR/InstIterator.h>

#include <set>

namespace sanku::jit {
namespace {

// The functions that are reached from some of a module, through calls and through addresses.
class Reached {
public:
  void add(llvm::Function& function) {
    if (functions_.insert(&function).second)
      open_.push_back(&function);
  }
  llvm::Error unpack() {
    while (!open_.empty()) {
      llvm::Function& function = *open_.back();
      open_.pop_back();
      if (auto error = function.materialize())
        return error;
      for (const llvm::Instruction& instruction : llvm::instructions(function))
        for (const llvm::Use& operand : instruction.operands())
          look_into(*operand);
    }
    return llvm::Error::success();
  }
  [[nodiscard]] bool has(const llvm::Function& function) const {
    return functions_.contains(&function);
  }

private:
  void look_into(llvm::Value& value) {
    auto* constant = llvm::dyn_cast<llvm::Constant>(&value);
    if (constant == nullptr || !constants_.insert(constant).second)
      return;
    if (auto* function = llvm::dyn_cast<llvm::Function>(constant))
      return add(*function);
    for (const llvm::Use& operand : constant->operands())
      look_into(*operand);
  }

  std::set<const llvm::Function*> functions_;
  std::set<const llvm::Constant*> constants_;
  std::vector<llvm::Function*> open_;
};

} // namespace

std::vector<Part> divide(const std::vector<RuleSize>& sizes,
                         const std::vector<codegen::Shape>& shapes, std::uint64_t size) {
  std::vector<Part> parts;
  std::uint64_t filled = 0;
  for (std::uint32_t rule = 0; rule < sizes.size(); ++rule) {
    if (shapes[rule].rule != rule)
      continue;
    if (parts.empty() || filled + sizes[rule].whole > size) {
      parts.emplace_back(sizes.size());
      filled = 0;
    }
    parts.back()[rule] = true;
    filled += sizes[rule].whole;
  }
  if (parts.empty())
    parts.emplace_back(sizes.size());
  return parts;
}

std::string to_bitcode(const llvm::Module& module) {
  std::string bytes;
  llvm::raw_string_ostream out(bytes);
  llvm::WriteBitcodeToFile(module, out);
  return bytes;
}

llvm::Expected<std::unique_ptr<llvm::Module>> read_part(std::string_view bitcode, const Part& part,
                                                        llvm::LLVMContext& context) {
  auto module = llvm::getLazyBitcodeModule(llvm::MemoryBufferRef(bitcode, "rules"), context);
  if (!module)
    return module;
  Reached reached;
  for (llvm::Function& function : **module)
    if (const std::size_t rule = rule_of(function, part.size());
        rule != part.size() && part[rule] && !function.hasLocalLinkage())
      reached.add(function);
  if (auto error = reached.unpack())
    return error;
  for (llvm::Function& function : llvm::make_early_inc_range(**module)) {
    if (reached.has(function) || function.isDeclaration())
      continue;
    check(function.use_empty(), "what a part does not reach is used by nothing in it");
    function.eraseFromParent();
  }
  if (auto error = (*module)->materializeAll())
    return error;
  return module;
}

} // namespace sanku::jit
