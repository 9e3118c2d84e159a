// See equal.h.
#include "tools/measure/equal.h"

#include <algorithm>

namespace sanku::measure {
namespace {

constexpr WhyEqual below_zero{"金额低于零按零计，改动前后的下限都不高于零",
                              "an amount below zero is taken for zero, and neither is above it"};

bool is_above_zero(const Value& value) {
  if (const auto* whole = std::get_if<Integer>(&value))
    return whole->value > 0;
  const auto* decimal = std::get_if<Decimal>(&value);
  return decimal == nullptr || decimal->units > 0;
}

// Whether the constant is the least that the amount can be: the amount itself, or a side of the
// larger of two. A conversion has one argument and keeps the sign.
bool is_floor(const hir::Expr& amount, const hir::Constant* constant) {
  if (const auto* own = std::get_if<hir::Constant>(&amount.form))
    return own == constant;
  const auto* call = std::get_if<hir::Call>(&amount.form);
  if (call == nullptr)
    return false;
  const builtins::Builtin& builtin = *call->builtin;
  const bool converts = builtin.name == "rescale" || builtin.name == "widen_integer";
  if (converts)
    return is_floor(call->arguments.front(), constant);
  return builtin.name == "larger" &&
         std::ranges::any_of(call->arguments, [&](const hir::Expr& argument) {
           return is_floor(argument, constant);
         });
}

// `amount 0 yuan` and `amount -1 yuan`; `amount larger(0 yuan, x)` and `amount larger(-1 yuan, x)`.
bool is_floor_of_amount(const hir::Rule& rule, const OtherValue& change) {
  if (is_above_zero(change.at->value) || is_above_zero(change.other))
    return false;
  const auto is_of = [&](const hir::Report& report) {
    const auto* amount = std::get_if<hir::AmountExpr>(&report.amount);
    return amount != nullptr && is_floor(amount->value, change.at);
  };
  return std::ranges::any_of(rule.branches,
                             [&](const hir::Branch& branch) { return is_of(branch.report); }) ||
         (rule.when_unknown && is_of(*rule.when_unknown));
}

} // namespace

std::optional<WhyEqual> equal(const hir::Program& program, const Mutant& mutant) {
  const hir::Rule& rule = program.rules[mutant.rule];
  const bool floors = std::ranges::all_of(mutant.changes, [&](const Change& change) {
    const auto* value = std::get_if<OtherValue>(&change);
    return value != nullptr && is_floor_of_amount(rule, *value);
  });
  if (floors && !mutant.changes.empty())
    return below_zero;
  return std::nullopt;
}

} // namespace sanku::measure
