// What of a rule tests can show: its conditions, the days at which something begins or ends, and
// where parameters stand. Found in the typed tree, so layout and spelling make no difference. What
// the checker adds (lines marked current, what the patient paid alone, which visits lie in a
// window, zones of overlays) is nothing that an author wrote, and no condition here. Entry:
// parts_of. Tested by tests/unit/tools/coverage_test.cpp.
#pragma once

#include "tools/engine/rules.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sanku::measure {

using engine::Rules;

// An atomic condition: a truth that no `and`, `or` and `not` makes of others. Written once, it may
// stand in several places of the tree (a named list, a definition); these are one.
struct Condition {
  source::Span span;
  std::string zh, en;                    // what is written, or the tree in words
  std::vector<const hir::Expr*> exprs;   // in its places
  std::vector<const hir::Guard*> guards; // likewise, of `let r = t[key]` and `with r in t[key]`
  bool can_be_unknown = true;
};

// A day on which something comes into force or ends; the comparisons that ask for it.
struct Edge {
  source::Span span;
  Date day;
  bool begins = true; // else it is the last day
  std::string zh, en; // what begins or ends
  std::vector<const hir::Expr*> exprs;
};

struct Parts {
  std::vector<Condition> conditions; // in the order of the text
  std::vector<Edge> edges;
  // By expression: a comparison, and the parameters' values that stand on its sides; a constant
  // that stands in none.
  std::map<const hir::Expr*, std::vector<hir::Constant::OfParam>> compared, used;
  // Where one of several values of a parameter is chosen by the day or the place; whether the
  // choice is a whole one, not an arm of another.
  std::map<const hir::Expr*, bool> choices;
  bool has_guards = false; // written ones
  // All that an author wrote and an expectation can be about, so not what only messages say: every
  // expression, those that a guard, a branch or a list asks for, and lists.
  std::vector<const hir::Expr*> exprs, clauses;
  std::vector<const hir::Query*> queries;
};

// The program is that of the rules; addresses are of its tree.
[[nodiscard]] Parts parts_of(const Rules& rules, std::uint32_t rule);

// The declaration of a rule.
[[nodiscard]] const ast::Rule& written(const Rules& rules, const hir::Rule& rule);
// Comparisons: `<`, `=` and the like, with two sides.
[[nodiscard]] bool compares(const hir::Expr& expr);

} // namespace sanku::measure
