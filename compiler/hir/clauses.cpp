// The clauses between subject and branches: `let`, `with`, `provided`, `unless`. A lookup named by
// `let` is a guard that binds a row, a list is kept for copying, anything else is a value. Tested
// by tests/unit/compiler/check_test.cpp.
#include "compiler/hir/scope.h"
#include "runtime/types/match.h"

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

void report_not_unique(Scope& scope, const ast::Expr& at, TableId table, const KeyFact& fact) {
  const schema::Names& names = scope.pack.tables[table].shape.relation.names;
  report<"key_not_unique">(scope.diagnostics, at.span, Words{names.zh, names.en}, fact.first_line,
                           fact.second_line)
      .label(scope.pack.tables[table].span, "知识表声明于此", "the table is declared here");
}

// let r = t[key]
void check_row(Scope& scope, const ast::Let& let, const ast::Expr& value,
               const ast::Lookup& lookup) {
  const auto fail = [&] { declare(scope, let.name, Failed{}); };
  const auto table = table_named(scope, lookup.table);
  if (!table)
    return fail();
  auto key = check_key(scope, *table, *lookup.key);
  if (!key)
    return fail();
  const auto fact = scope.pack.facts.find(*table);
  if (fact != scope.pack.facts.end() && !fact->second.unique) {
    report_not_unique(scope, value, *table, fact->second);
    return fail();
  }
  if (uses_match(scope, *key)) {
    report<"guard_uses_match">(scope.diagnostics, lookup.key->span);
    return fail();
  }
  auto at = row_date(scope, *table, *key, lookup.at);
  if (!at)
    return fail();
  if (*at && uses_match(scope, **at)) {
    report<"guard_uses_match">(scope.diagnostics, lookup.at->span);
    return fail();
  }
  const RelationId of = relation_of(scope.pack, *table);
  const BinderId binder = fresh_binder(scope.rule, of, let.name.text);
  scope.rule.guards.emplace_back(RowGuard{binder, *table, std::move(*key), std::move(*at)});
  declare(scope, let.name, ElementRef{binder, scope.pack.names.of_relation[of], true});
}

void check_let(Scope& scope, const ast::Let& let) {
  const ast::Expr& value = without_parens(*let.value);
  if (const auto* lookup = std::get_if<ast::Lookup>(&value.form))
    return check_row(scope, let, value, *lookup);
  if (is_list(value, scope)) {
    auto lines = check_lines(scope, value);
    if (!lines) {
      declare(scope, let.name, Failed{});
      return;
    }
    scope.lines.push_back(std::move(*lines));
    declare(scope, let.name, LinesRef{static_cast<std::uint32_t>(scope.lines.size() - 1)});
    return;
  }
  if (may_be_period(value)) {
    auto meaning = meaning_of(scope, value);
    auto* period = meaning ? std::get_if<PeriodRef>(&*meaning) : nullptr;
    if (period != nullptr) {
      scope.periods.push_back(std::move(*period));
      declare(scope, let.name, PeriodName{static_cast<std::uint32_t>(scope.periods.size() - 1)});
      return;
    }
    if (!meaning) {
      declare(scope, let.name, Failed{});
      return;
    }
  }
  auto checked = check_value(scope, value);
  if (!checked) {
    declare(scope, let.name, Failed{});
    return;
  }
  note_let(scope, *checked);
  scope.rule.lets.push_back({.name = let.name.text, .value = std::move(*checked)});
  declare(scope, let.name, LetName{static_cast<std::uint32_t>(scope.rule.lets.size() - 1)});
}

// with r in t[key] · with x in list where …
void check_with(Scope& scope, const ast::With& with) {
  auto list = check_lines(scope, *with.source);
  if (!list) {
    declare(scope, with.name, Failed{});
    return;
  }
  const SpaceId space = scope.pack.names.of_relation[relation_of(*list)];
  Query bound;
  const BinderId binder = bind_over(scope, std::move(*list), with.name.text, bound);
  const bool declared = declare(scope, with.name, ElementRef{binder, space, true});
  if (with.where && !check_conjunction(scope, *with.where, bound.where))
    return;
  if (!declared)
    return;
  const auto* rows = std::get_if<RowsSource>(&bound.from[0].source);
  // A key that depends on an earlier match has no single answer before the matches are tried: no
  // row then means no match.
  if (rows && !uses_match(scope, *rows->key))
    scope.rule.guards.emplace_back(
        MatchGuard{static_cast<std::uint32_t>(scope.rule.matches.size())});
  scope.match_binders.insert(binder);
  scope.rule.matches.push_back(
      {.binding = std::move(bound.from[0]), .where = std::move(bound.where)});
}

void add_guard(Scope& scope, Expr condition, const ast::Expr& written, std::string exemption) {
  check_not_constant(scope, condition);
  if (uses_match(scope, condition)) {
    report<"guard_uses_match">(scope.diagnostics, written.span);
    return;
  }
  scope.rule.guards.emplace_back(ConditionGuard{std::move(condition), std::move(exemption)});
}

std::optional<Expr> check_guard(Scope& scope, const ast::Expr& condition) {
  const ast::Expr& inner = without_parens(condition);
  if (const auto* lookup = std::get_if<ast::Lookup>(&inner.form))
    return check_has_row(scope, inner, *lookup);
  return check_condition(scope, condition);
}

void check_provided(Scope& scope, const ast::Provided& provided) {
  auto condition = check_guard(scope, *provided.condition);
  if (condition)
    add_guard(scope, std::move(*condition), *provided.condition, "");
}

void check_unless(Scope& scope, const ast::Unless& unless) {
  auto condition = check_guard(scope, *unless.condition);
  if (!condition)
    return;
  std::vector<Expr> arguments;
  arguments.push_back(std::move(*condition));
  auto opposite = apply(scope, {"not", "not", unless.condition->span}, std::move(arguments));
  if (opposite)
    add_guard(scope, std::move(*opposite), *unless.condition, unless.exemption);
}

} // namespace

void check_clauses(Scope& scope, const ast::Rule& rule) {
  for (const ast::Clause& clause : rule.clauses)
    std::visit(match{
                   [&](const ast::Let& let) { check_let(scope, let); },
                   [&](const ast::With& with) { check_with(scope, with); },
                   [&](const ast::Provided& provided) { check_provided(scope, provided); },
                   [&](const ast::Unless& unless) { check_unless(scope, unless); },
               },
               clause);
}

} // namespace sanku::hir
