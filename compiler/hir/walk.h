// The one list of an expression's and a query's children, for passes that care about few forms.
// `fn` is called with const Expr& and const Query&; it recurses itself where it wants to.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/types/match.h"

#include <type_traits>

namespace sanku::hir {

template <class Fn> void for_each_child(const Expr& expr, Fn&& fn) {
  std::visit(match{
                 [](const Constant&) {},
                 [](const FieldOf&) {},
                 [](const LetOf&) {},
                 [](const Earlier&) {},
                 [](const OfVisit&) {},
                 [&](const PeersOf& peers) {
                   for (const Expr& key : peers.keys)
                     fn(key);
                 },
                 [&](const Call& call) {
                   for (const Expr& argument : call.arguments)
                     fn(argument);
                 },
                 [&](const InTable& in) {
                   fn(*in.key);
                   if (in.at)
                     fn(*in.at);
                 },
                 [&](const CodeTextOf& text) { fn(*text.code); },
                 [](const EmptyCell&) {},
                 [&](const Ask& ask) {
                   fn(*ask.question);
                   fn(*ask.answer);
                 },
                 [&](const ScoreOf& score) {
                   for (const Expr& input : score.inputs)
                     fn(input);
                   if (score.total)
                     fn(*score.total);
                 },
                 [&](const ReasonsOf& reasons) {
                   for (const Expr& input : reasons.inputs)
                     fn(input);
                 },
                 [&](const Fold& fold) {
                   fn(*fold.query);
                   if (fold.value)
                     fn(*fold.value);
                 },
             },
             expr.form);
}

template <class Fn> void for_each_child(const Binding& binding, Fn&& fn) {
  std::visit(match{
                 [](const ListSource&) {},
                 [](const GroupSource&) {},
                 [&](const RowsSource& rows) {
                   fn(*rows.key);
                   if (rows.at)
                     fn(*rows.at);
                 },
                 [](const TableSource&) {},
                 [&](const LinesSource& lines) { fn(*lines.lines); },
                 [&](const PairSource& pairs) { fn(*pairs.lines); },
                 [&](const VisitsSource& visits) {
                   fn(*visits.window);
                   fn(*visits.member);
                   fn(*visits.complete);
                 },
                 [&](const EachSource& each) { fn(*each.visits); },
             },
             binding.source);
}

template <class Fn> void for_each_child(const Query& query, Fn&& fn) {
  for (const Binding& binding : query.from)
    for_each_child(binding, fn);
  for (const Expr& condition : query.where)
    fn(condition);
  if (query.rank)
    fn(*query.rank->key);
  std::visit(match{
                 [](std::monostate) {},
                 [&](const BeyondQuantity& beyond) { fn(*beyond.limit); },
                 [&](const BeyondDistinct& beyond) {
                   fn(*beyond.limit);
                   fn(*beyond.key);
                 },
             },
             query.beyond);
}

template <class Fn> void for_each_child(const Report& report, Fn&& fn) {
  if (report.stands)
    fn(*report.stands);
  if (const auto* query = std::get_if<QueryPtr>(&report.on))
    fn(**query);
  if (report.self_paid)
    fn(*report.self_paid);
  if (report.involving)
    fn(**report.involving);
  if (const auto* amount = std::get_if<AmountExpr>(&report.amount))
    fn(amount->value);
  if (report.value)
    fn(*report.value);
  for (const MessagePart& part : report.message)
    if (const auto* hole = std::get_if<Hole>(&part))
      fn(hole->value);
}

template <class Fn> void for_each_child(const Guard& guard, Fn&& fn) {
  std::visit(match{
                 [&](const ConditionGuard& condition) { fn(condition.condition); },
                 [&](const RowGuard& row) {
                   fn(row.key);
                   if (row.at)
                     fn(*row.at);
                 },
                 [](const MatchGuard&) {},
             },
             guard);
}

// The roots of a rule, in the order in which it is written.
template <class Fn> void for_each_child(const Rule& rule, Fn&& fn) {
  if (rule.subject.entering)
    for_each_child(rule.subject.entering->binding, fn);
  for (const GroupKey& key : rule.subject.keys)
    fn(key.value);
  for (const ValueLet& let : rule.lets)
    fn(let.value);
  for (const Guard& guard : rule.guards)
    for_each_child(guard, fn);
  for (const Match& match : rule.matches) {
    for_each_child(match.binding, fn);
    for (const Expr& condition : match.where)
      fn(condition);
  }
  for (const PeerUse& use : rule.peers) {
    fn(use.value);
    for (const Expr& key : use.among)
      fn(key);
  }
  if (rule.trial)
    fn(*rule.trial);
  for (const Branch& branch : rule.branches) {
    fn(branch.when);
    for_each_child(branch.report, fn);
  }
  if (rule.when_unknown)
    for_each_child(*rule.when_unknown, fn);
}

// `fn` for every expression at and below a node, wherever it stands.
template <class Node, class Fn> void for_each_part(const Node& node, const Fn& fn) {
  if constexpr (std::is_same_v<Node, Expr>)
    fn(node);
  for_each_child(node, [&](const auto& child) { for_each_part(child, fn); });
}
template <class Node, class Fn> bool any_part(const Node& node, const Fn& fn) {
  bool any = false;
  for_each_part(node, [&](const Expr& part) { any = any || fn(part); });
  return any;
}

} // namespace sanku::hir
