// How near an element or a match that does not satisfy a rule comes to doing so: of several, which
// one `explain` shows. Entry: Nearness. Tested by tests/unit/compiler/evaluate_trace_test.cpp.
#pragma once

#include "compiler/evaluate/scope.h"

#include <compare>
#include <optional>

namespace sanku::evaluate {

// Of the conditions on what is bound in the scope at that moment: fewer that do not hold are
// nearer; then any other element than the subject itself, of which `a != b` never holds; then what
// is a distance away, by that.
class Nearness {
public:
  void add(Scope& scope, const hir::Expr& condition);
  // What a binder of `relation` stands on.
  void add_element(Scope& scope, hir::BinderId binder, hir::RelationId relation);

  [[nodiscard]] bool is_nearer(const Nearness& other) const;

private:
  int failing_ = 0;
  bool itself_ = false;
  int unmeasured_ = 0;
  std::optional<Value> distance_; // of the only condition that does not hold
};

} // namespace sanku::evaluate
