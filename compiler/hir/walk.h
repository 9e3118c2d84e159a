// The one list of an expression's and a query's children, for passes that care about few forms.
// `fn` is called with Expr& and Query&, constant where the node is; it recurses itself where it
// wants to.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/types/match.h"

#include <concepts>
#include <type_traits>

namespace sanku::hir {

// A node, constant or not; and a form of one that is as constant as the node.
template <class Node, class T>
concept Is = std::same_as<std::remove_const_t<Node>, T>;
template <class Node, class Form>
using In = std::conditional_t<std::is_const_v<Node>, const Form, Form>;

template <Is<Expr> Node, class Fn> void for_each_child(Node& expr, Fn&& fn) {
  std::visit(match{
                 [](const Constant&) {},
                 [](const FieldOf&) {},
                 [](const LetOf&) {},
                 [](const Earlier&) {},
                 [](const OfVisit&) {},
                 [&](In<Node, PeersOf>& peers) {
                   for (auto& key : peers.keys)
                     fn(key);
                   if (peers.rank)
                     fn(*peers.rank);
                 },
                 [&](In<Node, Call>& call) {
                   for (auto& argument : call.arguments)
                     fn(argument);
                 },
                 [&](In<Node, InTable>& in) {
                   fn(*in.key);
                   if (in.at)
                     fn(*in.at);
                 },
                 [&](In<Node, CodeTextOf>& text) { fn(*text.code); },
                 [](const EmptyCell&) {},
                 [&](In<Node, Ask>& ask) {
                   fn(*ask.question);
                   fn(*ask.answer);
                 },
                 [&](In<Node, ScoreOf>& score) {
                   for (auto& input : score.inputs)
                     fn(input);
                   if (score.total)
                     fn(*score.total);
                 },
                 [&](In<Node, ReasonsOf>& reasons) {
                   for (auto& input : reasons.inputs)
                     fn(input);
                 },
                 [&](In<Node, Fold>& fold) {
                   fn(*fold.query);
                   if (fold.value)
                     fn(*fold.value);
                 },
             },
             expr.form);
}

template <Is<Binding> Node, class Fn> void for_each_child(Node& binding, Fn&& fn) {
  std::visit(match{
                 [](const ListSource&) {},
                 [](const GroupSource&) {},
                 [&](In<Node, RowsSource>& rows) {
                   fn(*rows.key);
                   if (rows.at)
                     fn(*rows.at);
                 },
                 [](const TableSource&) {},
                 [&](In<Node, LinesSource>& lines) { fn(*lines.lines); },
                 [&](In<Node, PairSource>& pairs) { fn(*pairs.lines); },
                 [&](In<Node, VisitsSource>& visits) {
                   fn(*visits.window);
                   fn(*visits.member);
                   fn(*visits.complete);
                 },
                 [&](In<Node, EachSource>& each) { fn(*each.visits); },
             },
             binding.source);
}

template <Is<Query> Node, class Fn> void for_each_child(Node& query, Fn&& fn) {
  for (auto& binding : query.from)
    for_each_child(binding, fn);
  for (auto& condition : query.where)
    fn(condition);
  if (query.rank)
    fn(*query.rank->key);
  std::visit(match{
                 [](std::monostate) {},
                 [&](In<Node, BeyondQuantity>& beyond) { fn(*beyond.limit); },
                 [&](In<Node, BeyondDistinct>& beyond) {
                   fn(*beyond.limit);
                   fn(*beyond.key);
                 },
             },
             query.beyond);
}

template <Is<Report> Node, class Fn> void for_each_child(Node& report, Fn&& fn) {
  if (report.stands)
    fn(*report.stands);
  if (auto* query = std::get_if<QueryPtr>(&report.on))
    fn(**query);
  if (report.self_paid)
    fn(*report.self_paid);
  if (report.involving)
    fn(**report.involving);
  if (auto* amount = std::get_if<AmountExpr>(&report.amount))
    fn(amount->value);
  if (report.value)
    fn(*report.value);
  for (auto& part : report.message)
    if (auto* hole = std::get_if<Hole>(&part))
      fn(hole->value);
}

template <Is<Guard> Node, class Fn> void for_each_child(Node& guard, Fn&& fn) {
  std::visit(match{
                 [&](In<Node, ConditionGuard>& condition) { fn(condition.condition); },
                 [&](In<Node, RowGuard>& row) {
                   fn(row.key);
                   if (row.at)
                     fn(*row.at);
                 },
                 [](const MatchGuard&) {},
             },
             guard);
}

// The roots of a rule, in the order in which it is written.
template <Is<Rule> Node, class Fn> void for_each_child(Node& rule, Fn&& fn) {
  if (rule.subject.entering)
    for_each_child(rule.subject.entering->binding, fn);
  for (auto& key : rule.subject.keys)
    fn(key.value);
  for (auto& let : rule.lets)
    fn(let.value);
  for (auto& guard : rule.guards)
    for_each_child(guard, fn);
  for (auto& match : rule.matches) {
    for_each_child(match.binding, fn);
    for (auto& condition : match.where)
      fn(condition);
  }
  for (auto& use : rule.peers) {
    fn(use.value);
    for (auto& key : use.among)
      fn(key);
  }
  if (rule.trial)
    fn(*rule.trial);
  for (auto& branch : rule.branches) {
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
