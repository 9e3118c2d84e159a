// What a rule looks at: the visit, each element of a list, or groups of one list. Tested by
// tests/unit/compiler/check_test.cpp.
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

bool is_one_of(const schema::Names& names, std::string_view name) {
  return names.en == name || names.zh == name;
}

std::optional<RelationId> list_named(const Scope& scope, std::string_view name, bool by_element) {
  const auto& relations = scope.pack.schema.relations;
  for (RelationId id = 1; id < relations.size(); ++id)
    if (is_one_of(by_element ? relations[id].each : relations[id].names, name))
      return id;
  return std::nullopt;
}

void report_subject(Scope& scope, const ast::Subject& subject) {
  const auto& relations = scope.pack.schema.relations;
  auto& found = report<"unknown_subject">(scope.diagnostics, subject.what.span, subject.what.text);
  const auto list = list_named(scope, subject.what.text, false);
  if (list && subject.by.empty()) {
    found.help(fmt::format("逐个看写 `{}`，分组看写 `{} 按 …`", relations[*list].each.zh,
                           relations[*list].names.zh),
               fmt::format("write `{}` for each of them, or `{} by …` for groups",
                           relations[*list].each.en, relations[*list].names.en));
    found.fix(subject.what.span, relations[*list].each.en);
    return;
  }
  std::vector<std::string_view> near;
  for (RelationId id = 0; id < relations.size(); ++id) {
    const schema::Names& names = subject.by.empty() ? relations[id].each : relations[id].names;
    near.insert(near.end(), {names.en, names.zh});
  }
  suggest(found, subject.what, near);
}

// A key without a name is called like its field.
schema::Names key_names(const Scope& scope, const ast::GroupKey& key, SpaceId space) {
  if (key.name)
    return {key.name->text, key.name->text};
  const ast::Expr& inner = without_parens(*key.value);
  if (const auto* name = std::get_if<ast::NameRef>(&inner.form)) {
    const Entry* entry = find_entry(scope.pack.names.spaces[space], name->name.text);
    return entry ? entry->names : schema::Names{name->name.text, name->name.text};
  }
  if (const auto* member = std::get_if<ast::Member>(&inner.form))
    return {member->field.text, member->field.text};
  // `month(settled)` is called month.
  if (const auto* call = std::get_if<ast::Call>(&inner.form)) {
    const std::string_view name = call->function.text;
    if (name == "month" || name == "自然月")
      return {"month", "自然月"};
    if (name == "day" || name == "日")
      return {"day", "日"};
  }
  return {};
}

bool is_key_kind(Kind kind) {
  return kind == Kind::code || kind == Kind::enumeration || kind == Kind::date ||
         kind == Kind::integer || kind == Kind::boolean || kind == Kind::text;
}

bool check_group_key(Scope& scope, const ast::GroupKey& key, SpaceId space) {
  auto value = check_value(scope, *key.value);
  if (!value)
    return false;
  if (!is_key_kind(value->type.kind)) {
    const TypeName found = type_name(scope.pack.schema, value->type);
    report<"group_key_type">(scope.diagnostics, key.value->span, Words{found.zh, found.en});
    return false;
  }
  const schema::Names names = key_names(scope, key, space);
  if (names.en.empty()) {
    report<"group_key_name">(scope.diagnostics, key.value->span);
    return false;
  }
  for (const GroupKey& other : scope.rule.subject.keys)
    if (other.name_en == names.en || other.name_zh == names.zh) {
      report<"name_taken">(scope.diagnostics, key.value->span, names.en)
          .label(other.value.span, "已在此处使用", "already used here");
      return false;
    }
  scope.rule.subject.keys.push_back(
      {.name_en = names.en, .name_zh = names.zh, .value = std::move(*value)});
  return true;
}

// `with r in t[code]` before `by`: the key is asked of each element, as the group's own keys are.
bool check_entering(Scope& scope, const ast::Subject& subject) {
  if (!subject.entering)
    return true;
  const ast::With& with = *subject.entering;
  auto rows = check_lines(scope, *with.source);
  if (!rows)
    return declare(scope, with.name, Failed{}), false;
  if (!std::holds_alternative<RowsSource>(rows->from[0].source)) {
    report<"not_a_list">(scope.diagnostics, with.source->span);
    return declare(scope, with.name, Failed{}), false;
  }
  const RelationId of = relation_of(*rows);
  const BinderId binder = rows->from[0].binder;
  scope.rule.binder_names[binder] = with.name.text;
  scope.rule.subject.entering = Entering{std::move(rows->from[0])};
  return declare(scope, with.name, ElementRef{binder, scope.pack.names.of_relation[of], true});
}

// Groups of the whole population, or of one visit.
bool check_group(Scope& scope, const ast::Subject& subject, RelationId list) {
  scope.rule.subject = {
      .kind = SubjectKind::group, .relation = list, .keys = {}, .entering = std::nullopt};
  scope.rule.subject.across = subject.all || list == 0;
  if (scope.rule.subject.across && scope.rule.stages != std::vector<ast::Stage>{ast::Stage::post})
    report<"population_before">(scope.diagnostics, subject.span);
  if (scope.rule.subject.across && subject.entering) {
    report<"population_enters">(scope.diagnostics, subject.entering->span);
    return false;
  }
  scope.rule.binder_relations[subject_binder] = list;
  const SpaceId space = scope.pack.names.of_relation[list];
  scope.first = ElementRef{subject_binder, space, true};
  bool fine = check_entering(scope, subject);
  for (const ast::GroupKey& key : subject.by)
    fine = check_group_key(scope, key, space) && fine;
  // The row says into which groups an element goes; a group has no row of its own.
  if (subject.entering)
    forget(scope, subject.entering->name);
  scope.first.reset();
  scope.visit_known = !scope.rule.subject.across;
  return fine;
}

} // namespace

bool check_subject(Scope& scope, const ast::Rule& rule) {
  if (!rule.subject) {
    report<"subject_missing">(scope.diagnostics, rule.id.span, rule.id.text);
    return false;
  }
  const ast::Subject& subject = *rule.subject;
  const std::string_view what = subject.what.text;
  const schema::Schema& schema = scope.pack.schema;
  const bool settlement = is_one_of(schema.relations[0].names, what) || schema.names.zh == what;
  const bool settlements = settlement || what == settlements_en || what == visits_zh;
  if (settlements && !subject.by.empty()) {
    if (!check_group(scope, subject, 0))
      return false;
  } else if (settlement && subject.by.empty()) {
    scope.rule.subject = {
        .kind = SubjectKind::settlement, .relation = 0, .keys = {}, .entering = std::nullopt};
  } else if (const auto element = list_named(scope, what, true); element && subject.by.empty()) {
    scope.rule.subject = {
        .kind = SubjectKind::element, .relation = *element, .keys = {}, .entering = std::nullopt};
    scope.rule.binder_relations[subject_binder] = *element;
    scope.rule.binder_names[subject_binder] = subject.what.text;
  } else if (const auto list = list_named(scope, what, false); list && !subject.by.empty()) {
    if (!check_group(scope, subject, *list))
      return false;
  } else {
    report_subject(scope, subject);
    return false;
  }
  scope.subject_known = true;
  return true;
}

// In a request only the lines marked current are judged; where the mark is missing a line is.
void add_current_guard(Scope& scope) {
  const Subject& subject = scope.rule.subject;
  if (subject.kind == SubjectKind::settlement || subject.across)
    return;
  const schema::Relation& list = relation(scope.pack, subject.relation);
  const auto column = schema::column_with(list, schema::Role::current);
  if (!column)
    return;
  const Span at = scope.rule.span;
  const Type boolean{.kind = Kind::boolean};
  const bool group = subject.kind == SubjectKind::group;
  QueryPtr query;
  if (group)
    query = std::make_unique<Query>(query_over(scope, subject.relation, GroupSource{}, at));
  std::vector<Expr> arguments;
  arguments.push_back(
      Expr{boolean, at,
           FieldOf{group ? query->from[0].binder : subject_binder, subject.relation, *column}});
  arguments.push_back(constant(boolean, Bool{true}, at));
  auto current = apply(scope, {"otherwise", "otherwise", at}, std::move(arguments));
  if (!current)
    return;
  if (!group) {
    scope.rule.guards.emplace_back(ConditionGuard{std::move(*current), ""});
    return;
  }
  query->where.push_back(std::move(*current));
  scope.rule.guards.emplace_back(
      ConditionGuard{Expr{boolean, at, Fold{ast::FoldKind::any, std::move(query), nullptr}}, ""});
}

} // namespace sanku::hir
