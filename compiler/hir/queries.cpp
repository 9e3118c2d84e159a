// Lists: folds, `those`, named lists. A list named by `let` is copied where it is
// used; its filters merge into the query that goes over it, unless it has several binders or parts
// of lines. Tested by tests/unit/compiler/check_test.cpp.
#include "compiler/hir/scope.h"

#include <utility>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

// The names of one fold's binders go away at its end.
struct Binders {
  Scope& scope;
  const std::vector<ast::Binder>& declared;
  std::size_t dated;
  std::vector<const ast::Name*> names = {};

  explicit Binders(Scope& in, const std::vector<ast::Binder>& binders)
      : scope(in), declared(binders), dated(in.dated.size()) {}
  Binders(const Binders&) = delete;
  Binders& operator=(const Binders&) = delete;
  ~Binders() {
    for (const ast::Name* name : names)
      forget(scope, *name);
    scope.dated.resize(dated);
  }
};

std::optional<Query> named_lines(Scope& scope, const LinesRef& named, Span span) {
  const Query& lines = scope.lines[named.lines];
  scope.nodes += node_count(lines);
  if (scope.nodes > most_nodes) {
    if (!scope.overflowed)
      report<"expands_too_far">(scope.diagnostics, scope.rule.span, most_nodes);
    scope.overflowed = true;
    return std::nullopt;
  }
  Renamed renamed;
  Query made = copy(lines, scope.rule, renamed);
  made.span = span;
  return made;
}

// Whether a binder may stand on what is of other visits of the person.
bool leaves_visit(const Binding& binding) {
  if (const auto* list = std::get_if<ListSource>(&binding.source))
    return list->owner != settlement_binder;
  if (const auto* lines = std::get_if<LinesSource>(&binding.source))
    return leaves_visit(lines->lines->from.front());
  if (const auto* pairs = std::get_if<PairSource>(&binding.source))
    return leaves_visit(pairs->lines->from.front());
  return std::holds_alternative<VisitsSource>(binding.source) ||
         std::holds_alternative<EachSource>(binding.source);
}

// `a then b in list`: two binders over one list.
std::optional<BinderId> bind_pair(Scope& scope, Query list, const std::string& name,
                                  const ast::Binder& declared, Query& into) {
  const bool rows = std::holds_alternative<RowsSource>(list.from[0].source) ||
                    std::holds_alternative<TableSource>(list.from[0].source);
  if (rows || is_parts(list) || list.from.size() != 1) {
    report<"pairs_of_what">(scope.diagnostics, declared.source->span);
    return std::nullopt;
  }
  const RelationId of = relation_of(list);
  const BinderId binder = fresh_binder(scope.rule, of, name);
  const BinderId next = fresh_binder(scope.rule, of, declared.then->text);
  into.from.push_back(
      Binding{.binder = binder,
              .relation = of,
              .parts = false,
              .source = PairSource{std::make_unique<Query>(std::move(list)), next}});
  note_source(scope, into.from.back());
  if (leaves_visit(into.from.back()))
    scope.elsewhere.insert({binder, next});
  return binder;
}

// Binders and filter of a fold or of `those`. The names stay declared until `binders` goes away.
std::optional<Query> check_query(Scope& scope, Binders& binders, const ast::ExprPtr& where,
                                 Span span) {
  Query query;
  query.span = span;
  bool complete = true;
  for (const ast::Binder& declared : binders.declared) {
    auto list = check_lines(scope, *declared.source);
    decltype(Local::meaning) meaning = Failed{}; // known all the same, so that its uses say nothing
    if (list) {
      const RelationId of = relation_of(*list);
      const std::string name = declared.name ? declared.name->text : "";
      const auto pair = declared.then ? bind_pair(scope, std::move(*list), name, declared, query)
                                      : std::optional<BinderId>();
      if (declared.then && !pair)
        return std::nullopt;
      const BinderId binder = pair ? *pair : bind_over(scope, std::move(*list), name, query);
      scope.dated.push_back(binder);
      meaning = ElementRef{binder, scope.pack.names.of_relation[of], true};
    }
    complete = complete && list.has_value();
    if (!declared.name)
      continue;
    if (!declare(scope, *declared.name, meaning))
      return std::nullopt;
    binders.names.push_back(&*declared.name);
    if (!declared.then)
      continue;
    const auto* pairs = list ? std::get_if<PairSource>(&query.from.back().source) : nullptr;
    decltype(Local::meaning) behind = Failed{};
    if (pairs) {
      const SpaceId space = scope.pack.names.of_relation[query.from.back().relation];
      behind = ElementRef{pairs->next, space, true};
    }
    if (!declare(scope, *declared.then, behind))
      return std::nullopt;
    binders.names.push_back(&*declared.then);
  }
  if (where && !check_conjunction(scope, *where, query.where))
    return std::nullopt;
  if (!complete)
    return std::nullopt;
  return query;
}

std::optional<Query> check_rows(Scope& scope, const ast::Expr& expr, const ast::Lookup& lookup) {
  const auto table = table_named(scope, lookup.table);
  if (!table)
    return std::nullopt;
  auto key = check_key(scope, *table, *lookup.key);
  if (!key)
    return std::nullopt;
  auto at = row_date(scope, *table, *key, lookup.at);
  if (!at)
    return std::nullopt;
  return query_over(scope, relation_of(scope.pack, *table),
                    RowsSource{*table, std::make_unique<Expr>(std::move(*key)), std::move(*at)},
                    expr.span);
}

// Every row of a table, as far as it counts where the visit was.
std::optional<Query> whole_table(Scope& scope, TableId table, Span span) {
  Query query = query_over(scope, relation_of(scope.pack, table), TableSource{table}, span);
  if (!scope.pack.tables[table].shape.zone_from)
    return query;
  auto counts = row_counts(scope, table, query.from[0].binder, span);
  if (!counts)
    return std::nullopt;
  query.where.push_back(std::move(*counts));
  return query;
}

std::optional<Query> lines_of_meaning(Scope& scope, const Meaning& meaning, Span span) {
  if (const auto* list = std::get_if<ListRef>(&meaning))
    return query_over(scope, list->relation, ListSource{list->relation, list->owner}, span);
  if (std::holds_alternative<GroupItemsRef>(meaning))
    return query_over(scope, scope.rule.subject.relation, GroupSource{}, span);
  if (const auto* lines = std::get_if<LinesRef>(&meaning))
    return named_lines(scope, *lines, span);
  if (const auto* table = std::get_if<TableRef>(&meaning))
    return whole_table(scope, table->table, span);
  report<"not_a_list">(scope.diagnostics, span);
  return std::nullopt;
}

// The value that a fold takes, as a number where it has to be one.
std::optional<Expr> check_taken(Scope& scope, const ast::Fold& fold) {
  if (fold.kind == ast::FoldKind::every)
    return check_condition(scope, *fold.take);
  if (fold.kind == ast::FoldKind::covered)
    return packed_period(scope, *fold.take);
  auto value = check_value(scope, *fold.take);
  if (!value)
    return std::nullopt;
  if (value->type.kind == Kind::count) {
    const Span span = value->span;
    Call call{.builtin = &builtins::conversion_row(builtins::Conversion::exact_count),
              .arguments = {}};
    call.arguments.push_back(std::move(*value));
    value = Expr{{.kind = Kind::integer, .digits = 19}, span, std::move(call)};
  }
  const Kind kind = value->type.kind;
  const bool same = kind != Kind::age && kind != Kind::score && kind != Kind::reasons;
  if (fold.kind == ast::FoldKind::distinct && same)
    return value;
  const bool number = is_number(kind) || kind == Kind::integer;
  const bool ordered = number || kind == Kind::date || kind == Kind::datetime;
  if (fold.kind == ast::FoldKind::sum ? number : ordered)
    return value;
  const TypeName found = type_name(scope.pack.schema, value->type);
  const std::string_view shown = fold.kind == ast::FoldKind::distinct ? "distinct"
                                 : fold.kind == ast::FoldKind::sum    ? "sum"
                                 : fold.kind == ast::FoldKind::min    ? "min"
                                                                      : "max";
  report<"fold_value">(scope.diagnostics, fold.take->span, shown, Words{found.zh, found.en});
  return std::nullopt;
}

// The fold inside `count(distinct(…))`; null for any other.
const ast::Fold* counted_distinct(const ast::Fold& fold) {
  if (fold.kind != ast::FoldKind::count || fold.binders.size() != 1 || fold.where ||
      fold.binders[0].name)
    return nullptr;
  const auto* inner = std::get_if<ast::Fold>(&without_parens(*fold.binders[0].source).form);
  return inner && inner->kind == ast::FoldKind::distinct ? inner : nullptr;
}

std::optional<Expr> fold_of(Scope& scope, const ast::Expr& expr, const ast::Fold& fold);

} // namespace

Query query_over(Scope& scope, RelationId of, decltype(Binding::source) source, Span span) {
  Query query;
  const BinderId binder = fresh_binder(scope.rule, of, "");
  query.from.push_back(
      Binding{.binder = binder, .relation = of, .parts = false, .source = std::move(source)});
  query.span = span;
  return query;
}

RelationId relation_of(const Query& query) { return query.from[0].relation; }

bool is_parts(const Query& query) {
  return query.from[0].parts || !std::holds_alternative<std::monostate>(query.beyond);
}

BinderId bind_over(Scope& scope, Query list, std::string name, Query& into) {
  // An order means nothing to those who go over all elements.
  const bool mergeable =
      list.from.size() == 1 && std::holds_alternative<std::monostate>(list.beyond);
  if (mergeable) {
    const BinderId binder = list.from[0].binder;
    scope.rule.binder_names[binder] = std::move(name);
    if (leaves_visit(list.from[0]))
      scope.elsewhere.insert(binder);
    into.from.push_back(std::move(list.from[0]));
    for (Expr& condition : list.where)
      into.where.push_back(std::move(condition));
    note_source(scope, into.from.back());
    return binder;
  }
  const RelationId of = relation_of(list);
  const bool parts = is_parts(list);
  const BinderId binder = fresh_binder(scope.rule, of, std::move(name));
  into.from.push_back(Binding{.binder = binder,
                              .relation = of,
                              .parts = parts,
                              .source = LinesSource{std::make_unique<Query>(std::move(list))}});
  note_source(scope, into.from.back());
  if (leaves_visit(into.from.back()))
    scope.elsewhere.insert(binder);
  return binder;
}

namespace {

bool is_list_entry(const Scope& scope, const ast::Name& field) {
  const Entry* entry =
      find_entry(scope.pack.names.spaces[scope.pack.names.of_relation[0]], field.text);
  return entry && std::holds_alternative<ListEntry>(entry->form);
}

// A name of this rule that stands for a visit.
bool is_visit(const Scope& scope, const ast::Name& name) {
  const auto local = scope.locals.find(name.text);
  const auto* element =
      local == scope.locals.end() ? nullptr : std::get_if<ElementRef>(&local->second.meaning);
  return element && element->space == scope.pack.names.of_relation[0];
}

// `history(w).items`: the list of each visit. Fields of any other list are its elements'.
const ast::Member* member_of_each(Scope& scope, const ast::Expr& list) {
  const auto* member = std::get_if<ast::Member>(&list.form);
  return member && is_list_entry(scope, member->field) && is_list(*member->base, scope) ? member
                                                                                        : nullptr;
}

} // namespace

bool is_list(const ast::Expr& expr, Scope& scope) {
  const ast::Expr& inner = without_parens(expr);
  if (std::holds_alternative<ast::Those>(inner.form) ||
      std::holds_alternative<ast::Beyond>(inner.form) ||
      std::holds_alternative<ast::Ranked>(inner.form))
    return true;
  if (is_past(scope, inner))
    return true;
  const auto* name = std::get_if<ast::NameRef>(&inner.form);
  const auto* member = std::get_if<ast::Member>(&inner.form);
  if (name) {
    const auto local = scope.locals.find(name->name.text);
    if (local != scope.locals.end())
      return std::holds_alternative<LinesRef>(local->second.meaning);
    const Entry* entry =
        find_entry(scope.pack.names.spaces[scope.pack.names.of_relation[0]], name->name.text);
    return entry && std::holds_alternative<ListEntry>(entry->form) && !scope.first;
  }
  if (!member)
    return false;
  // `group.items` and `settlement.items`: of the group a list, of the settlement a list entry; and
  // the same of another visit, and of each of several.
  const auto* base = std::get_if<ast::NameRef>(&without_parens(*member->base).form);
  if (!base || scope.locals.contains(base->name.text))
    return is_list_entry(scope, member->field) &&
           (is_list(*member->base, scope) || (base && is_visit(scope, base->name)));
  const schema::Names& list = relation(scope.pack, scope.rule.subject.relation).names;
  const bool group = scope.rule.subject.kind == SubjectKind::group &&
                     (base->name.text == "group" || base->name.text == "组");
  if (group)
    return member->field.text ==
               (scope.rule.subject.relation == 0 ? settlements_en : std::string_view("items")) ||
           member->field.text == list.en || member->field.text == list.zh;
  if (is_list_entry(scope, member->field) && is_list(*member->base, scope))
    return true;
  const Entry* entry =
      find_entry(scope.pack.names.spaces[scope.pack.names.of_relation[0]], member->field.text);
  const schema::Names& root = scope.pack.schema.relations[0].names;
  return entry && std::holds_alternative<ListEntry>(entry->form) &&
         (base->name.text == root.en || base->name.text == root.zh);
}

std::optional<Query> check_lines(Scope& scope, const ast::Expr& list) {
  const ast::Expr& inner = without_parens(list);
  if (const auto* lookup = std::get_if<ast::Lookup>(&inner.form))
    return check_rows(scope, inner, *lookup);
  if (const auto* beyond = std::get_if<ast::Beyond>(&inner.form))
    return check_beyond(scope, inner, *beyond);
  if (const auto* ranked = std::get_if<ast::Ranked>(&inner.form))
    return check_ranked(scope, inner, *ranked);
  if (const auto* those = std::get_if<ast::Those>(&inner.form)) {
    Binders binders(scope, those->binders);
    return check_query(scope, binders, those->where, inner.span);
  }
  if (is_past(scope, inner))
    return check_past(scope, inner);
  if (const ast::Member* member = member_of_each(scope, inner)) {
    auto visits = check_lines(scope, *member->base);
    if (!visits)
      return std::nullopt;
    if (relation_of(*visits) == 0)
      return check_each(scope, std::move(*visits), member->field, inner.span);
    report<"each_of_what">(scope.diagnostics, member->field.span, member->field.text);
    return std::nullopt;
  }
  // 明细 names the list and one of its elements: where a list is wanted it is the list.
  if (const auto* name = std::get_if<ast::NameRef>(&inner.form);
      name && is_list(inner, scope) && !scope.locals.contains(name->name.text)) {
    const Entry* entry =
        find_entry(scope.pack.names.spaces[scope.pack.names.of_relation[0]], name->name.text);
    // In a derived field the list is that of the visit whose field it is.
    const bool of_record = scope.record && scope.record->space == scope.pack.names.of_relation[0];
    const BinderId owner = of_record ? scope.record->binder : settlement_binder;
    return lines_of_meaning(scope, ListRef{std::get<ListEntry>(entry->form).relation, owner},
                            inner.span);
  }
  const auto meaning = meaning_of(scope, inner);
  if (!meaning)
    return std::nullopt;
  return lines_of_meaning(scope, *meaning, inner.span);
}

std::optional<Expr> check_fold(Scope& scope, const ast::Expr& expr, const ast::Fold& fold) {
  // from: `count(distinct(x in list take e))`, to: one fold that counts distinct values.
  if (const ast::Fold* inner = counted_distinct(fold))
    return fold_of(scope, expr, *inner);
  if (fold.kind == ast::FoldKind::distinct) {
    report<"distinct_alone">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  return fold_of(scope, expr, fold);
}

namespace {

std::optional<Expr> fold_of(Scope& scope, const ast::Expr& expr, const ast::Fold& fold) {
  if (const auto table = collecting(scope, *fold.binders.front().source))
    return check_collected_fold(scope, expr, fold, *table);
  Binders binders(scope, fold.binders);
  auto query = check_query(scope, binders, fold.where, expr.span);
  if (!query)
    return std::nullopt;
  ExprPtr value;
  if (fold.take) {
    auto taken = check_taken(scope, fold);
    if (!taken)
      return std::nullopt;
    value = std::make_unique<Expr>(std::move(*taken));
  }
  Type type{.kind = Kind::boolean};
  const bool counts = fold.kind == ast::FoldKind::count || fold.kind == ast::FoldKind::distinct;
  if (counts)
    type = {.kind = Kind::count};
  else if (value && fold.kind != ast::FoldKind::every)
    type = value->type;
  return Expr{type, place(scope, expr.span),
              Fold{fold.kind, std::make_unique<Query>(std::move(*query)), std::move(value)}};
}

} // namespace

} // namespace sanku::hir
