// See visits.h.
#include "compiler/plan/visits.h"

#include "compiler/hir/walk.h"
#include "compiler/plan/column_test.h"
#include "compiler/plan/header_check.h"
#include "runtime/knowledge/table.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sanku::plan {
namespace {

// A column of a child list, and what is asked of it.
struct Presence {
  hir::RelationId relation = 0;
  std::uint32_t column = 0;
  exec::ColumnTest test;
  friend bool operator==(const Presence&, const Presence&) = default;
};

void add_presence(const hir::Program& program, hir::BinderId binder,
                  const std::optional<Question>& asked, std::vector<Presence>& found) {
  if (!asked)
    return;
  const auto* table = std::get_if<exec::InTable>(&asked->test);
  // Keys that are prefixes, or of two parts, are not found by the code's number.
  if (table != nullptr && knowledge::by_text(program.tables[table->table].shape, program.schema))
    return;
  const hir::FieldOf& field = *asked->field;
  if (field.binder == binder && field.relation != 0 &&
      field.relation < program.schema.relations.size())
    found.push_back({field.relation, field.column, asked->test});
}

void add_presences(const hir::Program& program, hir::BinderId binder, const hir::Expr& condition,
                   std::vector<Presence>& found) {
  add_presence(program, binder, question(program, condition), found);
  const auto* call = std::get_if<hir::Call>(&condition.form);
  if (call != nullptr && call->builtin->name == builtins::conjunction)
    for (const hir::Expr& part : call->arguments)
      add_presences(program, binder, part, found);
}

// Whether the elements can only be the visit's own.
bool of_visit(const hir::Binding& binding) {
  if (const auto* list = std::get_if<hir::ListSource>(&binding.source))
    return list->owner == hir::settlement_binder;
  if (const auto* lines = std::get_if<hir::LinesSource>(&binding.source))
    return of_visit(lines->lines->from.front());
  return std::holds_alternative<hir::GroupSource>(binding.source);
}

// What must be present of the visit for the query to be over anything.
std::vector<Presence> presences(const hir::Program& program, const hir::Query& query) {
  const hir::Binding& first = query.from.front();
  std::vector<Presence> found;
  if (const auto* lines = std::get_if<hir::LinesSource>(&first.source))
    found = presences(program, *lines->lines);
  if (!of_visit(first))
    return found;
  for (const hir::Expr& condition : query.where)
    add_presences(program, first.binder, condition, found);
  for (const hir::Binding& binding : query.from)
    if (const auto* rows = std::get_if<hir::RowsSource>(&binding.source))
      add_presence(program, first.binder, question(program, rows->table, *rows->key), found);
  return found;
}

// Plans the visit key of one presence; false when the rule may have something to say without it.
bool plan_visit(const hir::Program& program, const hir::Rule& rule, const Presence& presence,
                Rule& planned) {
  Key key{.test = presence.test,
          .relation = presence.relation,
          .column = presence.column,
          .row = 0,
          .header_guards = {},
          .header_branches = {},
          .row_columns = {},
          .as_of = {},
          .header = {},
          .visit = true,
          .empty = {}};
  hir::for_each_part(rule, [&](const hir::Expr& part) {
    const auto* fold = std::get_if<hir::Fold>(&part.form);
    if (fold != nullptr && std::ranges::count(presences(program, *fold->query), presence) != 0)
      key.empty.push_back(fold);
  });
  const HeaderCheck is_header{rule, 0, key.row_columns, key.empty};
  const std::vector<const hir::Fold*> nothing;
  const HeaderCheck is_header_anyway{rule, 0, key.row_columns, nothing};
  bool helps = false;
  bool all = rule.matches.empty() && rule.subject.kind == hir::SubjectKind::settlement;
  for (const hir::Guard& guard : rule.guards) {
    const auto* condition = std::get_if<hir::ConditionGuard>(&guard);
    const bool header = condition != nullptr && is_header(condition->condition);
    key.header_guards.push_back(header);
    helps = helps || (header && !is_header_anyway(condition->condition));
    all = all && header;
  }
  for (const hir::Branch& branch : rule.branches)
    key.header_branches.push_back(all && is_header(branch.when));
  const auto yes = [](bool flag) { return flag; };
  if (!helps && !(all && std::ranges::all_of(key.header_branches, yes)))
    return false;
  planned.keys.push_back(std::move(key));
  return true;
}

} // namespace

// One is enough: of what few elements have rather than what many have.
void add_visit_key(const hir::Program& program, const hir::Rule& rule, Rule& planned) {
  std::vector<Presence> all;
  hir::for_each_part(rule, [&](const hir::Expr& part) {
    if (const auto* fold = std::get_if<hir::Fold>(&part.form))
      for (Presence& presence : presences(program, *fold->query))
        if (std::ranges::count(all, presence) == 0)
          all.push_back(std::move(presence));
  });
  const auto many = [](const Presence& presence) {
    return std::holds_alternative<exec::OneOf>(presence.test)     ? 2
           : std::holds_alternative<exec::IsKnown>(presence.test) ? 1
                                                                  : 0;
  };
  std::ranges::stable_sort(all, {}, many);
  for (const Presence& presence : all)
    if (plan_visit(program, rule, presence, planned))
      return;
}

namespace {

// Whether a condition is about the visit alone: its header, and loops that are not within each
// other over its own lists.
struct VisitCheck {
  const hir::Rule& rule;
  bool in_loop = false;
  hir::BinderId element = hir::settlement_binder; // of the loop

  bool operator()(const hir::Expr& expr) const {
    const auto all = [this](const hir::Expr& part) { return (*this)(part); };
    return std::visit(
        match{
            [](const hir::Constant&) { return true; },
            [&](const hir::FieldOf& field) {
              return field.binder == hir::settlement_binder || field.binder == element;
            },
            [&](const hir::LetOf& let) { return (*this)(rule.lets[let.let].value); },
            [&](const hir::Call& call) { return std::ranges::all_of(call.arguments, all); },
            [&](const hir::CodeTextOf& text) { return (*this)(*text.code); },
            [&](const hir::Fold& fold) { return of_visit(fold); },
            [](const auto&) { return false; },
        },
        expr.form);
  }
  bool of_visit(const hir::Fold& fold) const {
    const hir::Query& query = *fold.query;
    const auto* list = std::get_if<hir::ListSource>(&query.from.front().source);
    if (in_loop || query.from.size() != 1 || list == nullptr ||
        list->owner != hir::settlement_binder || query.rank ||
        !std::holds_alternative<std::monostate>(query.beyond))
      return false;
    const VisitCheck inside{rule, true, query.from.front().binder};
    return std::ranges::all_of(query.where, inside) &&
           (fold.value == nullptr || inside(*fold.value));
  }
};

} // namespace

void add_gate(const hir::Rule& rule, Rule& planned) {
  Key gate{.test = std::nullopt,
           .relation = rule.subject.relation,
           .column = 0,
           .row = 0,
           .header_guards = {},
           .header_branches = std::vector<bool>(rule.branches.size(), false),
           .row_columns = {},
           .as_of = {},
           .header = {},
           .empty = {}};
  const VisitCheck of_visit{rule};
  for (const hir::Guard& guard : rule.guards) {
    const auto* condition = std::get_if<hir::ConditionGuard>(&guard);
    gate.header_guards.push_back(condition != nullptr && of_visit(condition->condition));
  }
  if (gate.has_header_condition())
    planned.keys.push_back(std::move(gate));
}

} // namespace sanku::plan
