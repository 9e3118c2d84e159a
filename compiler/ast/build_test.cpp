// Tests: given data and expected outcomes. See build.h.
#include "compiler/ast/build.h"
#include "compiler/ast/choices.h"
#include "compiler/source/nfkc.h"

namespace sanku::ast {

namespace {

struct TestBuilder {
  Builder& build;

  DataRecord record(const Node& node);
  DataList list(const Node& node);
  ExprPtr literal(const Node& node);

  DataValue value(const Node& node) {
    if (node.is("data_record"_f))
      return {.form = record(node), .span = node.span};
    if (node.is("data_list"_f))
      return {.form = list(node), .span = node.span};
    return {.form = literal(node), .span = node.span};
  }
};

ExprPtr TestBuilder::literal(const Node& node) {
  const Node& first = node.children.front();
  if (first.is("minus"_w)) {
    ExprPtr number = build_expression(build, node.children[1]);
    return std::make_unique<Expr>(Expr{
        .span = node.span, .form = Unary{.op = UnaryOp::negate, .operand = std::move(number)}});
  }
  ExprPtr out = build_expression(build, first);
  if (node.children.size() == 1)
    return out;
  return std::make_unique<Expr>(Expr{
      .span = node.span,
      .form = Member{.base = std::move(out), .field = build_name(build, node.children.back())}});
}

DataRecord TestBuilder::record(const Node& node) {
  DataRecord out;
  for (const Node& each : node.children) {
    if (!each.is("data_field"_f))
      continue;
    out.fields.push_back({.name = build_name(build, each.children.front()),
                          .value = std::make_unique<DataValue>(value(each.children.back()))});
  }
  return out;
}

DataList TestBuilder::list(const Node& node) {
  DataList out;
  for (const Node& each : node.children) {
    if (each.form != "token"_f)
      out.values.push_back(value(each));
  }
  return out;
}

void add_given(TestBuilder& builder, Test& test, const Node& node) {
  Builder& build = builder.build;
  const Node& last = node.children.back();
  if (node.token("history"_w) != nullptr) {
    test.given.push_back(
        GivenHistory{.visits = std::move(builder.list(last).values), .span = node.span});
  } else if (const Node* region = node.token("region"_w)) {
    test.given.push_back(GivenRegion{.code = unquoted(build, last), .span = region->span});
  } else if (node.token("answer"_w) != nullptr) {
    test.given.push_back(GivenAnswer{.question = unquoted(build, *node.token("string"_w)),
                                     .yes = last.is("true"_w),
                                     .span = node.span});
  } else if (node.token("file"_w) != nullptr) {
    test.given.push_back(GivenFile{.path = unquoted(build, last), .span = node.span});
  } else if (const Node* table = node.child("word"_f)) {
    GivenKnowledge given{.table = build_name(build, *table), .rows = {}, .span = node.span};
    if (last.is("data_list"_f))
      given.rows = std::move(builder.list(last).values);
    else
      given.rows.push_back(builder.value(last));
    test.given.push_back(std::move(given));
  } else {
    test.given.push_back(GivenClaim{.claim = builder.record(last), .span = node.span});
  }
}

void add_outcome(Builder& build, Expect& expect, const Node& outcome) {
  const std::string word = build_name(build, outcome).text;
  expect.severity = value_named(severities, word);
  if (expect.severity)
    return;
  if (outcome.children.front().is("not_applicable"_w)) {
    expect.outcome = Expected::not_applicable;
    if (const Node* exemption = outcome.token("string"_w))
      expect.exemption = unquoted(build, *exemption);
  } else if (const auto named = value_named(outcomes, word)) {
    expect.outcome = *named;
  } else {
    std::string zh, en;
    const auto add = [&](const auto& each) {
      zh += std::string(zh.empty() ? "" : "、") += each.zh,
          en += std::string(en.empty() ? "" : ", ") += each.en;
    };
    for (const auto& each : severities)
      add(each);
    for (const auto& each : outcomes)
      add(each);
    diag::report<"not_among">(build.diags, outcome.span, word, diag::Words{"结果", "an outcome"},
                              diag::Words{zh, en});
  }
}

Expect build_expect(Builder& build, const Node& node) {
  Expect out{};
  out.span = node.span;
  if (node.token("nothing"_w) != nullptr)
    return out;
  out.outcome = Expected::fired;
  out.rule = build_name(build, *node.child("word"_f));
  if (const Node* outcome = node.child("outcome"_f))
    add_outcome(build, out, *outcome);
  if (const Node* amount = node.child("expected_amount"_f)) {
    if (const Node* number = amount->token("number"_w))
      out.amount = source::nfkc(build.text_of(*number));
    else
      out.amount_unknown = true;
  }
  if (const Node* lines = node.child("expected_lines"_f)) {
    for (const Node& each : lines->children)
      if (each.is("string"_w))
        out.lines.push_back(unquoted(build, each));
  }
  if (const Node* missing = node.child("expected_missing"_f)) {
    for (const Node& each : missing->children) {
      if (each.is("missing"_w) || each.is("comma"_w) || each.is("colon"_w))
        continue;
      out.missing.push_back(build_expression(build, each));
    }
  }
  return out;
}

} // namespace

Decl build_test(Builder& build, const Node& node) {
  Test out{};
  out.span = node.span;
  TestBuilder builder{.build = build};
  for (const Node& each : node.children) {
    if (each.is("string"_w))
      out.title = unquoted(build, each);
    else if (each.is("word"_f))
      out.of.push_back(build_name(build, each));
    else if (each.is("given"_f))
      add_given(builder, out, each);
    else if (each.is("expect"_f))
      out.expect.push_back(build_expect(build, each));
  }
  return out;
}

} // namespace sanku::ast
