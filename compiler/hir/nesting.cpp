// Definitions that use definitions. How deep they stand on one another is counted before anything
// is put in place, so that a chain costs no stack and is told once, where it becomes too long; and
// the order in which they are checked has each behind those that it uses, so that what it comes to
// is known by adding. Entries: functions_in_order, may_nest, may_expand. Tested by
// tests/unit/compiler/nesting_test.cpp.
#include "compiler/ast/walk.h"
#include "compiler/hir/scope.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <utility>

namespace sanku::hir {
namespace {

using diag::report;

// The definitions that a body calls, as its layer sees them.
std::vector<std::uint32_t> used_by(const Declarations& pack, const NamedFunction& function) {
  const NameMap& names = pack.visible[function.layer].function_names;
  std::vector<std::uint32_t> used;
  const auto look = [&](const ast::Expr& expr) {
    if (const auto* call = std::get_if<ast::Call>(&expr.form))
      if (const auto named = names.find(call->function.text); named != names.end())
        used.push_back(named->second);
  };
  const auto maybe = [&](const ast::ExprPtr& expr) {
    if (expr)
      ast::for_each_part(*expr, look);
  };
  std::visit(match{
                 [&](const ast::Define* define) { maybe(define->body); },
                 [&](const ast::Decide* decide) {
                   for (const ast::Arm& arm : decide->rows.arms)
                     maybe(arm.when), maybe(arm.take);
                   maybe(decide->rows.otherwise);
                 },
                 [&](const NamedModel& model) { ast::for_each_part(*model.written, look); },
             },
             function.form);
  return used;
}

// A definition whose uses are being gone through.
struct Open {
  std::uint32_t number;
  std::vector<std::uint32_t> uses;
  std::size_t at = 0;
};

// All that it uses is done, but for what a circle leads back to, which is told elsewhere.
void close(Declarations& pack, const Open& open, diag::Diagnostics& diagnostics) {
  NamedFunction& function = pack.functions[open.number];
  std::size_t deepest = 0;
  for (const std::uint32_t used : open.uses) {
    deepest = std::max(deepest, pack.functions[used].depth);
    function.is_too_far = function.is_too_far || pack.functions[used].is_too_far;
  }
  function.depth = deepest + 1;
  if (function.is_too_far || function.depth <= most_uses)
    return;
  function.is_too_far = true;
  const ast::Name& name = function.names().first;
  report<"nested_too_deep">(diagnostics, name.span, name.text, most_uses);
}

} // namespace

std::vector<std::uint32_t> functions_in_order(Declarations& pack, diag::Diagnostics& diagnostics) {
  std::vector<std::uint32_t> order;
  std::vector<bool> seen(pack.functions.size());
  std::vector<Open> open; // each used by the one before: no recursion, chains may be long
  const auto begin = [&](std::uint32_t number) {
    if (seen[number])
      return;
    seen[number] = true;
    open.push_back({.number = number, .uses = used_by(pack, pack.functions[number])});
  };
  for (std::uint32_t number = 0; number < pack.functions.size(); ++number) {
    begin(number);
    while (!open.empty()) {
      if (Open& last = open.back(); last.at < last.uses.size()) {
        begin(last.uses[last.at++]);
        continue;
      }
      close(pack, open.back(), diagnostics);
      order.push_back(open.back().number);
      open.pop_back();
    }
  }
  return order;
}

bool may_nest(Scope& scope, const ast::Name& name, Span at) {
  if (scope.calling.size() + scope.inlining.size() < most_uses && scope.levels < most_levels)
    return true;
  if (!std::exchange(scope.overflowed, true))
    report<"nested_too_deep">(scope.diagnostics, place(scope, at), name.text, most_uses);
  return false;
}

bool may_expand(Scope& scope, const NamedFunction& function) {
  if (function.is_too_far) {
    scope.overflowed = true; // which was told where it stands, not again with all that use it
    return false;
  }
  if (scope.written_out + function.size <= most_written_out)
    return true;
  scope.written_out = most_written_out + 1; // nothing more has room
  if (!std::exchange(scope.overflowed, true))
    report<"expands_too_far">(scope.diagnostics, scope.rule.span, most_written_out);
  return false;
}

} // namespace sanku::hir
