// See equal.h.
#include "tools/measure/equal.h"

#include "compiler/hir/walk.h"

#include <algorithm>
#include <vector>

namespace sanku::measure {
namespace {

constexpr WhyEqual below_zero{"金额低于零按零计，改动前后的下限都不高于零",
                              "an amount below zero is taken for zero, and neither is above it"};

constexpr WhyEqual behind_known{
    "只在值不明时取用，而同一条件已要求该值已知",
    "it is taken where a value is not known, and the same condition asks that it is known"};

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

const hir::Call* call_of(const hir::Expr& expr, std::string_view name) {
  const auto* call = std::get_if<hir::Call>(&expr.form);
  return call != nullptr && call->builtin->name == name ? call : nullptr;
}

void conjuncts(const hir::Expr& condition, std::vector<const hir::Expr*>& into) {
  const hir::Call* both = call_of(condition, "and");
  if (both == nullptr) {
    into.push_back(&condition);
    return;
  }
  for (const hir::Expr& each : both->arguments)
    conjuncts(each, into);
}

// A named value or a field, twice.
bool same_value(const hir::Expr& a, const hir::Expr& b) {
  const auto *let = std::get_if<hir::LetOf>(&a.form), *other = std::get_if<hir::LetOf>(&b.form);
  if (let != nullptr && other != nullptr)
    return let->let == other->let;
  const auto *field = std::get_if<hir::FieldOf>(&a.form),
             *beside = std::get_if<hir::FieldOf>(&b.form);
  return field != nullptr && beside != nullptr && field->binder == beside->binder &&
         field->relation == beside->relation && field->column == beside->column;
}

// `known x and f(x otherwise 0)`: where x is not known, the whole does not hold, whatever f says.
bool is_behind_known(const hir::Rule& rule, const OtherValue& change) {
  const auto is_it = [&](const hir::Expr& part) {
    return std::get_if<hir::Constant>(&part.form) == change.at;
  };
  return std::ranges::any_of(rule.branches, [&](const hir::Branch& branch) {
    std::vector<const hir::Expr*> all;
    conjuncts(branch.when, all);
    return std::ranges::any_of(all, [&](const hir::Expr* asks) {
      const hir::Call* known = call_of(*asks, "known");
      return known != nullptr && std::ranges::any_of(all, [&](const hir::Expr* other) {
               return hir::any_part(*other, [&](const hir::Expr& part) {
                 const hir::Call* otherwise = call_of(part, "otherwise");
                 return otherwise != nullptr &&
                        same_value(otherwise->arguments[0], known->arguments[0]) &&
                        hir::any_part(otherwise->arguments[1], is_it);
               });
             });
    });
  });
}

template <class Fn> bool all_values(const Mutant& mutant, const Fn& fn) {
  return !mutant.changes.empty() && std::ranges::all_of(mutant.changes, [&](const Change& change) {
    const auto* value = std::get_if<OtherValue>(&change);
    return value != nullptr && fn(*value);
  });
}

} // namespace

std::optional<WhyEqual> equal(const hir::Program& program, const Mutant& mutant) {
  const hir::Rule& rule = program.rules[mutant.rule];
  if (all_values(mutant, [&](const OtherValue& each) { return is_floor_of_amount(rule, each); }))
    return below_zero;
  if (all_values(mutant, [&](const OtherValue& each) { return is_behind_known(rule, each); }))
    return behind_known;
  return std::nullopt;
}

} // namespace sanku::measure
