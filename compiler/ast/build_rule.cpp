// Rules: clauses to their places in the Ast, their order and number checked. See build.h.
#include "compiler/ast/build.h"
#include "compiler/ast/build_choice.h"

#include <utility>

namespace sanku::ast {

namespace {

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
  void standing(const Node& clause);
  void dates(const Node& clause);
  With with(const Node& clause);
  void subject(const Node& clause);
  void guard(const Node& clause);
  void branch(const Node& clause);
  Report report(const Node& node);
  GroupKey group_key(const Node& node);
};

void RuleBuilder::header(const Node& clause) {
  const Node* word = clause.child("word"_f);
  if (clause.is("category"_f)) {
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
  } else if (!clause.is("stage"_f)) {
    standing(clause);
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

// `effective from D until D`, `trial until D`.
void RuleBuilder::dates(const Node& clause) {
  std::string from, until;
  for (std::size_t i = 0; i < clause.children.size(); ++i) {
    if (!clause.children[i].is("date"_w))
      continue;
    const bool end = i > 0 && clause.children[i - 1].is("until"_w);
    (end ? until : from) = build_date(build, clause.children[i]);
  }
  if (clause.is("trial"_f)) {
    if (once(rule.standing.trial.has_value(), clause))
      rule.standing.trial = Trial{.until = std::move(until), .span = clause.span};
    return;
  }
  if (!once(rule.standing.effective.has_value(), clause))
    return;
  if (from.empty() && until.empty())
    diag::report<"effective_when">(build.diags, clause.span);
  else if (!from.empty() && !until.empty() && until < from)
    diag::report<"dates_reversed">(build.diags, clause.span, from, until);
  rule.standing.effective =
      Effective{.from = std::move(from), .until = std::move(until), .span = clause.span};
}

void RuleBuilder::standing(const Node& clause) {
  Standing& to = rule.standing;
  if (clause.is("effective"_f) || clause.is("trial"_f))
    return dates(clause);
  if (clause.is("mandatory"_f) && once(to.mandatory.has_value(), clause))
    to.mandatory = Mandatory{.span = clause.span};
  if (clause.is("even_self_paid"_f) && once(to.even_self_paid.has_value(), clause))
    to.even_self_paid = EvenSelfPaid{.span = clause.span};
  if (clause.is("breaks_split"_f) && once(to.breaks_split.has_value(), clause))
    to.breaks_split =
        BreaksSplit{.reason = unquoted(build, clause.children.back()), .span = clause.span};
  if (clause.is("was"_f) && once(to.was.has_value(), clause)) {
    to.was = Was{.ids = {}, .span = clause.span};
    for (const Node& each : clause.children)
      if (each.is("word"_f))
        to.was->ids.push_back(build_name(build, each));
  }
  if (clause.is("region"_f) && once(to.region.has_value(), clause))
    to.region = build_region(build, clause);
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
  Subject out{.what = build_name(build, *clause.child("word"_f)),
              .all = clause.token("all"_w) != nullptr,
              .entering = std::nullopt,
              .by = {},
              .span = clause.span};
  if (const Node* entering = clause.child("entering"_f))
    out.entering = with(*entering);
  for (const Node& each : clause.children) {
    if (each.is("group_key"_f))
      out.by.push_back(group_key(each));
  }
  rule.subject = std::move(out);
}

With RuleBuilder::with(const Node& clause) {
  With out{.name = build_name(build, *clause.child("word"_f)),
           .source = nullptr,
           .where = nullptr,
           .span = clause.span};
  for (std::size_t i = 0; i + 1 < clause.children.size(); ++i) {
    if (clause.children[i].is("binds"_f))
      out.source = expression(clause.children[i + 1]);
    if (clause.children[i].is("where"_w))
      out.where = expression(clause.children[i + 1]);
  }
  return out;
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
    rule.clauses.push_back(with(clause));
  }
}

Report RuleBuilder::report(const Node& node) {
  const auto severity =
      chosen<Severity>(build, *node.child("word"_f), severities, {"程度", "a severity"});
  Report out{.severity = severity.value_or(Severity::suspected),
             .value = nullptr,
             .on = std::nullopt,
             .involving = nullptr,
             .amount_unknown = false,
             .amount = nullptr,
             .message = {},
             .span = node.span};
  bool amount = false;
  for (const Node& each : node.children) {
    if (each.is("report_value"_f)) {
      if (once(out.value != nullptr, each))
        out.value = expression(each.children.front());
    } else if (each.is("report_lines"_f)) {
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

RegionClause build_region(Builder& build, const Node& clause) {
  const auto region =
      chosen<Region>(build, *clause.child("word"_f), regions, {"地区", "a region to read by"});
  return {.region = region.value_or(Region::care), .span = clause.span};
}

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
