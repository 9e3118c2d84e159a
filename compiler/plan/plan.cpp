// See plan.h. A key is admissible when the rule surely does not apply without a row: a `let r =
// t[key]`, a `with r in t[key]` or a `key in t` guard whose key is the subject's own code column
// (for groups: a code column that is one of the group's keys).
#include "compiler/plan/plan.h"

#include "compiler/hir/walk.h"
#include "compiler/plan/header_text.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sanku::plan {
namespace {

// Whether an expression reads nothing but the header and one row; collects the row's columns.
struct HeaderCheck {
  const hir::Rule& rule;
  hir::BinderId row;
  std::vector<std::uint32_t>& columns;
  const std::vector<const hir::Fold*>& empty; // folds that are over nothing

  bool operator()(const hir::Expr& expr) const {
    return std::visit(
        match{
            [](const hir::Constant&) { return true; },
            [&](const hir::FieldOf& field) { return reads(field); },
            [&](const hir::LetOf& let) { return (*this)(rule.lets[let.let].value); },
            [&](const hir::Call& call) { return std::ranges::all_of(call.arguments, *this); },
            [](const hir::InTable&) { return false; },
            [&](const hir::CodeTextOf& text) { return (*this)(*text.code); },
            [&](const hir::EmptyCell& cell) { return reads({cell.binder, 0, cell.column}); },
            [](const hir::Ask&) { return false; },
            [](const hir::Earlier&) { return false; },
            [](const hir::OfVisit&) { return false; },
            [](const hir::PeersOf&) { return false; },
            // Cheaper conditions go first.
            [](const hir::ScoreOf&) { return false; },
            [](const hir::ReasonsOf&) { return false; },
            [&](const hir::Fold& fold) { return std::ranges::find(empty, &fold) != empty.end(); },
        },
        expr.form);
  }
  bool reads(const hir::FieldOf& field) const {
    if (field.binder == hir::settlement_binder)
      return true;
    if (row == 0 || field.binder != row)
      return false;
    if (std::ranges::find(columns, field.column) == columns.end())
      columns.push_back(field.column);
    return true;
  }
};

const hir::FieldOf* own_code(const hir::Program& program, const hir::Rule& rule,
                             const hir::Expr& key) {
  const auto* field = std::get_if<hir::FieldOf>(&key.form);
  if (field == nullptr || field->binder != hir::subject_binder || key.type.kind != Kind::code)
    return nullptr;
  if (rule.subject.kind == hir::SubjectKind::settlement ||
      field->relation >= program.schema.relations.size())
    return nullptr;
  if (rule.subject.kind == hir::SubjectKind::element)
    return field;
  const bool is_group_key =
      std::ranges::any_of(rule.subject.keys, [&](const hir::GroupKey& group_key) {
        const auto* other = std::get_if<hir::FieldOf>(&group_key.value.form);
        return other != nullptr && other->binder == field->binder && other->column == field->column;
      });
  return is_group_key ? field : nullptr;
}

// Whether the condition is true or false whatever is missing. Errs towards no.
bool never_unknown(const hir::Program& program, const hir::Expr& expr) {
  const auto decided = [&](const hir::Expr& part) { return never_unknown(program, part); };
  return std::visit(match{
                        [](const hir::Constant& constant) { return is_known(constant.value); },
                        [](const hir::FieldOf&) { return false; },
                        [](const hir::LetOf&) { return false; },
                        [&](const hir::Call& call) {
                          const std::string_view symbol = call.builtin->symbol;
                          if (symbol == "known")
                            return true;
                          if (symbol == "otherwise")
                            return decided(call.arguments.back());
                          const bool logical = symbol == "and" || symbol == "or" || symbol == "not";
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
  const auto is_own = [&](hir::TableId table, const hir::Expr& by) {
    const hir::FieldOf* field = own_code(program, rule, by);
    // Which rows of a dated table count may be unknown although the code is known.
    return table == key.table && field != nullptr && field->column == key.column &&
           !program.tables[table].shape.valid_from && !program.tables[table].shape.zone_from;
  };
  for (std::size_t i = 0; i < rule.guards.size(); ++i) {
    const bool decided =
        key.header_guards[i] ||
        std::visit(match{
                       [&](const hir::ConditionGuard& guard) {
                         const auto* member = std::get_if<hir::InTable>(&guard.condition.form);
                         return (member && is_own(member->table, *member->key)) ||
                                never_unknown(program, guard.condition);
                       },
                       [&](const hir::RowGuard& guard) { return is_own(guard.table, guard.key); },
                       [&](const hir::MatchGuard& guard) {
                         const auto* rows = std::get_if<hir::RowsSource>(
                             &rule.matches[guard.match].binding.source);
                         return rows != nullptr && is_own(rows->table, *rows->key);
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
  if (call == nullptr || std::ranges::count(known_of_known, call->builtin->symbol) == 0)
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
void add_key(const hir::Program& program, const hir::Rule& rule, hir::TableId table,
             const hir::Expr& key_expr, const hir::RowGuard* row, Rule& planned) {
  const hir::FieldOf* field = own_code(program, rule, key_expr);
  if (field == nullptr)
    return;
  const auto as_of =
      row != nullptr && row->at ? read_for(rule, *row->at) : std::optional(std::vector<Field>{});
  Key key{.table = table,
          .relation = field->relation,
          .column = field->column,
          .row = row != nullptr && as_of ? row->binder : 0,
          .header_guards = {},
          .header_branches = {},
          .row_columns = {},
          .as_of = {},
          .header = {},
          .empty = {}};
  const HeaderCheck is_header{rule, key.row, key.row_columns, key.empty};
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
  if (const auto* in_table = std::get_if<hir::InTable>(&condition.form))
    add_key(program, rule, in_table->table, *in_table->key, nullptr, planned);
  const auto* fold = std::get_if<hir::Fold>(&condition.form);
  if (fold != nullptr && fold->kind == hir::FoldKind::any)
    if (const auto* rows = std::get_if<hir::RowsSource>(&fold->query->from.front().source))
      add_key(program, rule, rows->table, *rows->key, nullptr, planned);
  const auto* call = std::get_if<hir::Call>(&condition.form);
  if (call != nullptr && call->builtin->symbol == "and")
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
  const auto* field = rows ? std::get_if<hir::FieldOf>(&rows->key->form) : nullptr;
  if (field == nullptr || field->binder != hir::subject_binder ||
      rows->key->type.kind != Kind::code || field->relation >= program.schema.relations.size())
    return;
  Key key{.table = rows->table,
          .relation = field->relation,
          .column = field->column,
          .row = 0,
          .header_guards = std::vector<bool>(rule.guards.size(), false),
          .header_branches = std::vector<bool>(rule.branches.size(), false),
          .row_columns = {},
          .as_of = {},
          .header = {},
          .empty = {}};
  planned.keys.push_back(std::move(key));
}

// ---- visits without any element that has a row

// A code column of a child list, asked for in a table.
struct Presence {
  hir::RelationId relation;
  std::uint32_t column;
  hir::TableId table;
  friend bool operator==(const Presence&, const Presence&) = default;
};

void add_presence(const hir::Program& program, hir::BinderId binder, hir::TableId table,
                  const hir::Expr& key, std::vector<Presence>& found) {
  // Keys that are prefixes, or of two parts, are not found by the code's number.
  if (knowledge::by_text(program.tables[table].shape, program.schema))
    return;
  const auto* field = std::get_if<hir::FieldOf>(&key.form);
  if (field != nullptr && field->binder == binder && key.type.kind == Kind::code &&
      field->relation != 0 && field->relation < program.schema.relations.size())
    found.push_back({field->relation, field->column, table});
}

void add_presences(const hir::Program& program, hir::BinderId binder, const hir::Expr& condition,
                   std::vector<Presence>& found) {
  if (const auto* in_table = std::get_if<hir::InTable>(&condition.form))
    add_presence(program, binder, in_table->table, *in_table->key, found);
  const auto* call = std::get_if<hir::Call>(&condition.form);
  if (call != nullptr && call->builtin->symbol == "and")
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
      add_presence(program, first.binder, rows->table, *rows->key, found);
  return found;
}

// Plans the visit key of one presence; false when the rule may have something to say without it.
bool plan_visit(const hir::Program& program, const hir::Rule& rule, const Presence& presence,
                Rule& planned) {
  Key key{.table = presence.table,
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

void add_visit_keys(const hir::Program& program, const hir::Rule& rule, Rule& planned) {
  std::vector<Presence> tried;
  hir::for_each_part(rule, [&](const hir::Expr& part) {
    const auto* fold = std::get_if<hir::Fold>(&part.form);
    if (fold == nullptr || !planned.keys.empty())
      return;
    for (const Presence& presence : presences(program, *fold->query)) {
      if (std::ranges::count(tried, presence) != 0)
        continue;
      tried.push_back(presence);
      if (plan_visit(program, rule, presence, planned))
        return;
    }
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
                     add_key(program, rule, row.table, row.key, &row, planned);
                   },
                   [&](const hir::MatchGuard& with) {
                     const hir::Match& matched = rule.matches[with.match];
                     const auto* rows = std::get_if<hir::RowsSource>(&matched.binding.source);
                     if (rows != nullptr)
                       add_key(program, rule, rows->table, *rows->key, nullptr, planned);
                   },
               },
               guard);
  }
  if (planned.keys.empty() && rule.subject.kind != hir::SubjectKind::element)
    add_visit_keys(program, rule, planned);
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
