// One rule: head, subject, clauses, branches. A rule with an error is dropped whole. Tested by
// tests/unit/compiler/check_test.cpp.
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"

#include <algorithm>

namespace sanku::hir {
namespace {

using diag::report;

bool has_error_since(const diag::Diagnostics& diagnostics, std::size_t first) {
  return std::any_of(diagnostics.all.begin() + static_cast<std::ptrdiff_t>(first),
                     diagnostics.all.end(),
                     [](const diag::Diagnostic& found) { return found.severity == diag::error; });
}

void check_bases(Scope& scope, const ast::Rule& rule) {
  for (const ast::Basis& basis : rule.bases) {
    const auto found = scope.pack.source_names.find(basis.source.text);
    if (found != scope.pack.source_names.end()) {
      scope.rule.bases.push_back({scope.pack.sources[found->second]->title, basis.place});
      continue;
    }
    std::vector<std::string_view> near;
    for (const auto& [name, id] : scope.pack.source_names)
      near.push_back(name);
    suggest(report<"unknown_source">(scope.diagnostics, basis.source.span, basis.source.text),
            basis.source, near);
  }
}

void check_head(Scope& scope, const ast::Rule& rule) {
  Rule& made = scope.rule;
  made.id = rule.id.text;
  made.title_zh = rule.title;
  made.title_en = rule.title_en.value_or(rule.title);
  made.span = rule.span;
  made.category = rule.category.value_or(ast::Category::medical);
  const auto by_category =
      made.category == ast::Category::management ? ast::Behaviour::behaviour : ast::Behaviour::item;
  made.behaviour = rule.behaviour.value_or(by_category);
  made.stages = rule.stages;
  if (made.stages.empty())
    made.stages = {ast::Stage::pre, ast::Stage::mid, ast::Stage::post};
  std::sort(made.stages.begin(), made.stages.end());
  made.stages.erase(std::unique(made.stages.begin(), made.stages.end()), made.stages.end());
  made.even_self_paid = rule.standing.even_self_paid.has_value();
  for (const ast::Branch& branch : rule.branches)
    if (!branch.when_unknown)
      made.written.push_back(branch.report.severity);
  std::sort(made.written.begin(), made.written.end());
  made.written.erase(std::unique(made.written.begin(), made.written.end()), made.written.end());
  check_bases(scope, rule);
}

// from: `effective from A until B`, to: a guard on the date of the subject, both days included.
void check_effective(Scope& scope, const ast::Rule& rule) {
  if (!rule.standing.effective)
    return;
  const ast::Effective& effective = *rule.standing.effective;
  const auto add = [&](const std::string& iso, std::string_view op, std::optional<Date>& kept) {
    Date day{};
    if (iso.empty() || !parse_date(iso, day))
      return;
    kept = day;
    auto date = rule_date(scope, effective.span);
    if (!date)
      return;
    auto condition =
        apply(scope, {op, "effective", effective.span},
              list_of(std::move(*date), constant({.kind = Kind::date}, day, effective.span)));
    if (condition)
      scope.rule.guards.emplace_back(ConditionGuard{std::move(*condition), ""});
  };
  add(effective.from, "greater_equal", scope.rule.effective_from);
  add(effective.until, "less_equal", scope.rule.effective_until);
}

// from: `trial until A`, to: whether the date of the subject lies not behind A.
void check_trial(Scope& scope, const ast::Rule& rule) {
  Date day{};
  if (!rule.standing.trial || !parse_date(rule.standing.trial->until, day))
    return;
  const Span at = rule.standing.trial->span;
  auto date = rule_date(scope, at);
  if (!date)
    return;
  scope.rule.trial = apply(scope, {"less_equal", "trial until", at},
                           list_of(std::move(*date), constant({.kind = Kind::date}, day, at)));
  scope.rule.trial_until = rule.standing.trial->until;
}

void check_standing(Scope& scope, const ast::Standing& standing) {
  scope.rule.mandatory = standing.mandatory.has_value();
  if (standing.region)
    scope.rule.region = standing.region->region;
  scope.rule.layer = scope.pack.layer;
  const auto changes = scope.pack.rule_changes.find(scope.rule.id);
  if (changes != scope.pack.rule_changes.end())
    scope.rule.changes = changes->second;
}

void warn_unused(Scope& scope) {
  for (const auto& [name, local] : scope.locals) {
    const bool value = std::holds_alternative<LetName>(local.meaning) ||
                       std::holds_alternative<LinesRef>(local.meaning);
    if (value && !local.used)
      report<"unused_name">(scope.diagnostics, local.span, name);
  }
}

} // namespace

std::optional<Rule> check_rule(const Declarations& pack, const ast::Rule& rule,
                               diag::Diagnostics& diagnostics) {
  const std::size_t first = diagnostics.all.size();
  Rule made;
  made.binder_relations = {0, 0};
  made.binder_names = {pack.schema.relations[0].names.en, ""};
  Scope scope{.pack = pack, .diagnostics = diagnostics, .rule = made};
  check_head(scope, rule);
  // Without a subject no name below it has a meaning, and every message would be noise.
  if (!check_subject(scope, rule))
    return std::nullopt;
  add_current_guard(scope);
  check_standing(scope, rule.standing);
  check_layers(scope);
  check_effective(scope, rule);
  check_trial(scope, rule);
  check_clauses(scope, rule);
  check_peer_guards(scope);
  check_branches(scope, rule);
  check_written_out(scope);
  if (has_error_since(diagnostics, first))
    return std::nullopt;
  warn_unused(scope);
  return made;
}

} // namespace sanku::hir
