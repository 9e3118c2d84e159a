// See share.h. Two rules are of one shape when walking both from their entry points in step finds
// the same operations on the same values everywhere, but for numbers handed to functions.
#include "compiler/codegen/share.h"

#include "runtime/types/check.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>

#include <algorithm>
#include <map>
#include <utility>

namespace sanku::codegen {
namespace {

using Entries = std::vector<llvm::Function*>;

// A generated function; those of the runtime's bitcode are the same for all rules.
bool is_own(const llvm::Function& function) {
  return !function.isDeclaration() && function.getName().starts_with("rule_");
}

// Whether a number there can be a parameter as well.
bool can_be_parameter(const llvm::Instruction& user, unsigned operand) {
  const auto* call = llvm::dyn_cast<llvm::CallBase>(&user);
  return call != nullptr && !llvm::isa<llvm::IntrinsicInst>(call) && operand < call->arg_size() &&
         call->getCalledFunction() != nullptr &&
         call->getArgOperand(operand)->getType()->isIntegerTy() &&
         call->getArgOperand(operand)->getType()->getIntegerBitWidth() <= 64;
}

// Where a number of the first of two rules stands.
struct Place {
  llvm::Instruction* user;
  unsigned operand;
};

class Walk {
public:
  std::vector<Place> places;          // in the first
  std::vector<std::uint64_t> numbers; // of the second, by place

  bool same(const Entries& first, const Entries& second) {
    if (first.size() != second.size())
      return false;
    for (std::size_t i = 0; i < first.size(); ++i)
      if ((first[i] == nullptr) != (second[i] == nullptr) ||
          (first[i] != nullptr && !pair(*first[i], *second[i])))
        return false;
    // `open_` grows while it is walked.
    for (std::size_t at = 0; at < open_.size(); ++at)
      if (!same_function(*open_[at].first, *open_[at].second))
        return false;
    return true;
  }

private:
  bool pair(llvm::Function& first, llvm::Function& second) {
    const auto [at, is_new] = twins_.try_emplace(&first, &second);
    if (is_new)
      open_.emplace_back(&first, &second);
    return at->second == &second;
  }

  bool same_function(llvm::Function& first, llvm::Function& second) {
    if (first.getFunctionType() != second.getFunctionType() ||
        first.getAttributes() != second.getAttributes() ||
        first.getCallingConv() != second.getCallingConv() || first.size() != second.size())
      return false;
    for (unsigned i = 0; i < first.arg_size(); ++i)
      twins_[first.getArg(i)] = second.getArg(i);
    for (auto a = first.begin(), b = second.begin(); a != first.end(); ++a, ++b) {
      if (a->size() != b->size())
        return false;
      twins_[&*a] = &*b;
      for (auto x = a->begin(), y = b->begin(); x != a->end(); ++x, ++y)
        twins_[&*x] = &*y;
    }
    for (auto a = llvm::inst_begin(first), b = llvm::inst_begin(second); a != llvm::inst_end(first);
         ++a, ++b)
      if (!same_instruction(*a, *b))
        return false;
    return true;
  }

  bool same_instruction(llvm::Instruction& first, const llvm::Instruction& second) {
    if (!first.isSameOperationAs(&second) || !first.hasSameSubclassOptionalData(&second) ||
        !same_metadata(first, second))
      return false;
    for (unsigned i = 0; i < first.getNumOperands(); ++i)
      if (!same_operand(first, second, i))
        return false;
    if (const auto* merge = llvm::dyn_cast<llvm::PHINode>(&first))
      for (unsigned i = 0; i < merge->getNumIncomingValues(); ++i)
        if (twins_.lookup(merge->getIncomingBlock(i)) !=
            llvm::cast<llvm::PHINode>(second).getIncomingBlock(i))
          return false;
    return true;
  }

  // A loop's own marks are distinct nodes, in each copy of a skeleton others.
  static bool same_metadata(const llvm::Instruction& first, const llvm::Instruction& second) {
    llvm::SmallVector<std::pair<unsigned, llvm::MDNode*>, 4> a, b;
    first.getAllMetadata(a);
    second.getAllMetadata(b);
    const auto own = [](const auto& entry) { return entry.first == llvm::LLVMContext::MD_loop; };
    llvm::erase_if(a, own);
    llvm::erase_if(b, own);
    return a == b;
  }

  bool same_operand(llvm::Instruction& first, const llvm::Instruction& second, unsigned i) {
    llvm::Value* a = first.getOperand(i);
    llvm::Value* b = second.getOperand(i);
    const auto* number = llvm::dyn_cast<llvm::ConstantInt>(b);
    if (number != nullptr && llvm::isa<llvm::ConstantInt>(a) && can_be_parameter(first, i)) {
      places.push_back({&first, i});
      numbers.push_back(number->getZExtValue());
      return true;
    }
    auto* called = llvm::dyn_cast<llvm::Function>(a);
    if (called != nullptr && is_own(*called)) {
      auto* other = llvm::dyn_cast<llvm::Function>(b);
      return other != nullptr && is_own(*other) && pair(*called, *other);
    }
    if (llvm::isa<llvm::Constant>(a) || llvm::isa<llvm::MetadataAsValue>(a))
      return a == b;
    return twins_.lookup(a) == b;
  }

  llvm::DenseMap<const llvm::Value*, const llvm::Value*> twins_; // of the first, in the second
  std::vector<std::pair<llvm::Function*, llvm::Function*>> open_;
};

// A number that differs where the shape differs, nearly always; found in one walk.
std::uint64_t mark_of(const Entries& entries) {
  std::uint64_t mark = entries.size();
  llvm::DenseMap<const llvm::Function*, bool> seen;
  Entries open;
  for (llvm::Function* entry : entries)
    if (entry != nullptr)
      open.push_back(entry);
  for (std::size_t at = 0; at < open.size(); ++at)
    for (llvm::Instruction& instruction : llvm::instructions(*open[at])) {
      mark = (mark ^ instruction.getOpcode()) * 0x100000001b3u;
      for (llvm::Use& operand : instruction.operands())
        if (auto* function = llvm::dyn_cast<llvm::Function>(operand.get());
            function != nullptr && is_own(*function) && seen.try_emplace(function, true).second)
          open.push_back(function);
    }
  return mark;
}

struct Class {
  std::vector<std::uint32_t> rules; // the first is whose functions are kept
  std::vector<Place> places;
  std::vector<std::vector<std::uint64_t>> numbers; // by rule, by place
};

std::vector<Class> classes_of(std::span<const Entries> entries) {
  std::vector<Class> classes;
  std::map<std::uint64_t, std::vector<std::size_t>> by_mark;
  for (std::uint32_t rule = 0; rule < entries.size(); ++rule) {
    std::vector<std::size_t>& alike = by_mark[mark_of(entries[rule])];
    bool found = false;
    for (std::size_t i = 0; i < alike.size() && !found; ++i) {
      Class& known = classes[alike[i]];
      Walk walk;
      found = walk.same(entries[known.rules.front()], entries[rule]);
      if (!found)
        continue;
      known.rules.push_back(rule);
      known.numbers.push_back(std::move(walk.numbers));
    }
    if (found)
      continue;
    Walk walk;
    check(walk.same(entries[rule], entries[rule]), "a rule is of its own shape");
    alike.push_back(classes.size());
    classes.push_back({{rule}, std::move(walk.places), {std::move(walk.numbers)}});
  }
  return classes;
}

// Numbers that differ between rules in the same way are one parameter.
class Parameters {
public:
  explicit Parameters(llvm::Module& module) : read_(module.getFunction("sanku_parameter")) {
    check(read_ != nullptr, "the bitcode reads no parameters");
    // Neither the array nor what stands in it changes while code runs: read once, before the loops.
    llvm::MDNode* nothing = llvm::MDNode::get(module.getContext(), {});
    for (llvm::Instruction& instruction : llvm::instructions(*read_))
      if (llvm::isa<llvm::LoadInst>(instruction))
        instruction.setMetadata(llvm::LLVMContext::MD_invariant_load, nothing);
  }

  void lift(const Class& shared, std::vector<Shape>& shapes) {
    std::map<std::vector<std::uint64_t>, std::uint32_t> slots;
    for (std::size_t place = 0; place < shared.places.size(); ++place) {
      std::vector<std::uint64_t> column;
      for (const auto& numbers : shared.numbers)
        column.push_back(numbers[place]);
      if (std::ranges::count(column, column.front()) == std::ssize(column))
        continue;
      const auto [at, is_new] = slots.try_emplace(column, static_cast<std::uint32_t>(slots.size()));
      if (is_new)
        for (std::size_t i = 0; i < column.size(); ++i)
          shapes[shared.rules[i]].parameters.push_back(column[i]);
      replace(shared.places[place], at->second);
    }
  }

private:
  void replace(const Place& place, std::uint32_t slot) {
    llvm::Function& function = *place.user->getFunction();
    llvm::Value*& value = values_[{&function, slot}];
    llvm::BasicBlock& entry = function.getEntryBlock();
    llvm::IRBuilder<> builder(&entry, entry.getFirstNonPHIOrDbgOrAlloca());
    if (value == nullptr) {
      check(function.arg_size() > 0 && function.getArg(0)->getType()->isPointerTy(),
            "a generated function begins with the frame");
      value = builder.CreateCall(read_, {function.getArg(0), builder.getInt32(slot)});
    } else {
      builder.SetInsertPoint(llvm::cast<llvm::Instruction>(value)->getNextNode());
    }
    llvm::Type* type = place.user->getOperand(place.operand)->getType();
    place.user->setOperand(place.operand, builder.CreateTrunc(value, type));
  }

  llvm::Function* read_;
  std::map<std::pair<llvm::Function*, std::uint32_t>, llvm::Value*> values_;
};

} // namespace

std::vector<Shape> share(llvm::Module& module, std::span<const Entries> entries,
                         std::uint32_t from) {
  std::vector<Shape> shapes(entries.size());
  for (std::uint32_t rule = 0; rule < entries.size(); ++rule)
    shapes[rule].rule = rule;
  Parameters parameters(module);
  for (const Class& shared : classes_of(entries)) {
    if (shared.rules.size() < from)
      continue;
    for (const std::uint32_t rule : shared.rules)
      shapes[rule].rule = shared.rules.front();
    for (std::size_t i = 1; i < shared.rules.size(); ++i)
      for (llvm::Function* entry : entries[shared.rules[i]])
        if (entry != nullptr)
          entry->setLinkage(llvm::GlobalValue::InternalLinkage);
    parameters.lift(shared, shapes);
  }
  return shapes;
}

} // namespace sanku::codegen
