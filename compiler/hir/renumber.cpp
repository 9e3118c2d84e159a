// See renumber.h.
#include "compiler/hir/renumber.h"

#include "runtime/types/match.h"

namespace sanku::hir {
namespace {

struct Renumber {
  const Renumbering& numbers;

  void table(TableId& id) const { id = numbers.tables[id]; }
  void model(ModelId& id) const { id = numbers.models[id]; }
  void relation(RelationId& id) const {
    if (id >= numbers.lists)
      id = numbers.lists + numbers.tables[id - numbers.lists];
  }
  void maybe(const ExprPtr& child) const {
    if (child)
      expr(*child);
  }
  void maybe(std::optional<Expr>& child) const {
    if (child)
      expr(*child);
  }
  void all(std::vector<Expr>& exprs) const {
    for (Expr& each : exprs)
      expr(each);
  }

  void expr(Expr& changed) const {
    std::visit(match{
                   [](Constant&) {},
                   [&](FieldOf& form) { relation(form.relation); },
                   [](LetOf&) {},
                   [&](Call& form) { all(form.arguments); },
                   [&](InTable& form) {
                     table(form.table);
                     expr(*form.key);
                     maybe(form.at);
                   },
                   [&](CodeTextOf& form) { expr(*form.code); },
                   [&](EmptyCell& form) { relation(form.relation); },
                   [&](Ask& form) {
                     expr(*form.question);
                     expr(*form.answer);
                   },
                   [&](Earlier& form) { relation(form.relation); },
                   [&](OfVisit& form) { relation(form.relation); },
                   [&](PeersOf& form) {
                     all(form.keys);
                     maybe(form.rank);
                   },
                   [&](ScoreOf& form) {
                     model(form.model);
                     all(form.inputs);
                     maybe(form.total);
                   },
                   [&](ReasonsOf& form) {
                     model(form.model);
                     all(form.inputs);
                   },
                   [&](Fold& form) {
                     query(*form.query);
                     maybe(form.value);
                   },
               },
               changed.form);
  }

  void binding(Binding& changed) const {
    relation(changed.relation);
    std::visit(match{
                   [&](ListSource& source) { relation(source.relation); },
                   [](GroupSource&) {},
                   [&](RowsSource& source) {
                     table(source.table);
                     expr(*source.key);
                     maybe(source.at);
                   },
                   [&](TableSource& source) { table(source.table); },
                   [&](LinesSource& source) { query(*source.lines); },
                   [&](PairSource& source) { query(*source.lines); },
                   [&](VisitsSource& source) {
                     expr(*source.window);
                     expr(*source.member);
                     expr(*source.complete);
                   },
                   [&](EachSource& source) {
                     query(*source.visits);
                     relation(source.relation);
                   },
               },
               changed.source);
  }

  void query(Query& changed) const {
    for (Binding& each : changed.from)
      binding(each);
    all(changed.where);
    std::visit(match{
                   [](std::monostate) {},
                   [&](BeyondQuantity& beyond) { expr(*beyond.limit); },
                   [&](BeyondDistinct& beyond) {
                     expr(*beyond.limit);
                     expr(*beyond.key);
                   },
               },
               changed.beyond);
    if (changed.rank)
      expr(*changed.rank->key);
  }

  void guard(Guard& changed) const {
    std::visit(match{
                   [&](ConditionGuard& form) { expr(form.condition); },
                   [&](RowGuard& form) {
                     table(form.table);
                     expr(form.key);
                     maybe(form.at);
                   },
                   [](MatchGuard&) {},
               },
               changed);
  }

  void report(Report& changed) const {
    if (auto* lines = std::get_if<QueryPtr>(&changed.on))
      query(**lines);
    if (changed.involving)
      query(**changed.involving);
    if (auto* amount = std::get_if<AmountExpr>(&changed.amount))
      expr(amount->value);
    for (MessagePart& part : changed.message)
      if (auto* hole = std::get_if<Hole>(&part))
        expr(hole->value);
    maybe(changed.value);
    maybe(changed.stands);
    maybe(changed.self_paid);
  }

  void rule(Rule& changed) const {
    for (RelationId& id : changed.binder_relations)
      relation(id);
    relation(changed.subject.relation);
    for (GroupKey& key : changed.subject.keys)
      expr(key.value);
    if (changed.subject.entering)
      binding(changed.subject.entering->binding);
    for (ValueLet& let : changed.lets)
      expr(let.value);
    for (Guard& each : changed.guards)
      guard(each);
    for (Match& match : changed.matches) {
      binding(match.binding);
      all(match.where);
    }
    for (PeerUse& use : changed.peers) {
      expr(use.value);
      all(use.among);
    }
    maybe(changed.trial);
    for (Branch& branch : changed.branches) {
      expr(branch.when);
      report(branch.report);
    }
    if (changed.when_unknown)
      report(*changed.when_unknown);
  }
};

} // namespace

void renumber(Rule& rule, const Renumbering& numbers) { Renumber{numbers}.rule(rule); }

} // namespace sanku::hir
