// Structural recursion over both forms; see copy.h. Tested through every use of a named list in
// tests/unit/compiler/check_test.cpp.
#include "compiler/hir/copy.h"

#include "compiler/hir/walk.h"

namespace sanku::hir {
namespace {

struct Copier {
  Rule& rule;
  Renamed& renamed;

  BinderId binder(BinderId id) const {
    const auto found = renamed.find(id);
    return found == renamed.end() ? id : found->second;
  }
  ExprPtr pointer(const ExprPtr& expr) const {
    return expr ? std::make_unique<Expr>(copy(*expr, rule, renamed)) : nullptr;
  }
  std::vector<Expr> list(const std::vector<Expr>& exprs) const {
    std::vector<Expr> made;
    made.reserve(exprs.size());
    for (const Expr& expr : exprs)
      made.push_back(copy(expr, rule, renamed));
    return made;
  }
  QueryPtr pointer(const QueryPtr& query) const {
    return std::make_unique<Query>(copy(*query, rule, renamed));
  }

  Binding binding(const Binding& from) const {
    Binding made{.binder = 0,
                 .relation = from.relation,
                 .parts = from.parts,
                 .source = ListSource{from.relation}};
    // The source is outside the binder's own scope, so it is copied before the binder is renamed.
    std::visit(
        match{
            [&](const ListSource& source) {
              made.source = ListSource{source.relation, binder(source.owner)};
            },
            [&](const GroupSource& source) { made.source = source; },
            [&](const RowsSource& source) {
              made.source = RowsSource{source.table, pointer(source.key), pointer(source.at)};
            },
            [&](const TableSource& source) { made.source = source; },
            [&](const LinesSource& source) { made.source = LinesSource{pointer(source.lines)}; },
            [&](const PairSource& source) {
              QueryPtr lines = pointer(source.lines);
              const BinderId next =
                  fresh_binder(rule, from.relation, rule.binder_names[source.next]);
              renamed[source.next] = next;
              made.source = PairSource{std::move(lines), next};
            },
            [&](const VisitsSource& source) {
              made.source = VisitsSource{source.past, pointer(source.window), nullptr,
                                         pointer(source.complete)};
            },
            [&](const EachSource& source) {
              made.source = EachSource{pointer(source.visits), source.relation};
            },
        },
        from.source);
    const std::string name = rule.binder_names[from.binder];
    made.binder = fresh_binder(rule, from.relation, name);
    renamed[from.binder] = made.binder;
    if (const auto* visits = std::get_if<VisitsSource>(&from.source))
      std::get<VisitsSource>(made.source).member = pointer(visits->member);
    return made;
  }
};

} // namespace

BinderId fresh_binder(Rule& rule, RelationId relation, std::string name) {
  const BinderId id = rule.binders++;
  rule.binder_relations.resize(rule.binders);
  rule.binder_names.resize(rule.binders);
  rule.binder_relations[id] = relation;
  rule.binder_names[id] = std::move(name);
  return id;
}

Expr copy(const Expr& expr, Rule& rule, Renamed& renamed) {
  const Copier copier{rule, renamed};
  Expr made{.type = expr.type, .span = expr.span, .form = Constant{}};
  std::visit(
      match{
          [&](const Constant& form) { made.form = form; },
          [&](const FieldOf& form) {
            made.form = FieldOf{copier.binder(form.binder), form.relation, form.column, form.whole};
          },
          [&](const LetOf& form) { made.form = form; },
          [&](const Call& form) {
            made.form = Call{.builtin = form.builtin, .arguments = copier.list(form.arguments)};
          },
          [&](const InTable& form) {
            made.form = InTable{form.table, copier.pointer(form.key), copier.pointer(form.at)};
          },
          [&](const CodeTextOf& form) { made.form = CodeTextOf{copier.pointer(form.code)}; },
          [&](const EmptyCell& form) {
            made.form = EmptyCell{copier.binder(form.binder), form.relation, form.column};
          },
          [&](const Ask& form) {
            made.form = Ask{copier.pointer(form.question), copier.pointer(form.answer)};
          },
          [&](const Earlier& form) {
            made.form = Earlier{copier.binder(form.left), copier.binder(form.right), form.relation};
          },
          [&](const PeersOf& form) {
            made.form = PeersOf{form.number, copier.list(form.keys), copier.pointer(form.rank)};
          },
          [&](const OfVisit& form) {
            made.form = OfVisit{copier.binder(form.element), form.relation};
          },
          [&](const ScoreOf& form) {
            made.form = ScoreOf{form.model, copier.list(form.inputs), copier.pointer(form.total)};
          },
          [&](const ReasonsOf& form) {
            made.form = ReasonsOf{form.model, copier.list(form.inputs), form.most};
          },
          [&](const Fold& form) {
            // The query first: the value stands in the scope of its binders.
            QueryPtr query = copier.pointer(form.query);
            made.form = Fold{form.kind, std::move(query), copier.pointer(form.value)};
          },
      },
      expr.form);
  return made;
}

Query copy(const Query& query, Rule& rule, Renamed& renamed) {
  const Copier copier{rule, renamed};
  Query made;
  made.span = query.span;
  for (const Binding& binding : query.from)
    made.from.push_back(copier.binding(binding));
  for (const Expr& condition : query.where)
    made.where.push_back(copy(condition, rule, renamed));
  if (query.rank)
    made.rank = Rank{copier.pointer(query.rank->key), query.rank->descending};
  std::visit(match{
                 [](std::monostate) {},
                 [&](const BeyondQuantity& beyond) {
                   made.beyond = BeyondQuantity{copier.pointer(beyond.limit)};
                 },
                 [&](const BeyondDistinct& beyond) {
                   made.beyond =
                       BeyondDistinct{copier.pointer(beyond.limit), copier.pointer(beyond.key)};
                 },
             },
             query.beyond);
  return made;
}

std::size_t node_count(const Expr& expr) {
  std::size_t count = 1;
  for_each_child(expr, [&](const auto& child) { count += node_count(child); });
  return count;
}

std::size_t node_count(const Query& query) {
  std::size_t count = 1;
  for_each_child(query, [&](const auto& child) { count += node_count(child); });
  return count;
}

} // namespace sanku::hir
