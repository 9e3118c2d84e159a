// Subjects, guards and branches (judge.h). What a branch reports is in fire.cpp.
#include "compiler/evaluate/judge.h"

#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>

namespace sanku::evaluate {
namespace {

// A group under way: its elements, and the row by which the first of them entered.
struct Members {
  std::vector<std::uint32_t> rows;
  Element entered;
};

// Which group an element with a code of several candidates belongs to nobody knows.
Value settled(Value key) { return is_undecided(key) ? Value(Unknown{}) : std::move(key); }

std::vector<Subject> groups(Rows& rows, const hir::Rule& rule) {
  std::map<std::vector<Value>, Members, ValueLess> members;
  Scope scope(rows, rule);
  for (const std::uint32_t row : rows.children(rule.subject.relation)) {
    scope.bind(hir::subject_binder, Element{.row = row});
    const auto enter_group = [&](const Element& entered) {
      std::vector<Value> keys;
      for (const hir::GroupKey& key : rule.subject.keys)
        keys.push_back(settled(scope.value(key.value)));
      Members& group = members[keys];
      if (group.rows.empty())
        group.entered = entered;
      if (group.rows.empty() || group.rows.back() != row)
        group.rows.push_back(row);
    };
    if (!rule.subject.entering) {
      enter_group(Element{});
      continue;
    }
    const hir::Binding& entering = rule.subject.entering->binding;
    for (const Kept& kept : scope.elements(entering)) {
      scope.bind(entering.binder, kept.element);
      enter_group(kept.element);
    }
    scope.bind(entering.binder, Element{});
  }
  std::vector<Subject> result;
  for (auto& [keys, group] : members) {
    Subject subject{.row = group.rows.front(),
                    .group = group.rows,
                    .keys = keys,
                    .incomplete = false,
                    .entered = group.entered};
    for (const Value& key : keys)
      subject.incomplete |= !is_known(key);
    result.push_back(std::move(subject));
  }
  return result;
}

Tri found(const std::optional<std::vector<std::uint32_t>>& rows) {
  return !rows ? Tri::unknown : rows->empty() ? Tri::no : Tri::yes;
}

Tri row_guard(Scope& scope, const hir::RowGuard& guard) {
  const auto rows = scope.rows_of(guard.table, guard.key, guard.at);
  Element row;
  if (rows && !rows->empty())
    row.row = rows->front();
  scope.bind(guard.binder, row);
  return found(rows);
}

Tri match_guard(Scope& scope, const hir::MatchGuard& guard) {
  const hir::Binding& binding = scope.rule().matches[guard.match].binding;
  const auto* source = std::get_if<hir::RowsSource>(&binding.source);
  check(source != nullptr, "a match guard over something that is not a table");
  return scope.has_row(source->table, *source->key, source->at);
}

} // namespace

std::vector<Subject> subjects(Rows& rows, const hir::Rule& rule) {
  std::vector<Subject> result;
  switch (rule.subject.kind) {
  case hir::SubjectKind::settlement:
    result.push_back(Subject{
        .row = rows.settlement(), .group = {}, .keys = {}, .incomplete = false, .entered = {}});
    break;
  case hir::SubjectKind::element:
    for (const std::uint32_t row : rows.children(rule.subject.relation)) {
      result.push_back(
          Subject{.row = row, .group = {}, .keys = {}, .incomplete = false, .entered = {}});
    }
    break;
  case hir::SubjectKind::group:
    result = groups(rows, rule);
    break;
  }
  // Groups that begin with the same element stay in the order of their keys.
  std::stable_sort(result.begin(), result.end(),
                   [](const Subject& a, const Subject& b) { return a.row < b.row; });
  for (Subject& subject : result)
    subject.settlement = rows.settlement();
  return result;
}

void enter(Scope& scope, const Subject& subject) {
  for (hir::BinderId binder = 0; binder < scope.rule().binders; ++binder)
    scope.bind(binder, Element{});
  scope.bind(hir::settlement_binder, Element{.row = scope.rows().settlement()});
  scope.bind(hir::subject_binder, Element{.row = subject.row});
  scope.set_group(subject.group);
  if (scope.rule().subject.entering)
    scope.bind(scope.rule().subject.entering->binding.binder, subject.entered);
}

std::optional<std::uint32_t> heavy_of(Scope& scope, const hir::Guard& guard) {
  const auto at = static_cast<std::size_t>(&guard - scope.rule().guards.data());
  return scope.rows().steps(scope.rule()).guards[at].heavy;
}
std::optional<std::uint32_t> heavy_of(Scope& scope, const hir::Branch& branch) {
  const auto at = static_cast<std::size_t>(&branch - scope.rule().branches.data());
  return scope.rows().steps(scope.rule()).branches[at].heavy;
}

bool is_too_much(Scope& scope, const std::optional<std::uint32_t>& heavy) {
  if (!heavy)
    return false;
  const exec::Steps& steps = scope.rows().steps(scope.rule()).heavy[*heavy];
  return exec::count(steps, [&](const exec::Factor& factor) { return scope.length(factor); }) >
         scope.program().budget;
}

Tri guard(Scope& scope, const hir::Guard& guard) {
  if (is_too_much(scope, heavy_of(scope, guard)))
    return Tri::unknown;
  Tri truth =
      std::visit(match{
                     [&](const hir::ConditionGuard& form) { return scope.truth(form.condition); },
                     [&](const hir::RowGuard& form) { return row_guard(scope, form); },
                     [&](const hir::MatchGuard& form) { return match_guard(scope, form); },
                 },
                 guard);
  const Observer* observer = scope.rows().input().observer;
  if (observer != nullptr && observer->guard)
    observer->guard(guard, truth);
  return truth;
}

Tri holds(Scope& scope, const hir::Branch& branch) {
  const Tri when = scope.truth(branch.when);
  return branch.report.stands ? tri_and(when, scope.truth(*branch.report.stands)) : when;
}

Tri branch(Scope& scope, const hir::Branch& branch) {
  if (is_too_much(scope, heavy_of(scope, branch)))
    return Tri::unknown;
  if (scope.rule().matches.empty())
    return holds(scope, branch);
  Tri any = Tri::no;
  scope.each_match([&](Tri keep) { any = tri_or(any, tri_and(keep, holds(scope, branch))); });
  return any;
}

} // namespace sanku::evaluate
