// See nearness.h.
#include "compiler/evaluate/nearness.h"

#include "compiler/evaluate/distance.h"

#include <tuple>

namespace sanku::evaluate {

void Nearness::add(Scope& scope, const hir::Expr& condition) {
  if (scope.truth(condition) == Tri::yes)
    return;
  const auto* call = std::get_if<hir::Call>(&condition.form);
  if (call != nullptr && call->builtin->name == builtins::conjunction) {
    for (const hir::Expr& part : call->arguments)
      add(scope, part);
    return;
  }
  std::optional<Distance> away;
  if (call != nullptr && call->arguments.size() == 2)
    away = distance(call->builtin->symbol, scope.value(call->arguments[0]),
                    scope.value(call->arguments[1]), call->arguments[0].type);
  ++failing_;
  unmeasured_ += !away;
  distance_ = away && failing_ == 1 ? std::optional(away->value) : std::nullopt;
}

void Nearness::add_element(Scope& scope, hir::BinderId binder, hir::RelationId relation) {
  const hir::Subject& subject = scope.rule().subject;
  const bool alike = subject.kind == hir::SubjectKind::element      ? subject.relation == relation
                     : subject.kind == hir::SubjectKind::settlement ? relation == 0
                                                                    : false;
  const Element& own = scope.bound(
      subject.kind == hir::SubjectKind::settlement ? hir::settlement_binder : hir::subject_binder);
  const Element& other = scope.bound(binder);
  itself_ = itself_ || (alike && !other.is_unknown() && !own.is_unknown() && other.row == own.row);
}

bool Nearness::is_nearer(const Nearness& other) const {
  const auto rank = [](const Nearness& of) {
    return std::tuple(of.failing_, of.itself_, of.unmeasured_);
  };
  if (rank(*this) != rank(other))
    return rank(*this) < rank(other);
  return distance_ && other.distance_ && distance_->index() == other.distance_->index() &&
         compare(*distance_, *other.distance_) < 0;
}

} // namespace sanku::evaluate
