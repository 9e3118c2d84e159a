// Overlays: what a region changes of the pack below it. Declarations inside their braces are built
// as everywhere. See build.h.
#include "compiler/ast/build.h"
#include "compiler/ast/build_choice.h"

namespace sanku::ast {

namespace {

// `national.core`, or in quotes.
Name pack_name(const Builder& build, const Node& node) {
  if (node.children.front().is("string"_w))
    return {unquoted(build, node.children.front()), node.span};
  Name out{.text = {}, .span = node.span};
  for (const Node& each : node.children)
    out.text += each.is("dot"_w) ? "." : build_name(build, each).text;
  return out;
}

Days days_of(Builder& build, const Node& change) {
  const Node* node = change.child("days_of"_f);
  Days out;
  if (node == nullptr)
    return out;
  for (std::size_t i = 1; i < node->children.size(); i += 2) {
    const bool end = node->children[i - 1].is("until"_w);
    (end ? out.until : out.from) = build_date(build, node->children[i]);
  }
  if (!out.from.empty() && !out.until.empty() && out.until < out.from)
    diag::report<"dates_reversed">(build.diags, node->span, out.from, out.until);
  return out;
}

std::optional<std::string> reason_of(const Builder& build, const Node& change) {
  const Node* because = change.child("because"_f);
  if (because == nullptr)
    return std::nullopt;
  return unquoted(build, because->children.back());
}

// The words of a change in their order.
std::vector<Name> words_of(const Builder& build, const Node& node) {
  std::vector<Name> out;
  for (const Node& each : node.children)
    if (each.is("word"_f))
      out.push_back(build_name(build, each));
  return out;
}

NewValue new_value(Builder& build, const Node& node) {
  NewValue out{.param = words_of(build, node).front(), .values = {}, .span = node.span};
  for (const Node& each : node.children)
    if (each.is("param_value"_f))
      out.values.push_back(build_param_value(build, each));
  return out;
}

NewSeverity new_severity(Builder& build, const Node& node) {
  std::vector<const Node*> words;
  for (const Node& each : node.children)
    if (each.is("word"_f))
      words.push_back(&each);
  const auto severity = chosen<Severity>(build, *words[1], severities, {"程度", "a severity"});
  return {.rule = build_name(build, *words[0]),
          .severity = severity.value_or(Severity::suspected),
          .days = days_of(build, node),
          .reason = reason_of(build, node),
          .span = node.span};
}

RowChange row_change(Builder& build, const Node& node) {
  RowChange out{.table = words_of(build, node).front(), .add = {}, .remove = {}, .span = node.span};
  for (const Node& each : node.children) {
    if (each.is("string"_w))
      out.add.push_back({.file = unquoted(build, each), .span = each.span});
    if (!each.is("set_literal"_f))
      continue;
    if (const ExprPtr set = build_expression(build, each))
      for (SetElement& key : std::get<SetLiteral>(set->form).elements)
        out.remove.push_back(std::move(key));
  }
  return out;
}

CodeChange code_change(Builder& build, const Node& node) {
  CodeChange out{.type = words_of(build, node).front(), .codes = {}, .span = node.span};
  for (std::size_t i = 0; i + 2 < node.children.size(); ++i)
    if (node.children[i].is("string"_w))
      out.codes.push_back({.code = unquoted(build, node.children[i]),
                           .member = build_name(build, node.children[i + 2]),
                           .span = cover(node.children[i].span, node.children[i + 2].span)});
  return out;
}

} // namespace

bool is_change(const Node& item) {
  return item.is("new_value"_f) || item.is("disable"_f) || item.is("severity"_f) ||
         item.is("row_change"_f) || item.is("code_change"_f);
}

Overlay build_overlay(Builder& build, const Node& node) {
  Overlay out{};
  out.span = node.span;
  out.name = pack_name(build, node.children[1]);
  out.base = pack_name(build, node.children[3]);
  const Node& region = *node.token("string"_w);
  out.region = unquoted(build, region);
  out.region_span = region.span;
  for (const Node& item : node.children) {
    if (!item.is("overlay_item"_f))
      continue;
    const Node& change = item.children.front();
    if (change.is("new_value"_f))
      out.changes.emplace_back(new_value(build, change));
    else if (change.is("disable"_f))
      out.changes.emplace_back(Disable{.rule = words_of(build, change).front(),
                                       .days = days_of(build, change),
                                       .reason = reason_of(build, change),
                                       .span = change.span});
    else if (change.is("severity"_f))
      out.changes.emplace_back(new_severity(build, change));
    else if (change.is("row_change"_f))
      out.changes.emplace_back(row_change(build, change));
    else if (change.is("code_change"_f))
      out.changes.emplace_back(code_change(build, change));
  }
  return out;
}

} // namespace sanku::ast
