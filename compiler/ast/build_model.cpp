// Models: scorecards, and trained ones with their inputs. See build.h.
#include "compiler/ast/build.h"
#include "compiler/ast/build_choice.h"
#include "runtime/types/match.h"

namespace sanku::ast {

namespace {

// The expression at the right end of a condition, where `x otherwise y` without parentheses stands.
ExprPtr* right_end(Expr& expr) {
  return std::visit(
      match{
          [](Logical& form) { return &form.operands.back(); },
          [](Compare& form) { return &form.operands.back(); },
          [](Unary& form) { return form.op == UnaryOp::logical_not ? &form.operand : nullptr; },
          [](Binary& form) {
            const bool last = form.op == BinaryOp::contains || form.op == BinaryOp::starts_with ||
                              form.op == BinaryOp::earlier || form.op == BinaryOp::member_of ||
                              form.op == BinaryOp::under || form.op == BinaryOp::meets ||
                              form.op == BinaryOp::overlaps || form.op == BinaryOp::adjacent;
            return last ? &form.right : nullptr;
          },
          [](auto&) -> ExprPtr* { return nullptr; },
      },
      expr.form);
}

// from: `a <= 3 otherwise 0`, to: `a <= 3` and the points 0.
ExprPtr take_otherwise(ExprPtr& condition) {
  auto* binary = std::get_if<Binary>(&condition->form);
  ExprPtr taken;
  if (binary != nullptr && binary->op == BinaryOp::otherwise) {
    taken = std::move(binary->right);
    ExprPtr rest = std::move(binary->left);
    condition = std::move(rest);
    return taken;
  }
  ExprPtr* const end = right_end(*condition);
  if (end != nullptr && *end)
    taken = take_otherwise(*end);
  if (taken)
    condition->span.end = (*end)->span.end;
  return taken;
}

Points build_points(Builder& build, const Node& node) {
  Points out{};
  out.span = node.span;
  const std::vector<Node>& parts = node.children;
  std::size_t at = 1; // behind `add`
  const auto behind_colon = [&] { at += parts[at].is("colon"_w) ? 1 : 0; };
  behind_colon();
  out.points = build_expression(build, parts[at++]);
  if (parts[at].is("string"_w))
    out.title = unquoted(build, parts[at++]);
  ++at; // `when`
  behind_colon();
  out.when = build_expression(build, parts[at]);
  if (out.when)
    out.otherwise = take_otherwise(out.when);
  return out;
}

ModelInput build_input(Builder& build, const Node& node) {
  ModelInput out{};
  out.span = node.span;
  out.names = build_names(build, node.children.front());
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    const Node& word = node.children[i - 1];
    if (word.is("from"_w))
      out.from = unquoted(build, node.children[i]);
    if (word.is("equal"_w))
      out.value = build_expression(build, node.children[i]);
  }
  return out;
}

} // namespace

Decl build_model(Builder& build, const Node& node) {
  ModelDecl out{};
  out.names = build_names(build, *node.child("names"_f));
  out.span = node.span;
  if (const Node* parameter = node.child("parameter"_f))
    out.parameter = Parameter{.name = build_name(build, parameter->children.front()),
                              .type = build_type(build, parameter->children.back())};
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& each = node.children[i];
    if (each.is("from"_w)) {
      out.file_span = node.children[++i].span;
      out.file = unquoted(build, node.children[i]);
    } else if (each.is("format"_w)) {
      out.format = chosen<ModelFormat>(build, node.children[++i], model_formats,
                                       {"模型的格式", "a format of models"});
    } else if (each.is("string"_w)) {
      out.title = unquoted(build, each);
    } else if (each.is("points"_f)) {
      out.points.push_back(build_points(build, each));
    } else if (each.is("model_input"_f)) {
      out.inputs.push_back(build_input(build, each));
    }
  }
  return out;
}

} // namespace sanku::ast
