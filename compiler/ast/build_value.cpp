// Names for values: sets, parameters, definitions, decision tables. See build.h.
#include "compiler/ast/build.h"
#include "compiler/ast/build_choice.h"

namespace sanku::ast {

namespace {

std::vector<Parameter> parameters(Builder& build, const Node& node) {
  std::vector<Parameter> out;
  for (const Node& each : node.children)
    if (each.is("parameter"_f))
      out.push_back({.name = build_name(build, each.children.front()),
                     .type = build_type(build, each.children.back())});
  return out;
}

} // namespace

Decl build_set(Builder& build, const Node& node) {
  SetDecl out{};
  out.names = build_names(build, *node.child("names"_f));
  out.type = build_type(build, *node.child("type"_f));
  out.literal = build_expression(build, node.children.back());
  out.span = node.span;
  return out;
}

ParamValue build_param_value(Builder& build, const Node& node) {
  const bool dated = node.token("from"_w) != nullptr;
  return {.value = build_expression(build, node.children.front()),
          .from = dated ? build_date(build, node.children.back()) : ""};
}

Decl build_param(Builder& build, const Node& node) {
  Param out{};
  out.names = build_names(build, *node.child("names"_f));
  out.span = node.span;
  for (const Node& each : node.children) {
    if (each.is("type"_f))
      out.type = build_type(build, each);
    if (each.is("param_bounds"_f)) {
      out.least = build_expression(build, each.children[1]);
      out.most = build_expression(build, each.children[3]);
    }
    if (!each.is("param_value"_f))
      continue;
    out.values.push_back(build_param_value(build, each));
  }
  return out;
}

Decl build_define(Builder& build, const Node& node) {
  Define out{};
  out.names = build_names(build, *node.child("names"_f));
  out.parameters = parameters(build, node);
  if (const Node* type = node.child("type"_f))
    out.type = build_type(build, *type);
  out.body = build_expression(build, node.children.back());
  out.span = node.span;
  return out;
}

Decl build_decide(Builder& build, const Node& node) {
  Decide out{};
  out.names = build_names(build, *node.child("names"_f));
  out.parameters = parameters(build, node);
  out.type = build_type(build, *node.child("type"_f));
  const auto hit = chosen<Hit>(build, *node.child("word"_f), hits, {"命中方式", "a way to hit"});
  out.hit = hit.value_or(Hit::first);
  out.span = node.span;
  if (const Node* rows = node.child("decide_rows"_f)) {
    if (auto built = build_rows(build, *rows))
      out.rows = std::move(*built);
  } else {
    out.file = unquoted(build, node.children.back());
  }
  return out;
}

} // namespace sanku::ast
