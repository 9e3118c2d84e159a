// How large functions become once those that vanish into their callers have done so, counted before
// it is done, and what is too large (pipeline.h).
#include "compiler/jit/pipeline.h"
#include "runtime/types/check.h"

#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace sanku::jit {
namespace {

constexpr std::uint64_t most = std::uint64_t{1} << 40;

class Sizes {
public:
  // With all that vanishes into it.
  std::uint64_t of(const llvm::Function& function) {
    const auto [at, is_new] = sizes_.try_emplace(&function, 0);
    if (!is_new)
      return at->second;
    std::uint64_t size = 0;
    for (const llvm::Instruction& instruction : llvm::instructions(function)) {
      ++size;
      const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
      const llvm::Function* callee = call != nullptr ? call->getCalledFunction() : nullptr;
      if (callee != nullptr && callee->hasFnAttribute(llvm::Attribute::AlwaysInline))
        size += of(*callee);
    }
    return sizes_[&function] = std::min(size, most);
  }

private:
  std::map<const llvm::Function*, std::uint64_t> sizes_;
};

void leave_alone(llvm::Function& function) {
  for (const auto attribute :
       {llvm::Attribute::AlwaysInline, llvm::Attribute::OptimizeForSize, llvm::Attribute::MinSize})
    function.removeFnAttr(attribute);
  function.addFnAttr(llvm::Attribute::NoInline);
  function.addFnAttr(llvm::Attribute::OptimizeNone);
}

} // namespace

std::size_t rule_of(const llvm::Function& function, std::size_t rules) {
  llvm::StringRef name = function.getName();
  std::size_t rule = rules;
  if (!function.isDeclaration() && name.consume_front("rule_"))
    (void)std::from_chars(name.begin(), name.end(), rule);
  return rule;
}

std::vector<RuleSize> rule_sizes(const llvm::Module& module, std::size_t rules) {
  Sizes sizes;
  std::vector<RuleSize> by_rule(rules);
  for (const llvm::Function& function : module) {
    const std::size_t rule = rule_of(function, rules);
    if (rule == rules || function.hasFnAttribute(llvm::Attribute::AlwaysInline))
      continue;
    by_rule[rule].largest = std::max(by_rule[rule].largest, sizes.of(function));
    by_rule[rule].whole += sizes.of(function);
  }
  return by_rule;
}

std::vector<std::uint32_t> keep_within(llvm::Module& module, const std::vector<RuleSize>& sizes,
                                       const Limits& limits) {
  const std::size_t rules = sizes.size();
  std::vector<std::uint32_t> order(rules);
  for (std::uint32_t rule = 0; rule < rules; ++rule)
    order[rule] = rule;
  std::ranges::stable_sort(order, {}, [&](std::uint32_t rule) { return sizes[rule].whole; });
  std::vector<bool> out(rules);
  std::uint64_t sum = 0;
  for (const std::uint32_t rule : order) {
    sum += sizes[rule].whole;
    out[rule] = sizes[rule].largest > limits.function || sum > limits.program;
    if (out[rule])
      sum -= sizes[rule].whole;
  }
  for (llvm::Function& function : module)
    if (const std::size_t rule = rule_of(function, rules); rule != rules && out[rule])
      leave_alone(function);
  std::vector<std::uint32_t> too_large;
  for (std::uint32_t rule = 0; rule < rules; ++rule)
    if (out[rule])
      too_large.push_back(rule);
  return too_large;
}

} // namespace sanku::jit
