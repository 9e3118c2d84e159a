// The person's other visits: `history(w)`, `timeline(w)`, `later(w)`, and the elements of their
// lists, `history(w).items`. Which visits lie in the window are ordinary conditions that the
// checker writes here, so that both executions know only "the visits of this person". Tested by
// tests/cases/past.
#include "compiler/hir/scope.h"
#include "compiler/hir/walk.h"

#include <algorithm>
#include <utility>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

// A column of the visit bound to `binder`, by its role; none: the schema has no such column.
std::optional<Expr> visit_column(const Scope& scope, BinderId binder, schema::Role role, Span at) {
  const schema::Relation& visits = scope.pack.schema.relations[0];
  const auto column = schema::column_with(visits, role);
  if (!column)
    return std::nullopt;
  return Expr{visits.columns[*column].type, at, FieldOf{binder, 0, *column}};
}

// The first of the columns that is known: a visit without an end of its own ends where it was
// settled, else where it began.
std::optional<Expr> visit_time(Scope& scope, BinderId binder,
                               std::initializer_list<schema::Role> roles, Span at) {
  std::optional<Expr> time;
  for (const schema::Role role : roles) {
    auto column = visit_column(scope, binder, role, at);
    if (!column)
      continue;
    time = time ? apply(scope, {"otherwise", "history", at},
                        list_of(std::move(*time), std::move(*column)))
                : std::move(column);
    if (!time)
      return std::nullopt;
  }
  return time;
}
std::optional<Expr> begin_of(Scope& scope, BinderId visit, Span at) {
  using schema::Role;
  return visit_time(scope, visit, {Role::begin, Role::settled}, at);
}
std::optional<Expr> end_of(Scope& scope, BinderId visit, Span at) {
  using schema::Role;
  return visit_time(scope, visit, {Role::end, Role::settled, Role::begin}, at);
}

// A constant, a parameter, or a cell of a table whose column says how long it may be.
bool is_bounded(const Scope& scope, const Expr& window) {
  bool bounded = true;
  for_each_part(window, [&](const Expr& part) {
    const auto* field = std::get_if<FieldOf>(&part.form);
    if (!field || part.type.kind != Kind::window)
      return;
    const std::size_t lists = scope.pack.schema.relations.size();
    bounded = bounded && field->relation >= lists &&
              scope.pack.tables[field->relation - lists].shape.bounds[field->column].has_value();
  });
  const bool length = std::holds_alternative<Constant>(window.form) ||
                      std::holds_alternative<FieldOf>(window.form) ||
                      std::holds_alternative<Call>(window.form);
  return bounded && length;
}

std::optional<Expr> check_window(Scope& scope, const ast::Expr& written) {
  auto window = check_value(scope, written);
  if (!window)
    return std::nullopt;
  if (window->type.kind != Kind::span && window->type.kind != Kind::window) {
    const TypeName found = type_name(scope.pack.schema, window->type);
    report<"past_window">(scope.diagnostics, written.span, Words{found.zh, found.en});
    return std::nullopt;
  }
  if (is_bounded(scope, *window))
    return insured_window(scope, std::move(*window), written.span);
  report<"past_unbounded">(scope.diagnostics, written.span);
  return std::nullopt;
}

// Whether the visit bound to `other` lies in the window; of a timeline also this one.
std::optional<Expr> in_window(Scope& scope, Past past, BinderId other, const Expr& window,
                              Span at) {
  const bool later = past == Past::later;
  const BinderId self = settlement_binder;
  Renamed none;
  auto order = std::optional<Expr>();
  {
    auto first = begin_of(scope, later ? self : other, at);
    auto second = begin_of(scope, later ? other : self, at);
    if (!first || !second)
      return std::nullopt;
    order = apply(scope, {"begins_before", "history", at},
                  list_of(std::move(*first), std::move(*second)));
  }
  auto near = later ? begin_of(scope, other, at) : end_of(scope, other, at);
  auto from = later ? end_of(scope, self, at) : begin_of(scope, self, at);
  if (!order || !near || !from)
    return std::nullopt;
  auto reached = apply(scope, {later ? "reaches_on" : "reaches_back", "history", at},
                       list_of(std::move(*near), std::move(*from), copy(window, scope.rule, none)));
  if (!reached)
    return std::nullopt;
  auto inside =
      apply(scope, {"and", "history", at}, list_of(std::move(*order), std::move(*reached)));
  std::optional<Expr> this_one = Expr{{.kind = Kind::boolean}, at, OfVisit{other, 0}};
  if (past != Past::timeline)
    this_one = apply(scope, {"not", "history", at}, list_of(std::move(*this_one)));
  if (!inside || !this_one)
    return std::nullopt;
  return apply(scope, {past == Past::timeline ? "or" : "and", "history", at},
               list_of(std::move(*this_one), std::move(*inside)));
}

// Whether the supplier knows all visits that the window may hold. Of somebody who is not known
// nobody knows them.
std::optional<Expr> completeness(Scope& scope, Past past, const Expr& window, Span at) {
  const bool later = past == Past::later;
  auto day = visit_column(scope, settlement_binder,
                          later ? schema::Role::known_until : schema::Role::known_since, at);
  auto from = later ? end_of(scope, settlement_binder, at) : begin_of(scope, settlement_binder, at);
  auto person = visit_column(scope, settlement_binder, schema::Role::person, at);
  if (!day || !from || !person)
    return std::nullopt;
  Renamed none;
  auto whole = apply(scope, {later ? "known_until" : "known_since", "history", at},
                     list_of(std::move(*day), std::move(*from), copy(window, scope.rule, none)));
  Renamed again;
  auto same = apply(scope, {"equal", "history", at},
                    list_of(copy(*person, scope.rule, again), std::move(*person)));
  if (!whole || !same)
    return std::nullopt;
  return apply(scope, {"and", "history", at}, list_of(std::move(*same), std::move(*whole)));
}

bool schema_knows_persons(const Scope& scope) {
  const schema::Relation& visits = scope.pack.schema.relations[0];
  const auto has = [&](schema::Role role) { return schema::column_with(visits, role).has_value(); };
  return has(schema::Role::person) && has(schema::Role::begin) && has(schema::Role::known_since) &&
         has(schema::Role::known_until);
}

const ast::Call* past_call(const ast::Expr& expr) {
  const auto* call = std::get_if<ast::Call>(&without_parens(expr).form);
  const auto is = [&](std::string_view name) { return call->function.text == name; };
  return call && (is("history") || is("timeline") || is("later")) ? call : nullptr;
}

} // namespace

bool is_past(const Scope& scope, const ast::Expr& expr) {
  const ast::Call* call = past_call(expr);
  return call && !scope.pack.function_names.contains(call->function.text);
}

std::optional<Query> check_past(Scope& scope, const ast::Expr& expr) {
  const ast::Call& call = *past_call(expr);
  const std::string_view name = call.function.text;
  const Past past = name == "history"    ? Past::history
                    : name == "timeline" ? Past::timeline
                                         : Past::later;
  if (!schema_knows_persons(scope)) {
    report<"past_without_person">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  if (scope.rule.subject.across) {
    report<"past_of_population">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  const auto& stages = scope.rule.stages;
  if (past == Past::later && !scope.declaring &&
      std::ranges::any_of(stages, [](ast::Stage stage) { return stage != ast::Stage::post; })) {
    report<"later_before">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  if (call.arguments.size() != 1) {
    report<"past_window">(scope.diagnostics, expr.span, Words{"几个值", "several values"});
    return std::nullopt;
  }
  auto window = check_window(scope, *call.arguments[0]);
  if (!window)
    return std::nullopt;
  const Span at = place(scope, expr.span);
  const BinderId visit = fresh_binder(scope.rule, 0, "");
  auto member = in_window(scope, past, visit, *window, at);
  auto complete = completeness(scope, past, *window, at);
  if (!member || !complete)
    return std::nullopt;
  Query query;
  query.span = expr.span;
  query.from.push_back({.binder = visit,
                        .relation = 0,
                        .parts = false,
                        .source = VisitsSource{past, std::make_unique<Expr>(std::move(*window)),
                                               std::make_unique<Expr>(std::move(*member)),
                                               std::make_unique<Expr>(std::move(*complete))}});
  return query;
}

std::optional<Query> check_each(Scope& scope, Query visits, const ast::Name& field, Span at) {
  const SpaceId space = scope.pack.names.of_relation[0];
  const Entry* entry = find_entry(scope.pack.names.spaces[space], field.text);
  const auto* list = entry ? std::get_if<ListEntry>(&entry->form) : nullptr;
  if (!list) {
    report<"each_of_what">(scope.diagnostics, field.span, field.text);
    return std::nullopt;
  }
  // Of several binders, or of what `beyond` leaves, the lines are the visits.
  Query over;
  over.span = at;
  bind_over(scope, std::move(visits), "", over);
  return query_over(scope, list->relation,
                    EachSource{std::make_unique<Query>(std::move(over)), list->relation}, at);
}

} // namespace sanku::hir
