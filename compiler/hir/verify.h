// The invariants of the Hir, in code: what every later pass may rely on. Run after each pass over
// the Hir in debug and test builds.
#pragma once

#include "compiler/hir/hir.h"

#include <string>
#include <vector>

namespace sanku::hir {

// What is wrong, each with the rule's id; empty means that all invariants hold.
//   every call has its kernel's number of arguments, of the kernel's types; results likewise; logic
//   is boolean a constant's variant is its type's; codes and enums point into the schema a binder
//   is below Rule::binders, is declared once, is in scope where it is read, and belongs to the
//   relation it is read as columns, lets, tables, relations and matches exist; a let is read only
//   by later ones a query has a binding; `beyond` stands on one binding over a list or the group;
//   parts come from `beyond` offending and involved lines are fee lines; an amount is money; guards
//   read no match; keys have the kinds that group
[[nodiscard]] std::vector<std::string> verify(const Program& program);

} // namespace sanku::hir
