// Subjects, guards and branches (judge.h). What a branch reports is in fire.cpp.
#include "compiler/evaluate/judge.h"

#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>

namespace sanku::evaluate {
namespace {

std::vector<Subject> groups(Rows& rows, const hir::Rule& rule) {
  std::map<std::vector<Value>, std::vector<std::uint32_t>, ValueLess> members;
  Scope scope(rows, rule);
  for (const std::uint32_t row : rows.children(rule.subject.relation)) {
    scope.bind(hir::subject_binder, Element{.row = row});
    std::vector<Value> keys;
    for (const hir::GroupKey& key : rule.subject.keys)
      keys.push_back(scope.value(key.value));
    members[keys].push_back(row);
  }
  std::vector<Subject> result;
  for (auto& [keys, group] : members) {
    Subject subject{.row = group.front(), .group = group, .keys = keys, .incomplete = false};
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
  return found(scope.rows_of(source->table, *source->key, source->at));
}

} // namespace

std::vector<Subject> subjects(Rows& rows, const hir::Rule& rule) {
  std::vector<Subject> result;
  switch (rule.subject.kind) {
  case hir::SubjectKind::settlement:
    result.push_back(
        Subject{.row = rows.settlement(), .group = {}, .keys = {}, .incomplete = false});
    break;
  case hir::SubjectKind::element:
    for (const std::uint32_t row : rows.children(rule.subject.relation)) {
      result.push_back(Subject{.row = row, .group = {}, .keys = {}, .incomplete = false});
    }
    break;
  case hir::SubjectKind::group:
    result = groups(rows, rule);
    break;
  }
  std::sort(result.begin(), result.end(),
            [](const Subject& a, const Subject& b) { return a.row < b.row; });
  return result;
}

void enter(Scope& scope, const Subject& subject) {
  for (hir::BinderId binder = 0; binder < scope.rule().binders; ++binder)
    scope.bind(binder, Element{});
  scope.bind(hir::settlement_binder, Element{.row = scope.rows().settlement()});
  scope.bind(hir::subject_binder, Element{.row = subject.row});
  scope.set_group(subject.group);
}

Tri guard(Scope& scope, const hir::Guard& guard) {
  return std::visit(
      match{
          [&](const hir::ConditionGuard& form) { return scope.truth(form.condition); },
          [&](const hir::RowGuard& form) { return row_guard(scope, form); },
          [&](const hir::MatchGuard& form) { return match_guard(scope, form); },
      },
      guard);
}

Tri branch(Scope& scope, const hir::Branch& branch) {
  if (scope.rule().matches.empty())
    return scope.truth(branch.when);
  Tri any = Tri::no;
  scope.each_match([&](Tri keep) { any = tri_or(any, tri_and(keep, scope.truth(branch.when))); });
  return any;
}

} // namespace sanku::evaluate
