// Whether an expression reads nothing but the header and one row, so that it can be decided once a
// visit and row, and which code generation has to know of it. Tested by
// tests/unit/compiler/plan_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <cstdint>
#include <variant>
#include <vector>

namespace sanku::plan {

// Whether a condition is false because a fold of `empty` is over nothing, whatever else it asks.
[[nodiscard]] inline bool is_false_of(const std::vector<const hir::Fold*>& empty,
                                      const hir::Expr& expr) {
  if (const auto* fold = std::get_if<hir::Fold>(&expr.form))
    return fold->kind == hir::FoldKind::any && std::ranges::find(empty, fold) != empty.end();
  const auto* call = std::get_if<hir::Call>(&expr.form);
  return call != nullptr && call->builtin->name == builtins::conjunction &&
         std::ranges::any_of(call->arguments,
                             [&](const hir::Expr& part) { return is_false_of(empty, part); });
}

struct HeaderCheck {
  const hir::Rule& rule;
  hir::BinderId row;
  std::vector<std::uint32_t>& columns;        // of the row, what is read is added
  const std::vector<const hir::Fold*>& empty; // folds that are over nothing
  // Whether texts may be searched, which for every visit costs more than for the few subjects that
  // a key leaves.
  bool searches = true;

  bool operator()(const hir::Expr& expr) const {
    return std::visit(
        match{
            [](const hir::Constant&) { return true; },
            [&](const hir::FieldOf& field) { return reads(field); },
            [&](const hir::LetOf& let) { return (*this)(rule.lets[let.let].value); },
            [&](const hir::Call& call) {
              if (is_false_of(empty, expr))
                return true;
              return (searches || call.builtin->name != "contains") &&
                     std::ranges::all_of(call.arguments, *this);
            },
            [](const hir::InTable&) { return false; },
            [&](const hir::CodeTextOf& text) { return (*this)(*text.code); },
            [&](const hir::EmptyCell& cell) { return reads({cell.binder, 0, cell.column}); },
            [](const hir::Ask&) { return false; },
            [](const hir::Earlier&) { return false; },
            [](const hir::OfVisit&) { return false; },
            [](const hir::PeersOf&) { return false; },
            // Cheaper conditions go first.
            [](const hir::ScoreOf&) { return false; },
            [](const hir::ReasonsOf&) { return false; },
            [&](const hir::Fold& fold) { return std::ranges::find(empty, &fold) != empty.end(); },
        },
        expr.form);
  }

private:
  bool reads(const hir::FieldOf& field) const {
    if (field.binder == hir::settlement_binder)
      return true;
    if (row == 0 || field.binder != row)
      return false;
    if (std::ranges::find(columns, field.column) == columns.end())
      columns.push_back(field.column);
    return true;
  }
};

} // namespace sanku::plan
