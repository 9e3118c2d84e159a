// Copies of expressions and queries. Every binder declared inside the copied tree gets a fresh slot
// of the rule, so that a named query can stand in several places; binders from outside stay, unless
// `renamed` says otherwise.
#pragma once

#include "compiler/hir/hir.h"

#include <map>
#include <string>

namespace sanku::hir {

using Renamed = std::map<BinderId, BinderId>;

BinderId fresh_binder(Rule& rule, RelationId relation, std::string name);

[[nodiscard]] Expr copy(const Expr& expr, Rule& rule, Renamed& renamed);
[[nodiscard]] Query copy(const Query& query, Rule& rule, Renamed& renamed);

// How many nodes a tree has; what copying it costs.
[[nodiscard]] std::size_t node_count(const Expr& expr);
[[nodiscard]] std::size_t node_count(const Query& query);

} // namespace sanku::hir
