// `choose`, `count of`, `in years`, `ask`: sugar over built-ins, but for `ask`, whose question
// names what is missing. Tested by tests/unit/compiler/check_test.cpp and tests/cases/logic.
#include "compiler/hir/scope.h"

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

constexpr Type boolean{.kind = Kind::boolean};

// The answers that came with the request: the child list with roles `question` and `answer`.
struct Answers {
  RelationId list;
  std::uint32_t question, answer;
};
std::optional<Answers> answers_of(const Declarations& pack) {
  for (RelationId id = 1; id < pack.schema.relations.size(); ++id) {
    const auto question = schema::column_with(pack.schema.relations[id], schema::Role::question);
    const auto answer = schema::column_with(pack.schema.relations[id], schema::Role::answer);
    if (question && answer)
      return Answers{id, *question, *answer};
  }
  return std::nullopt;
}

// any(a in answers where a.question = question and known a.answer and [a.answer | not a.answer])
std::optional<Expr> any_answer(Scope& scope, const Answers& answers, const Expr& question, Span at,
                               bool yes) {
  auto query =
      std::make_unique<Query>(query_over(scope, answers.list, ListSource{answers.list}, at));
  const BinderId binder = query->from[0].binder;
  const auto& columns = relation(scope.pack, answers.list).columns;
  const auto field = [&](std::uint32_t column) {
    return Expr{columns[column].type, place(scope, at), FieldOf{binder, answers.list, column}};
  };
  Renamed none;
  auto same = apply(scope, {"equal", "ask", at},
                    list_of(field(answers.question), copy(question, scope.rule, none)));
  auto given = apply(scope, {"known", "ask", at}, list_of(field(answers.answer)));
  auto answer = yes ? std::optional(field(answers.answer))
                    : apply(scope, {"not", "ask", at}, list_of(field(answers.answer)));
  if (!same || !given || !answer)
    return std::nullopt;
  query->where.push_back(std::move(*same));
  query->where.push_back(std::move(*given));
  query->where.push_back(std::move(*answer));
  return Expr{boolean, place(scope, at), Fold{FoldKind::any, std::move(query), nullptr}};
}

// from: an answer, to: pick(yes, pick(no, unknown, true), pick(no, false, unknown)). Who answers
// both yes and no has not answered.
std::optional<Expr> answered(Scope& scope, const Answers& answers, const Expr& question, Span at) {
  const auto known = [&](bool value) { return constant(boolean, Bool{value}, place(scope, at)); };
  const auto nobody_knows = [&] { return unknown_of(boolean, place(scope, at)); };
  auto yes = any_answer(scope, answers, question, at, true);
  auto no = any_answer(scope, answers, question, at, false);
  auto no_again = any_answer(scope, answers, question, at, false);
  if (!yes || !no || !no_again)
    return std::nullopt;
  const Operation pick{"pick", "ask", at};
  auto if_yes = apply(scope, pick, list_of(std::move(*no), nobody_knows(), known(true)));
  auto if_not = apply(scope, pick, list_of(std::move(*no_again), known(false), nobody_knows()));
  if (!if_yes || !if_not)
    return std::nullopt;
  return apply(scope, pick, list_of(std::move(*yes), std::move(*if_yes), std::move(*if_not)));
}

} // namespace

Expr unknown_of(Type type, Span span) { return constant(type, Unknown{}, span); }

// from: `choose { when p take a  when q take b  otherwise c }`, to: `pick(p, a, pick(q, b, c))`.
std::optional<Expr> check_choose(Scope& scope, const ast::Expr& expr, const ast::Choose& choose,
                                 const Type* opposite) {
  std::vector<Expr> conditions;
  std::vector<const ast::Expr*> written;
  bool fine = true;
  for (const ast::Arm& arm : choose.arms) {
    auto condition = check_condition(scope, *arm.when);
    fine = fine && condition;
    if (condition)
      conditions.push_back(std::move(*condition));
    written.push_back(arm.take.get());
  }
  if (choose.otherwise)
    written.push_back(choose.otherwise.get());
  std::vector<std::optional<Expr>> values(written.size());
  std::optional<Type> type;
  if (opposite)
    type = *opposite;
  for (const bool flexible : {false, true})
    for (std::size_t i = 0; i < written.size(); ++i) {
      if (is_flexible(scope, *written[i]) != flexible)
        continue;
      values[i] = check_value(scope, *written[i], type ? &*type : nullptr);
      fine = fine && values[i];
      if (values[i] && !type)
        type = values[i]->type;
    }
  if (!fine)
    return std::nullopt;
  std::optional<Expr> rest;
  if (choose.otherwise)
    rest = std::move(values.back());
  for (std::size_t i = choose.arms.size(); i-- > 0;) {
    const Span at = place(scope, choose.arms[i].take->span);
    if (!rest)
      rest = unknown_of(values[i]->type, at);
    rest = apply(scope, {"pick", "choose", expr.span},
                 list_of(std::move(conditions[i]), std::move(*values[i]), std::move(*rest)));
    if (!rest)
      return std::nullopt;
  }
  rest->span = place(scope, expr.span);
  return rest;
}

std::optional<Expr> check_count_of(Scope& scope, const ast::Expr& expr, const ast::CountOf& count) {
  std::optional<Expr> sum;
  bool fine = true;
  for (const ast::ExprPtr& each : count.conditions) {
    auto condition = check_condition(scope, *each);
    fine = fine && condition;
    if (!fine)
      continue;
    auto one = apply(scope, {"as_count", "count of", expr.span}, list_of(std::move(*condition)));
    if (one && sum)
      one = apply(scope, {"add_counts", "count of", expr.span},
                  list_of(std::move(*sum), std::move(*one)));
    sum = std::move(one);
    fine = sum.has_value();
  }
  if (!fine)
    return std::nullopt;
  sum->span = place(scope, expr.span);
  return sum;
}

std::optional<Expr> check_in_unit(Scope& scope, const ast::Expr& expr, const ast::InUnit& form) {
  auto value = check_value(scope, *form.value);
  if (!value)
    return std::nullopt;
  const auto operation = [&]() -> Operation {
    switch (form.unit) {
    case ast::Unit::months:
      return {"in_months", "in months", expr.span};
    case ast::Unit::years:
      return {"in_years", "in years", expr.span};
    case ast::Unit::hours:
      return {"in_hours", "in hours", expr.span};
    case ast::Unit::minutes:
      return {"in_minutes", "in minutes", expr.span};
    case ast::Unit::days:
    case ast::Unit::weeks:
    case ast::Unit::none:
    case ast::Unit::years_of_age:
    case ast::Unit::yuan:
    case ast::Unit::percent:
      break;
    }
    return {"in_days", "in days", expr.span};
  };
  return apply(scope, operation(), list_of(std::move(*value)));
}

// from: `ask "q"`, to: what the request answered: unknown while it did not. An empty cell asks
// nothing, and nothing stands against it.
std::optional<Expr> check_ask(Scope& scope, const ast::Expr& expr, const ast::Call& call) {
  const auto answers = answers_of(scope.pack);
  if (!answers) {
    report<"no_answers">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  if (!scope.visit_known) {
    report<"population_reads_visit">(scope.diagnostics, expr.span, "ask");
    return std::nullopt;
  }
  if (call.arguments.size() != 1) {
    report<"argument_types">(scope.diagnostics, expr.span, "ask", Words{"", ""});
    return std::nullopt;
  }
  auto question = check_value(scope, *call.arguments[0]);
  if (!question)
    return std::nullopt;
  if (question->type.kind != Kind::text) {
    const TypeName found = type_name(scope.pack.schema, question->type);
    report<"argument_types">(scope.diagnostics, expr.span, "ask", Words{found.zh, found.en});
    return std::nullopt;
  }
  const auto* constant_of = std::get_if<Constant>(&question->form);
  const auto* words = constant_of ? std::get_if<std::string>(&constant_of->value) : nullptr;
  if (words && words->find('{') != std::string::npos)
    report<"question_braces">(scope.diagnostics, call.arguments[0]->span);
  const Span at = place(scope, expr.span);
  auto value = answered(scope, *answers, *question, expr.span);
  const auto* field = std::get_if<FieldOf>(&question->form);
  if (value && field && relation(scope.pack, field->relation).kind == schema::RelationKind::table) {
    Expr empty{boolean, at, EmptyCell{field->binder, field->relation, field->column}};
    value = apply(scope, {"or", "ask", expr.span}, list_of(std::move(empty), std::move(*value)));
  }
  if (!value)
    return std::nullopt;
  return Expr{
      boolean, at,
      Ask{std::make_unique<Expr>(std::move(*question)), std::make_unique<Expr>(std::move(*value))}};
}

} // namespace sanku::hir
