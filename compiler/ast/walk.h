// The one list of an expression's children, and of a rule's expressions, for passes over what was
// written that care about few forms. Entry: for_each_part. Tested by
// tests/unit/tools/handbook_test.cpp, which looks for the names that a rule uses.
#pragma once

#include "compiler/ast/ast.h"
#include "runtime/types/match.h"

namespace sanku::ast {

template <class Fn> void for_each_child(const Expr& expr, Fn&& fn) {
  const auto maybe = [&](const ExprPtr& child) {
    if (child)
      fn(*child);
  };
  const auto all = [&](const std::vector<ExprPtr>& children) {
    for (const ExprPtr& child : children)
      maybe(child);
  };
  const auto sources = [&](const std::vector<Binder>& binders) {
    for (const Binder& each : binders)
      maybe(each.source);
  };
  std::visit(match{
                 [](const NumberLiteral&) {},
                 [](const TextLiteral&) {},
                 [](const DateLiteral&) {},
                 [](const BoolLiteral&) {},
                 [](const WindowLiteral&) {},
                 [](const NameRef&) {},
                 [&](const Member& each) { maybe(each.base); },
                 [&](const Lookup& each) { maybe(each.key), maybe(each.at); },
                 [&](const Unary& each) { maybe(each.operand); },
                 [&](const Binary& each) { maybe(each.left), maybe(each.right); },
                 [&](const Compare& each) { all(each.operands); },
                 [&](const Logical& each) { all(each.operands); },
                 [&](const Call& each) { all(each.arguments); },
                 [&](const Rounded& each) { maybe(each.value); },
                 [&](const Paren& each) { maybe(each.inner); },
                 [&](const SetLiteral& each) {
                   for (const SetElement& element : each.elements)
                     maybe(element.low), maybe(element.high);
                 },
                 [&](const Choose& each) {
                   for (const Arm& arm : each.arms)
                     maybe(arm.when), maybe(arm.take);
                   maybe(each.otherwise);
                 },
                 [&](const CountOf& each) { all(each.conditions); },
                 [&](const Peers& each) { maybe(each.rank), maybe(each.value), all(each.among); },
                 [&](const Period& each) { maybe(each.begin), maybe(each.end); },
                 [&](const InUnit& each) { maybe(each.value); },
                 [&](const Fold& each) {
                   sources(each.binders);
                   maybe(each.where), maybe(each.take);
                 },
                 [&](const Those& each) { sources(each.binders), maybe(each.where); },
                 [&](const Beyond& each) { maybe(each.list), maybe(each.limit); },
                 [&](const Ranked& each) { maybe(each.list); },
             },
             expr.form);
}

template <class Fn> void for_each_child(const Report& report, Fn&& fn) {
  const auto maybe = [&](const ExprPtr& child) {
    if (child)
      fn(*child);
  };
  maybe(report.value);
  if (report.on)
    maybe(report.on->lines);
  maybe(report.involving), maybe(report.amount);
  for (const MessagePart& part : report.message.parts)
    if (const auto* hole = std::get_if<Hole>(&part.form))
      maybe(hole->value);
}

// The roots of a rule, in the order in which it is written.
template <class Fn> void for_each_child(const Rule& rule, Fn&& fn) {
  const auto maybe = [&](const ExprPtr& child) {
    if (child)
      fn(*child);
  };
  const auto with = [&](const With& each) { maybe(each.source), maybe(each.where); };
  if (rule.subject) {
    if (rule.subject->entering)
      with(*rule.subject->entering);
    for (const GroupKey& key : rule.subject->by)
      maybe(key.value);
  }
  for (const Clause& clause : rule.clauses)
    std::visit(match{[&](const Let& each) { maybe(each.value); },
                     [&](const With& each) { with(each); },
                     [&](const Provided& each) { maybe(each.condition); },
                     [&](const Unless& each) { maybe(each.condition); }},
               clause);
  for (const Branch& branch : rule.branches) {
    maybe(branch.when);
    for_each_child(branch.report, fn);
  }
}

template <class Fn> void for_each_child(const ModelDecl& model, Fn&& fn) {
  const auto maybe = [&](const ExprPtr& child) {
    if (child)
      fn(*child);
  };
  for (const Points& each : model.points)
    maybe(each.points), maybe(each.when), maybe(each.otherwise);
  for (const ModelInput& each : model.inputs)
    maybe(each.value);
}

// `fn` for every expression at and below a node.
template <class Node, class Fn> void for_each_part(const Node& node, const Fn& fn) {
  if constexpr (std::is_same_v<Node, Expr>)
    fn(node);
  for_each_child(node, [&](const auto& child) { for_each_part(child, fn); });
}

} // namespace sanku::ast
