// See plan.h. A key is admissible when the rule surely does not apply where its test fails: a `let
// r = t[key]`, a `with r in t[key]`, a `key in t` or another guard that asks one column of the
// subject (of groups: one that is among the group's keys).
#include "compiler/plan/plan.h"

#include "compiler/plan/column_test.h"
#include "compiler/plan/header_check.h"
#include "compiler/plan/header_text.h"
#include "compiler/plan/visits.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sanku::plan {
namespace {

// Whether what is asked is of the subject itself, or of what all of a group have in common.
bool is_own(const hir::Program& program, const hir::Rule& rule, const Question& asked) {
  const hir::FieldOf& field = *asked.field;
  if (field.binder != hir::subject_binder || field.relation >= program.schema.relations.size() ||
      rule.subject.kind == hir::SubjectKind::settlement)
    return false;
  return rule.subject.kind == hir::SubjectKind::element ||
         std::ranges::any_of(rule.subject.keys, [&](const hir::GroupKey& group_key) {
           const auto* other = std::get_if<hir::FieldOf>(&group_key.value.form);
           return other != nullptr && other->binder == field.binder &&
                  other->column == field.column;
         });
}

// Whether the condition is true or false whatever is missing. Errs towards no.
bool never_unknown(const hir::Program& program, const hir::Expr& expr) {
  const auto decided = [&](const hir::Expr& part) { return never_unknown(program, part); };
  return std::visit(match{
                        [](const hir::Constant& constant) { return is_known(constant.value); },
                        [](const hir::FieldOf&) { return false; },
                        [](const hir::LetOf&) { return false; },
                        [&](const hir::Call& call) {
                          const std::string_view name = call.builtin->name;
                          if (name == "known")
                            return true;
                          if (name == "otherwise")
                            return decided(call.arguments.back());
                          const bool logical = name == "and" || name == "or" || name == "not";
                          return logical && std::ranges::all_of(call.arguments, decided);
                        },
                        [](const hir::InTable&) { return false; },
                        [](const hir::CodeTextOf&) { return false; },
                        [](const hir::EmptyCell&) { return false; },
                        [](const hir::Ask&) { return false; },
                        [](const hir::Earlier&) { return false; },
                        [](const hir::OfVisit&) { return false; },
                        [](const hir::PeersOf&) { return false; },
                        [](const hir::ScoreOf&) { return false; },
                        [](const hir::ReasonsOf&) { return false; },
                        [&](const hir::Fold& fold) {
                          const bool truth =
                              fold.kind == hir::FoldKind::any || fold.kind == hir::FoldKind::none;
                          const bool group = std::ranges::all_of(
                              fold.query->from, [](const hir::Binding& binding) {
                                return std::holds_alternative<hir::GroupSource>(binding.source);
                              });
                          return truth && group && std::ranges::all_of(fold.query->where, decided);
                        },
                    },
                    expr.form);
}

// Whether the guards, but for those on header and row, can be nothing but true or false for a
// subject that a row brings in. Only then do branches that are surely false make the subject
// uninteresting: a guard that is unknown makes it indeterminate.
bool guards_are_decided(const hir::Program& program, const hir::Rule& rule, const Key& key) {
  const auto asks_key = [&](const std::optional<Question>& asked) {
    if (!asked || !is_own(program, rule, *asked) || asked->field->column != key.column ||
        asked->test != key.test)
      return false;
    const auto* table = std::get_if<exec::InTable>(&asked->test);
    // Which rows of a dated table count may be unknown although the code is known.
    return table == nullptr || (!program.tables[table->table].shape.valid_from &&
                                !program.tables[table->table].shape.zone_from);
  };
  for (std::size_t i = 0; i < rule.guards.size(); ++i) {
    const bool decided =
        key.header_guards[i] ||
        std::visit(
            match{
                [&](const hir::ConditionGuard& guard) {
                  return asks_key(question(program, guard.condition)) ||
                         never_unknown(program, guard.condition);
                },
                [&](const hir::RowGuard& guard) {
                  return asks_key(question(program, guard.table, guard.key));
                },
                [&](const hir::MatchGuard& guard) {
                  const auto* rows =
                      std::get_if<hir::RowsSource>(&rule.matches[guard.match].binding.source);
                  return rows != nullptr && asks_key(question(program, rows->table, *rows->key));
                },
            },
            rule.guards[i]);
    if (!decided)
      return false;
  }
  // A group of several keys may be incomplete although its code is known.
  return rule.subject.kind != hir::SubjectKind::group || rule.subject.keys.size() == 1;
}

// What the day and place of a look-up are read from; nothing where they may be unknown although all
// of that is known.
std::optional<std::vector<Field>> read_for(const hir::Rule& rule, const hir::Expr& at) {
  if (const auto* field = std::get_if<hir::FieldOf>(&at.form)) {
    const bool own =
        field->binder == hir::settlement_binder || field->binder == hir::subject_binder;
    return own ? std::optional(std::vector<Field>{{field->relation, field->column}}) : std::nullopt;
  }
  if (const auto* let = std::get_if<hir::LetOf>(&at.form))
    return read_for(rule, rule.lets[let->let].value);
  if (const auto* constant = std::get_if<hir::Constant>(&at.form))
    return is_known(constant->value) ? std::optional(std::vector<Field>{}) : std::nullopt;
  const auto* call = std::get_if<hir::Call>(&at.form);
  constexpr std::array known_of_known = {"date_of", "otherwise", "moment"};
  if (call == nullptr || std::ranges::count(known_of_known, call->builtin->name) == 0)
    return std::nullopt;
  std::vector<Field> all;
  for (const hir::Expr& argument : call->arguments) {
    const auto more = read_for(rule, argument);
    if (!more)
      return std::nullopt;
    all.insert(all.end(), more->begin(), more->end());
  }
  return all;
}

// `row`: the row that the look-up binds, if it does.
void add_key(const hir::Program& program, const hir::Rule& rule,
             const std::optional<Question>& asked, const hir::RowGuard* row, Rule& planned) {
  if (!asked || !is_own(program, rule, *asked))
    return;
  const auto as_of =
      row != nullptr && row->at ? read_for(rule, *row->at) : std::optional(std::vector<Field>{});
  Key key{.test = asked->test,
          .relation = asked->field->relation,
          .column = asked->field->column,
          .row = row != nullptr && as_of ? row->binder : 0,
          .header_guards = {},
          .header_branches = {},
          .row_columns = {},
          .as_of = {},
          .header = {},
          .empty = {}};
  const HeaderCheck is_header{rule, key.row, key.row_columns, key.empty, false};
  for (const hir::Guard& guard : rule.guards) {
    const auto* condition = std::get_if<hir::ConditionGuard>(&guard);
    key.header_guards.push_back(condition != nullptr && is_header(condition->condition));
  }
  const bool decided = guards_are_decided(program, rule, key);
  for (const hir::Branch& branch : rule.branches)
    key.header_branches.push_back(decided && rule.matches.empty() && is_header(branch.when));
  std::ranges::sort(key.row_columns);
  if (!key.row_columns.empty())
    key.as_of = *as_of;
  key.header = header_text(rule, key);
  planned.keys.push_back(std::move(key));
}

// `key in t` or `any(r in t[key] where …)`, possibly one part of a conjunction.
void add_memberships(const hir::Program& program, const hir::Rule& rule, const hir::Expr& condition,
                     Rule& planned) {
  add_key(program, rule, question(program, condition), nullptr, planned);
  const auto* fold = std::get_if<hir::Fold>(&condition.form);
  if (fold != nullptr && fold->kind == hir::FoldKind::any)
    if (const auto* rows = std::get_if<hir::RowsSource>(&fold->query->from.front().source))
      add_key(program, rule, question(program, rows->table, *rows->key), nullptr, planned);
  const auto* call = std::get_if<hir::Call>(&condition.form);
  if (call != nullptr && call->builtin->name == builtins::conjunction)
    for (const hir::Expr& part : call->arguments)
      add_memberships(program, rule, part, planned);
}

// A group across visits has one code or none: of a code without a row no element has to be grouped.
// What the header of one visit says decides nothing of a group of many.
void add_across(const hir::Program& program, const hir::Rule& rule, Rule& planned) {
  if (rule.subject.relation == 0)
    return;
  for (const hir::Guard& guard : rule.guards)
    if (const auto* condition = std::get_if<hir::ConditionGuard>(&guard))
      add_memberships(program, rule, condition->condition, planned);
  for (Key& key : planned.keys) {
    key.header_guards.assign(key.header_guards.size(), false);
    key.header_branches.assign(key.header_branches.size(), false);
    key.row = 0;
    key.row_columns.clear();
    key.as_of.clear();
    key.header = header_text(rule, key);
  }
}

// An element without a row enters no group: the table proposes the elements.
void add_entering(const hir::Program& program, const hir::Rule& rule, Rule& planned) {
  const auto* rows = rule.subject.entering
                         ? std::get_if<hir::RowsSource>(&rule.subject.entering->binding.source)
                         : nullptr;
  const auto asked = rows ? question(program, rows->table, *rows->key) : std::nullopt;
  if (!asked || asked->field->binder != hir::subject_binder ||
      asked->field->relation >= program.schema.relations.size())
    return;
  Key key{.test = asked->test,
          .relation = asked->field->relation,
          .column = asked->field->column,
          .row = 0,
          .header_guards = std::vector<bool>(rule.guards.size(), false),
          .header_branches = std::vector<bool>(rule.branches.size(), false),
          .row_columns = {},
          .as_of = {},
          .header = {},
          .empty = {}};
  planned.keys.push_back(std::move(key));
}

// Whether no table or set of codes makes the subjects few.
bool proposes_many(const Rule& planned) {
  return std::ranges::all_of(planned.keys, [](const Key& key) {
    return std::holds_alternative<exec::OneOf>(*key.test) ||
           std::holds_alternative<exec::IsKnown>(*key.test);
  });
}

Rule plan_rule(const hir::Program& program, const hir::Rule& rule) {
  Rule planned{.shape = rule.subject.kind, .relation = rule.subject.relation, .keys = {}};
  if (rule.subject.across) {
    add_across(program, rule, planned);
    return planned;
  }
  add_entering(program, rule, planned);
  for (const hir::Guard& guard : rule.guards) {
    std::visit(match{
                   [&](const hir::ConditionGuard& condition) {
                     add_memberships(program, rule, condition.condition, planned);
                   },
                   [&](const hir::RowGuard& row) {
                     add_key(program, rule, question(program, row.table, row.key), &row, planned);
                   },
                   [&](const hir::MatchGuard& with) {
                     const hir::Match& matched = rule.matches[with.match];
                     const auto* rows = std::get_if<hir::RowsSource>(&matched.binding.source);
                     if (rows != nullptr)
                       add_key(program, rule, question(program, rows->table, *rows->key), nullptr,
                               planned);
                   },
               },
               guard);
  }
  if (rule.subject.kind == hir::SubjectKind::settlement ||
      (rule.subject.kind == hir::SubjectKind::group && planned.keys.empty()))
    add_visit_key(program, rule, planned);
  if (rule.subject.kind != hir::SubjectKind::settlement && proposes_many(planned))
    add_gate(rule, planned);
  return planned;
}

} // namespace

bool Key::has_header_condition() const {
  const auto yes = [](bool flag) { return flag; };
  const bool every_branch = !header_branches.empty() && std::ranges::all_of(header_branches, yes);
  return every_branch || std::ranges::any_of(header_guards, yes);
}

Plan plan(const hir::Program& program) {
  Plan planned;
  for (const hir::Rule& rule : program.rules)
    planned.rules.push_back(plan_rule(program, rule));
  return planned;
}

} // namespace sanku::plan
