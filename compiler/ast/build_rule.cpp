// Rules: clauses to their places in the Ast, their order and number checked. See build.h.
#include "compiler/ast/build.h"
#include "compiler/ast/choices.h"
#include "compiler/diag/nearest.h"

#include <span>
#include <utility>

namespace sanku::ast {

namespace {

template <class T>
std::optional<T> chosen(Builder& build, const Node& word, std::span<const Choice<T>> choices,
                        diag::Words kind) {
  const Name written = build_name(build, word);
  std::string zh, en;
  std::vector<std::string_view> candidates;
  for (const Choice<T>& each : choices) {
    if (written.text == each.en || written.text == each.zh)
      return each.value;
    zh += fmt::format("{}{}", zh.empty() ? "" : "、", each.zh);
    en += fmt::format("{}{}", en.empty() ? "" : ", ", each.en);
    candidates.push_back(each.en);
    candidates.push_back(each.zh);
  }
  diag::Diagnostic& out =
      diag::report<"not_among">(build.diags, word.span, written.text, kind, diag::Words{zh, en});
  if (const auto near = diag::nearest(written.text, candidates)) {
    out.help(fmt::format("您是否想写 `{}`？", *near), fmt::format("did you mean `{}`?", *near))
        .fix(word.span, *near);
  }
  return std::nullopt;
}

// The order of clauses: header, subject, guards, branches.
enum class Part : std::uint8_t { header, subject, guard, branch };

Part part_of(Form form) {
  if (form == "subject"_f)
    return Part::subject;
  if (form == "branch"_f)
    return Part::branch;
  if (form == "let_clause"_f || form == "with_clause"_f || form == "provided"_f ||
      form == "unless"_f)
    return Part::guard;
  return Part::header;
}

struct RuleBuilder {
  Builder& build;
  Rule rule;

  bool once(bool given, const Node& clause) {
    if (given)
      diag::report<"repeated_clause">(build.diags, clause.children.front().span,
                                      build.text_of(clause.children.front()));
    return !given;
  }

  [[nodiscard]] ExprPtr expression(const Node& node) { return build_expression(build, node); }

  void header(const Node& clause);
  void subject(const Node& clause);
  void guard(const Node& clause);
  void branch(const Node& clause);
  Report report(const Node& node);
  GroupKey group_key(const Node& node);
};

void RuleBuilder::header(const Node& clause) {
  const Node* word = clause.child("word"_f);
  if (clause.is("later_clause"_f)) {
    const Node& name = clause.children.front();
    report_not_yet(build, name.span, {row_of(name.word).zh, row_of(name.word).en});
  } else if (clause.is("category"_f)) {
    if (!once(rule.category.has_value(), clause))
      return;
    rule.category_span = clause.span;
    rule.category = chosen<Category>(build, *word, categories, {"类别", "a category"});
  } else if (clause.is("behaviour"_f)) {
    if (!once(rule.behaviour.has_value(), clause))
      return;
    rule.behaviour_span = clause.span;
    rule.behaviour = chosen<Behaviour>(build, *word, behaviours, {"行为", "a behaviour"});
  } else if (clause.is("basis"_f)) {
    const Node* place = clause.token("string"_w);
    rule.bases.push_back({.source = build_name(build, *word),
                          .place = place ? unquoted(build, *place) : "",
                          .span = clause.span});
  } else if (once(!rule.stages.empty(), clause)) {
    rule.stages_span = clause.span;
    for (const Node& each : clause.children) {
      if (!each.is("word"_f))
        continue;
      if (const auto stage = chosen<Stage>(build, each, stages, {"环节", "a stage"}))
        rule.stages.push_back(*stage);
    }
  }
}

GroupKey RuleBuilder::group_key(const Node& node) {
  GroupKey out{};
  if (node.children.size() > 1)
    out.name = build_name(build, node.children.front());
  out.value = expression(node.children.back());
  return out;
}

void RuleBuilder::subject(const Node& clause) {
  if (!once(rule.subject.has_value(), clause))
    return;
  if (const Node* all = clause.token("all"_w))
    report_not_yet(build, all->span, {"对象：全体", "on all"});
  Subject out{.what = build_name(build, *clause.child("word"_f)), .by = {}, .span = clause.span};
  for (const Node& each : clause.children) {
    if (each.is("group_key"_f))
      out.by.push_back(group_key(each));
  }
  rule.subject = std::move(out);
}

void RuleBuilder::guard(const Node& clause) {
  const Node* word = clause.child("word"_f);
  const Node& last = clause.children.back();
  if (clause.is("let_clause"_f)) {
    rule.clauses.push_back(
        Let{.name = build_name(build, *word), .value = expression(last), .span = clause.span});
  } else if (clause.is("provided"_f)) {
    rule.clauses.push_back(Provided{.condition = expression(last), .span = clause.span});
  } else if (clause.is("unless"_f)) {
    // The condition may be a string itself: the exemption is a second one.
    const std::size_t first = clause.children[1].is("colon"_w) ? 2 : 1;
    const bool named = clause.children.size() > first + 1;
    rule.clauses.push_back(Unless{.condition = expression(clause.children[first]),
                                  .exemption = named ? unquoted(build, last) : "",
                                  .span = clause.span});
  } else {
    if (const Node* by = clause.child("later_entering"_f))
      report_not_yet(build, by->children.front().span, {"另有 … 按", "with … by"});
    With out{
        .name = build_name(build, *word), .source = nullptr, .where = nullptr, .span = clause.span};
    for (std::size_t i = 0; i + 1 < clause.children.size(); ++i) {
      if (clause.children[i].is("binds"_f))
        out.source = expression(clause.children[i + 1]);
      if (clause.children[i].is("where"_w))
        out.where = expression(clause.children[i + 1]);
    }
    rule.clauses.push_back(std::move(out));
  }
}

Report RuleBuilder::report(const Node& node) {
  const auto severity =
      chosen<Severity>(build, *node.child("word"_f), severities, {"程度", "a severity"});
  Report out{.severity = severity.value_or(Severity::suspected),
             .on = std::nullopt,
             .involving = nullptr,
             .amount_unknown = false,
             .amount = nullptr,
             .message = {},
             .span = node.span};
  bool amount = false;
  for (const Node& each : node.children) {
    if (each.is("report_lines"_f)) {
      if (!once(out.on.has_value(), each))
        continue;
      LinesClause lines{
          .binder = std::nullopt, .lines = expression(each.children.back()), .span = each.span};
      if (const Node* binder = each.child("word"_f))
        lines.binder = build_name(build, *binder);
      out.on = std::move(lines);
    } else if (each.is("involving"_f)) {
      if (once(out.involving != nullptr, each))
        out.involving = expression(each.children.back());
    } else if (each.is("amount"_f)) {
      if (!once(std::exchange(amount, true), each))
        continue;
      const Node& value = each.children.back();
      out.amount_unknown = value.is("unknown"_w) || value.is("pending"_w);
      if (!out.amount_unknown)
        out.amount = expression(value);
    }
  }
  out.message = build_message(build, node.children.back());
  return out;
}

void RuleBuilder::branch(const Node& clause) {
  Branch out{.when_unknown = clause.token("unknown"_w) != nullptr,
             .when = nullptr,
             .report = report(clause.children.back()),
             .span = clause.span};
  for (const Node& each : clause.children) {
    if (each.form == "token"_f && !each.is("string"_w) && !each.is("date"_w) &&
        !each.is("true"_w) && !each.is("false"_w))
      continue;
    if (!each.is("report"_f))
      out.when = expression(each);
  }
  rule.branches.push_back(std::move(out));
}

} // namespace

Decl build_rule(Builder& build, const Node& node) {
  RuleBuilder builder{.build = build, .rule = {}};
  Rule& rule = builder.rule;
  rule.id = build_name(build, *node.child("word"_f));
  rule.span = node.span;
  std::size_t titles = 0;
  const Node* latest = nullptr;
  for (const Node& each : node.children) {
    if (each.is("string"_w))
      (titles++ == 0 ? rule.title : rule.title_en.emplace()) = unquoted(build, each);
    if (!each.is("rule_item"_f))
      continue;
    const Node& clause = each.children.front();
    const Part part = part_of(clause.form);
    if (latest != nullptr && part < part_of(latest->form)) {
      const auto word = [](const Node& of) {
        return of.is("branch"_f) && !of.children.front().is("when"_w)
                   ? of.children.front().children.front()
                   : of.children.front();
      };
      const Node here = word(clause), there = word(*latest);
      diag::report<"clause_order">(build.diags, here.span, build.text_of(here),
                                   build.text_of(there))
          .label(there.span, "该子句应在其后", "this clause comes after it");
    } else {
      latest = &clause;
    }
    switch (part) {
    case Part::header:
      builder.header(clause);
      break;
    case Part::subject:
      builder.subject(clause);
      break;
    case Part::guard:
      builder.guard(clause);
      break;
    case Part::branch:
      builder.branch(clause);
      break;
    }
  }
  return std::move(rule);
}

} // namespace sanku::ast
