// See same_value.h: one walk over the rule, outer loops before inner ones.
#include "compiler/analysis/same_value.h"

#include "compiler/hir/walk.h"

#include <optional>
#include <span>

namespace sanku::analysis {
namespace {

using exec::Factor;
using exec::Length;

// What a binder ranges over, where it is known how many elements that has: a list of the visit, or
// a group of the population.
enum class Extent : std::uint8_t { other, list, group };

// How surely a comparison leaves few elements; 0: it serves no look-up.
int selectivity(Kind kind) {
  switch (kind) {
  case Kind::text:
  case Kind::code:
    return 3;
  case Kind::decimal:
  case Kind::money:
    return 2;
  case Kind::integer:
  case Kind::date:
  case Kind::datetime:
    return 1;
  default:
    return 0;
  }
}

class Walk {
public:
  explicit Walk(const hir::Rule& rule) : rule_(rule) {
    if (rule.subject.kind == hir::SubjectKind::element)
      extents_[hir::subject_binder] = Extent::list;
  }

  SameValues found() {
    for (const hir::Match& match : rule_.matches)
      bind(match.binding, match.where);
    hir::for_each_child(rule_, [&](const auto& child) { walk(child); });
    return std::move(found_);
  }

private:
  void walk(const hir::Expr& expr) {
    hir::for_each_child(expr, [&](const auto& child) { walk(child); });
  }
  void walk(const hir::Query& query) {
    for (const hir::Binding& binding : query.from)
      bind(binding, query.where);
    hir::for_each_child(query, [&](const auto& child) { walk(child); });
  }

  // The first time, when what is bound behind it in the same query is not known yet.
  void bind(const hir::Binding& binding, std::span<const hir::Expr> where) {
    if (extents_.contains(binding.binder))
      return;
    const Extent extent = extent_of(binding);
    extents_[binding.binder] = extent;
    if (extent != Extent::other)
      for (const hir::Expr& condition : where)
        conjunct(binding, extent, condition);
    // What is left of its elements nobody knows before.
    if (found_.contains(binding.binder))
      extents_[binding.binder] = Extent::other;
  }

  Extent extent_of(const hir::Binding& binding) {
    if (const auto* list = std::get_if<hir::ListSource>(&binding.source))
      return list->owner == hir::settlement_binder && !rule_.subject.across ? Extent::list
                                                                            : Extent::other;
    if (std::holds_alternative<hir::GroupSource>(binding.source))
      return rule_.subject.across ? Extent::group : Extent::other;
    const auto* lines = std::get_if<hir::LinesSource>(&binding.source);
    if (lines == nullptr || !std::holds_alternative<std::monostate>(lines->lines->beyond))
      return Extent::other;
    walk(*lines->lines);
    return extents_[lines->lines->from.front().binder];
  }

  void conjunct(const hir::Binding& binding, Extent extent, const hir::Expr& condition) {
    const auto* call = std::get_if<hir::Call>(&condition.form);
    if (call == nullptr)
      return;
    if (call->builtin->name == builtins::conjunction) {
      for (const hir::Expr& part : call->arguments)
        conjunct(binding, extent, part);
      return;
    }
    if (call->builtin->name != builtins::equality)
      return;
    for (const bool left : {true, false}) {
      const hir::Expr& own = call->arguments[left ? 0 : 1];
      const hir::Expr& other = call->arguments[left ? 1 : 0];
      offer(binding, extent, own, other);
    }
  }

  void offer(const hir::Binding& binding, Extent extent, const hir::Expr& own,
             const hir::Expr& other) {
    const auto* column = std::get_if<hir::FieldOf>(&own.form);
    const auto* by = std::get_if<hir::FieldOf>(&other.form);
    const int weight = selectivity(own.type.kind);
    if (column == nullptr || by == nullptr || column->binder != binding.binder ||
        by->binder == binding.binder || weight == 0 || !(own.type == other.type) ||
        !counts(extent, by->binder))
      return;
    int& best = weights_[binding.binder];
    if (weight <= best)
      return;
    best = weight;
    const Length length = extent == Extent::group ? Length::same_in_group : Length::same;
    found_[binding.binder] = {
        .of = {length, column->relation, column->column, by->relation, by->column},
        .by = by->binder};
  }
  // Whether that stands outside of the loop on an element of the same visit or group.
  bool counts(Extent extent, hir::BinderId by) const {
    const auto known = extents_.find(by);
    return known != extents_.end() && known->second == extent;
  }

  const hir::Rule& rule_;
  std::map<hir::BinderId, Extent> extents_;
  std::map<hir::BinderId, int> weights_; // of what was found
  SameValues found_;
};

} // namespace

SameValues same_values(const hir::Rule& rule) { return Walk(rule).found(); }

} // namespace sanku::analysis
