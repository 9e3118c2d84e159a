// Branches and what they report: lines, amounts, messages. Tested by
// tests/unit/compiler/check_test.cpp.
#include "compiler/hir/scope.h"
#include "runtime/types/match.h"

#include <algorithm>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

std::optional<RelationId> fee_lines(const Scope& scope) {
  return schema::line_relation(scope.pack.schema);
}

std::optional<Query> check_fee_lines(Scope& scope, const ast::Expr& lines) {
  auto query = check_lines(scope, lines);
  if (!query)
    return std::nullopt;
  if (relation_of(*query) == fee_lines(scope))
    return query;
  report<"lines_not_fee_lines">(scope.diagnostics, lines.span);
  return std::nullopt;
}

Query all_lines(Scope& scope, Span at) {
  const RelationId list = *fee_lines(scope);
  const Subject& subject = scope.rule.subject;
  const bool group = subject.kind == SubjectKind::group && subject.relation == list;
  if (group)
    return query_over(scope, list, GroupSource{}, at);
  return query_over(scope, list, ListSource{list}, at);
}

// Whether lines of other visits may be among them.
bool reaches_beyond(const Query& query) {
  return std::ranges::any_of(query.from, [](const Binding& binding) {
    return std::visit(match{
                          [](const ListSource& list) { return list.owner != settlement_binder; },
                          [](const LinesSource& lines) { return reaches_beyond(*lines.lines); },
                          [](const PairSource& pairs) { return reaches_beyond(*pairs.lines); },
                          [](const EachSource&) { return true; },
                          [](const auto&) { return false; },
                      },
                      binding.source);
  });
}

// Lines of other visits do not offend here: they were, or will be, judged with their own.
Query own_lines(Scope& scope, Query lines) {
  Query made;
  made.span = lines.span;
  const RelationId list = relation_of(lines);
  const BinderId binder = bind_over(scope, std::move(lines), "", made);
  made.where.push_back(Expr{{.kind = Kind::boolean}, made.span, OfVisit{binder, list}});
  return made;
}

// Not so: some line offends, and none of this visit does.
std::optional<Expr> own_line_offends(Scope& scope, const Query& lines) {
  Renamed first, second;
  const auto fold = [&](FoldKind kind, Query query) {
    return Expr{{.kind = Kind::boolean},
                lines.span,
                Fold{kind, std::make_unique<Query>(std::move(query)), nullptr}};
  };
  Query over;
  over.span = lines.span;
  bind_over(scope, copy(lines, scope.rule, first), "", over);
  Query own = own_lines(scope, copy(lines, scope.rule, second));
  return apply(scope, {"or", "on", lines.span},
               list_of(fold(FoldKind::none, std::move(over)), fold(FoldKind::any, std::move(own))));
}

// Of lines as they were sent: what became of them, by their numbers. One that was reversed is no
// line any more.
std::optional<Query> lines_sent_as(Scope& scope, Span at) {
  const schema::Schema& schema = scope.pack.schema;
  const Subject& subject = scope.rule.subject;
  const RelationId list = *fee_lines(scope);
  const auto key = schema::column_with(schema.relations[list], schema::Role::key);
  const auto sent_key = schema::column_with(schema.relations[subject.relation], schema::Role::key);
  if (!key || !sent_key)
    return std::nullopt;
  Query lines = query_over(scope, list, ListSource{list}, at);
  const auto number_of = [&](BinderId binder, RelationId relation, std::uint32_t column) {
    return Expr{schema.relations[relation].columns[column].type, place(scope, at),
                FieldOf{binder, relation, column}};
  };
  const auto is = [&](BinderId sent) {
    return apply(scope, {builtins::equality, "on", at},
                 list_of(number_of(lines.from.front().binder, list, *key),
                         number_of(sent, subject.relation, *sent_key)));
  };
  std::optional<Expr> same;
  if (subject.kind == SubjectKind::element) {
    same = is(subject_binder);
  } else {
    Query group = query_over(scope, subject.relation, GroupSource{}, at);
    if (auto each = is(group.from.front().binder)) {
      group.where.push_back(std::move(*each));
      same = Expr{{.kind = Kind::boolean},
                  place(scope, at),
                  Fold{FoldKind::any, std::make_unique<Query>(std::move(group)), nullptr}};
    }
  }
  if (!same)
    return std::nullopt;
  lines.where.push_back(std::move(*same));
  return lines;
}

// The offending lines: named, or by default the subject's own, the group's, or all lines of the
// visit.
bool check_offending(Scope& scope, const ast::Report& written, Report& made) {
  const Subject& subject = scope.rule.subject;
  if (!written.on && subject.kind == SubjectKind::element && subject.relation == fee_lines(scope)) {
    made.on = OwnLine{};
    made.line = subject_binder;
    return true;
  }
  std::optional<Query> query;
  if (written.on)
    query = check_fee_lines(scope, *written.on->lines);
  else if (subject.across && subject.relation != fee_lines(scope)) {
    made.on = NoLines{};
    return true;
  } else if (subject.kind != SubjectKind::settlement && !subject.across && fee_lines(scope) &&
             scope.pack.schema.relations[subject.relation].raw_of == fee_lines(scope)) {
    query = lines_sent_as(scope, written.span);
  }
  if (!query && !written.on && fee_lines(scope))
    query = all_lines(scope, written.span);
  if (!query)
    return false;
  if (made.severity == ast::Severity::violation && score_chooses(scope, *query))
    report<"model_alone">(scope.diagnostics, written.on->lines->span);
  if (!subject.across && reaches_beyond(*query)) {
    made.stands = own_line_offends(scope, *query);
    query = own_lines(scope, std::move(*query));
  }
  const std::string name = written.on && written.on->binder ? written.on->binder->text : "";
  made.line = fresh_binder(scope.rule, relation_of(*query), name);
  made.line_parts = is_parts(*query);
  made.on = std::make_unique<Query>(std::move(*query));
  return true;
}

void check_amount(Scope& scope, const ast::Report& written, Report& made) {
  if (written.amount_unknown) {
    made.amount = AmountUnknown{};
    return;
  }
  if (!written.amount)
    return;
  auto amount = check_value(scope, *written.amount);
  if (!amount)
    return;
  if (amount->type.kind != Kind::money) {
    const TypeName found = type_name(scope.pack.schema, amount->type);
    report<"amount_not_money">(scope.diagnostics, written.amount->span, Words{found.zh, found.en});
    return;
  }
  if (reads_score(scope, *amount)) {
    report<"amount_of_score">(scope.diagnostics, written.amount->span);
    return;
  }
  made.amount = AmountExpr{std::move(*amount)};
}

// The name of the offending line stands in the amount only.
void check_named_amount(Scope& scope, const ast::Report& written, Report& made) {
  const auto& binder = written.on ? written.on->binder : std::nullopt;
  if (!binder)
    return check_amount(scope, written, made);
  const SpaceId space = scope.pack.names.of_relation[scope.rule.binder_relations[made.line]];
  if (!declare(scope, *binder, ElementRef{made.line, space, true}))
    return;
  scope.dated.push_back(made.line);
  check_amount(scope, written, made);
  scope.dated.pop_back();
  forget(scope, *binder);
}

void check_hole(Scope& scope, const ast::Hole& hole, Report& made) {
  auto value = check_value(scope, *hole.value);
  if (!value)
    return;
  const Kind kind = value->type.kind;
  if (hole.as_percent && kind != Kind::decimal && kind != Kind::integer && kind != Kind::score) {
    const TypeName found = type_name(scope.pack.schema, value->type);
    report<"percent_of_value">(scope.diagnostics, hole.value->span, Words{found.zh, found.en});
    return;
  }
  made.message.emplace_back(Hole{std::move(*value), hole.as_percent});
}

void check_indicator(Scope& scope, const ast::Report& written, Report& made) {
  auto value = check_value(scope, *written.value);
  if (!value)
    return;
  const Kind kind = value->type.kind;
  const bool number =
      is_number(kind) || kind == Kind::integer || kind == Kind::count || kind == Kind::score;
  if (number && written.severity == ast::Severity::indicator) {
    if (made.severity != ast::Severity::indicator)
      return; // an overlay says otherwise
    made.value = std::move(*value);
    return;
  }
  const TypeName found = type_name(scope.pack.schema, value->type);
  report<"indicator_value">(scope.diagnostics, written.value->span, Words{found.zh, found.en});
}

std::optional<Report> check_report(Scope& scope, const ast::Report& written, bool unknown,
                                   ast::Severity severity) {
  Report made{.severity = severity,
              .line = subject_binder,
              .line_parts = false,
              .on = OwnLine{},
              .involving = std::nullopt,
              .amount = AmountOfLine{},
              .message = {},
              .span = written.span};
  const bool lines = check_offending(scope, written, made);
  if (written.value)
    check_indicator(scope, written, made);
  if (written.involving) {
    auto involved = check_fee_lines(scope, *written.involving);
    if (involved)
      made.involving = std::make_unique<Query>(std::move(*involved));
  }
  if (lines)
    check_named_amount(scope, written, made);
  for (const ast::MessagePart& part : written.message.parts)
    std::visit(match{
                   [&](const std::string& text) { made.message.emplace_back(text); },
                   [&](const ast::Hole& hole) { check_hole(scope, hole, made); },
                   [&](const ast::MissingHole& hole) {
                     if (!unknown)
                       report<"missing_decided">(scope.diagnostics, hole.span);
                     made.message.emplace_back(MissingHole{});
                   },
               },
               part.form);
  if (!lines)
    return std::nullopt;
  spare_self_paid(scope, made);
  return made;
}

void check_when_unknown(Scope& scope, const ast::Branch& branch) {
  if (branch.report.severity == ast::Severity::violation)
    report<"unknown_says_violation">(scope.diagnostics, branch.report.span);
  auto made = check_report(scope, branch.report, true, branch.report.severity);
  if (made)
    scope.rule.when_unknown = std::move(*made);
}

// One branch as it stands, or with another severity where a change of it is in force.
void check_branch(Scope& scope, const ast::Branch& branch, const RuleChange* change,
                  ast::Severity severity, std::optional<Expr> where) {
  std::optional<Expr> when;
  bool fact = false;
  if (branch.when) {
    when = check_condition(scope, *branch.when);
    fact = when && is_fact(scope, *when);
    if (when && !where)
      check_not_constant(scope, *when);
    if (when && where)
      when = both(scope, std::move(*when), std::move(where), branch.span);
  } else {
    when = where ? std::move(where) : constant({.kind = Kind::boolean}, Bool{true}, branch.span);
  }
  auto made = check_report(scope, branch.report, false, severity);
  if (!when || !made)
    return;
  scope.rule.branches.push_back({.when = std::move(*when), .report = std::move(*made)});
  check_violation(scope, scope.rule.branches.back());
  check_model_alone(scope, scope.rule.branches.back(), fact, change);
}

// What a change makes of a branch: all that weighs more than it comes down to it; a rule that
// speaks with one weight only takes it also where it weighs more.
ast::Severity changed(const ast::Rule& rule, ast::Severity written, ast::Severity change) {
  for (const ast::Branch& branch : rule.branches)
    if (!branch.when_unknown && branch.report.severity != written)
      return std::max(written, change);
  return change;
}

// Where changes of severity are in force, the branch speaks with theirs, the narrowest layer's
// first; one copy of it for each, of which one holds.
void check_changed_branch(Scope& scope, const ast::Rule& rule, const ast::Branch& branch) {
  std::vector<const RuleChange*> changes;
  for (const RuleChange& change : scope.rule.changes)
    if (change.severity &&
        changed(rule, branch.report.severity, *change.severity) != branch.report.severity)
      changes.push_back(&change);
  for (std::size_t i = 0; i <= changes.size(); ++i) {
    std::optional<Expr> where;
    if (i < changes.size()) {
      where = is_changed(scope, *changes[i]);
      if (!where)
        return;
    }
    // Those behind it are narrower, or elsewhere.
    for (std::size_t j = i == changes.size() ? 0 : i + 1; j < changes.size(); ++j) {
      auto other = is_changed(scope, *changes[j]);
      if (!other)
        return;
      auto none = apply(scope, {"not", "not", branch.span}, list_of(std::move(*other)));
      if (!none)
        return;
      where =
          where ? both(scope, std::move(*where), std::move(none), branch.span) : std::move(none);
      if (!where)
        return;
    }
    const RuleChange* change = i < changes.size() ? changes[i] : nullptr;
    const ast::Severity severity =
        change ? changed(rule, branch.report.severity, *change->severity) : branch.report.severity;
    check_branch(scope, branch, change, severity, std::move(where));
  }
}

} // namespace

void check_branches(Scope& scope, const ast::Rule& rule) {
  bool ordinary = false;
  const ast::Branch* last = nullptr; // nothing can come behind it
  for (const ast::Branch& branch : rule.branches) {
    if (last)
      report<"branch_after_last">(scope.diagnostics, branch.span)
          .label(last->span, "此前的分支总会成立", "this branch comes before");
    if (branch.when_unknown)
      check_when_unknown(scope, branch);
    else
      check_changed_branch(scope, rule, branch);
    ordinary = ordinary || !branch.when_unknown;
    if (branch.when_unknown || !branch.when)
      last = &branch;
  }
  if (!ordinary)
    report<"report_missing">(scope.diagnostics, rule.id.span, rule.id.text);
}

} // namespace sanku::hir
