// Decision tables: `hit first` and `hit unique` become choices, `hit collect` gives results that
// folds and `in` go over. Sugar over built-ins, as definitions are.
#include "compiler/hir/decisions.h"

#include <utility>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

constexpr Type boolean{.kind = Kind::boolean};

Expr again(Scope& scope, const Expr& expr) {
  Renamed none;
  scope.nodes += node_count(expr);
  return copy(expr, scope.rule, none);
}

bool too_many(Scope& scope) {
  if (scope.nodes <= most_nodes)
    return false;
  if (!scope.overflowed)
    report<"expands_too_far">(scope.diagnostics, scope.rule.span, most_nodes);
  scope.overflowed = true;
  return true;
}

// from: rows, to: `pick(p, a, pick(q, b, c))`.
std::optional<Expr> first_of(Scope& scope, Decision decision, Span at) {
  std::optional<Expr> rest = std::move(decision.otherwise);
  for (std::size_t i = decision.rows.size(); i-- > 0;) {
    DecisionRow& row = decision.rows[i];
    if (!rest)
      rest = unknown_of(row.take.type, place(scope, at));
    rest = apply(scope, {"pick", "decide", at},
                 list_of(std::move(row.when), std::move(row.take), std::move(*rest)));
    if (!rest)
      return std::nullopt;
  }
  return rest;
}

// How many rows hold.
std::optional<Expr> how_many(Scope& scope, std::vector<Expr> conditions, Span at) {
  std::vector<Expr> ones;
  for (Expr& condition : conditions) {
    auto one = apply(scope, {"as_count", "hit", at}, list_of(std::move(condition)));
    if (!one)
      return std::nullopt;
    ones.push_back(std::move(*one));
  }
  return joined(scope, {"add_counts", "hit", at}, ones, 0, ones.size());
}

// More than one row that holds leaves a table that wants exactly one undecided.
std::optional<Expr> only_of(Scope& scope, Decision decision, Span at) {
  std::vector<Expr> conditions;
  for (const DecisionRow& row : decision.rows)
    conditions.push_back(again(scope, row.when));
  auto count = how_many(scope, std::move(conditions), at);
  auto chosen = first_of(scope, std::move(decision), at);
  if (!count || !chosen)
    return std::nullopt;
  const Type integer{.kind = Kind::integer, .digits = 1};
  auto several = apply(scope, {"greater", "hit", at},
                       list_of(std::move(*count), constant(integer, Integer{1}, place(scope, at))));
  if (!several)
    return std::nullopt;
  Expr unknown = unknown_of(chosen->type, place(scope, at));
  return apply(scope, {"pick", "hit", at},
               list_of(std::move(*several), std::move(unknown), std::move(*chosen)));
}

// `otherwise` of a table that collects: the result where no row holds.
bool end_with_otherwise(Scope& scope, Decision& decision) {
  if (!decision.otherwise)
    return true;
  std::vector<Expr> conditions;
  for (const DecisionRow& row : decision.rows)
    conditions.push_back(again(scope, row.when));
  const Span at = decision.written->names.first.span;
  auto none = joined(scope, {"or", "otherwise", at}, conditions, 0, conditions.size());
  if (none)
    none = apply(scope, {"not", "otherwise", at}, list_of(std::move(*none)));
  if (!none)
    return false;
  decision.rows.push_back({std::move(*none), std::move(*decision.otherwise), at, 0});
  decision.otherwise.reset();
  return true;
}

// ---- folds over the results of a table that collects

// What a fold makes of one row: whether its result is there, and what is taken of it.
struct Collected {
  Expr keep;
  std::optional<Expr> value;
};

// The row's result under the binder's name, while `where` and `take` are read.
std::optional<Collected> collect(Scope& scope, const ast::Fold& fold, const DecisionRow& row) {
  const ast::Binder& binder = fold.binders.front();
  Collected made{again(scope, row.when), std::nullopt};
  if (binder.name) {
    scope.arguments.push_back(again(scope, row.take));
    const ArgumentName name{static_cast<std::uint32_t>(scope.arguments.size() - 1)};
    if (!declare(scope, *binder.name, name))
      return std::nullopt;
  }
  auto condition = fold.where ? check_condition(scope, *fold.where) : std::optional<Expr>();
  auto value = fold.take ? check_value(scope, *fold.take) : std::optional<Expr>();
  if (binder.name)
    forget(scope, *binder.name);
  if ((fold.where && !condition) || (fold.take && !value))
    return std::nullopt;
  if (condition) {
    auto both = apply(scope, {"and", "where", fold.where->span},
                      list_of(std::move(made.keep), std::move(*condition)));
    if (!both)
      return std::nullopt;
    made.keep = std::move(*both);
  }
  made.value = std::move(value);
  return made;
}

// keep and, for `every`, what it has to have, as one condition.
std::optional<Expr> truth_of(Scope& scope, const ast::Fold& fold, Collected row, Span at) {
  if (fold.kind != ast::FoldKind::every)
    return std::move(row.keep);
  auto absent = apply(scope, {"not", "every", at}, list_of(std::move(row.keep)));
  if (!absent || !row.value || row.value->type.kind != Kind::boolean)
    return std::nullopt;
  return apply(scope, {"or", "every", at}, list_of(std::move(*absent), std::move(*row.value)));
}

std::optional<Expr> sum_of(Scope& scope, std::vector<Collected> rows, Span at) {
  std::vector<Expr> parts;
  for (Collected& row : rows) {
    const Type type = row.value->type;
    const Value zero = is_number(type.kind) ? Value(Decimal{0}) : Value(Integer{0});
    auto one = apply(scope, {"pick", "sum", at},
                     list_of(std::move(row.keep), std::move(*row.value),
                             constant(type, zero, place(scope, at))));
    if (!one)
      return std::nullopt;
    parts.push_back(std::move(*one));
  }
  return joined(scope, {"add", "sum", at}, parts, 0, parts.size());
}

// The least or greatest of the rows from `begin` to `end`, and whether there is one: of two halves
// `pick(left has, pick(right has, better of both, left), right)`.
std::optional<Collected> best_of(Scope& scope, std::string_view better,
                                 std::vector<Collected>& rows, std::size_t begin, std::size_t end,
                                 Span at) {
  if (end - begin == 1) {
    auto value = apply(scope, {"pick", better, at},
                       list_of(again(scope, rows[begin].keep), again(scope, *rows[begin].value),
                               unknown_of(rows[begin].value->type, place(scope, at))));
    if (!value)
      return std::nullopt;
    return Collected{std::move(rows[begin].keep), std::move(value)};
  }
  const std::size_t middle = begin + (end - begin) / 2;
  auto left = best_of(scope, better, rows, begin, middle, at);
  auto right = best_of(scope, better, rows, middle, end, at);
  if (!left || !right || too_many(scope))
    return std::nullopt;
  auto both = apply(scope, {better, better, at},
                    list_of(again(scope, *left->value), again(scope, *right->value)));
  if (!both)
    return std::nullopt;
  auto inner = apply(scope, {"pick", better, at},
                     list_of(again(scope, right->keep), std::move(*both), std::move(*left->value)));
  if (!inner)
    return std::nullopt;
  auto value =
      apply(scope, {"pick", better, at},
            list_of(again(scope, left->keep), std::move(*inner), std::move(*right->value)));
  auto some =
      apply(scope, {"or", better, at}, list_of(std::move(left->keep), std::move(right->keep)));
  if (!value || !some)
    return std::nullopt;
  return Collected{std::move(*some), std::move(value)};
}

// The value to sum or compare, or a report.
bool has_numbers(Scope& scope, const ast::Fold& fold, const std::vector<Collected>& rows, Span at) {
  const bool sum = fold.kind == ast::FoldKind::sum;
  for (const Collected& row : rows) {
    const Kind kind = row.value->type.kind;
    const bool number = is_number(kind) || kind == Kind::integer;
    if (number || (!sum && (kind == Kind::date || kind == Kind::datetime)))
      continue;
    const TypeName found = type_name(scope.pack.schema, row.value->type);
    const std::string_view shown = sum ? "sum" : fold.kind == ast::FoldKind::min ? "min" : "max";
    report<"fold_value">(scope.diagnostics, fold.take ? fold.take->span : at, shown,
                         Words{found.zh, found.en});
    return false;
  }
  return true;
}

std::optional<Expr> folded(Scope& scope, const ast::Fold& fold, std::vector<Collected> rows,
                           Span at) {
  std::vector<Expr> conditions;
  const auto truths = [&]() -> bool {
    for (Collected& row : rows) {
      auto truth = truth_of(scope, fold, std::move(row), at);
      if (!truth)
        return false;
      conditions.push_back(std::move(*truth));
    }
    return true;
  };
  switch (fold.kind) {
  case ast::FoldKind::count:
    return truths() ? how_many(scope, std::move(conditions), at) : std::nullopt;
  case ast::FoldKind::any:
  case ast::FoldKind::none: {
    if (!truths())
      return std::nullopt;
    auto any = joined(scope, {"or", "any", at}, conditions, 0, conditions.size());
    if (!any || fold.kind == ast::FoldKind::any)
      return any;
    return apply(scope, {"not", "none", at}, list_of(std::move(*any)));
  }
  case ast::FoldKind::every:
    return truths() ? joined(scope, {"and", "every", at}, conditions, 0, conditions.size())
                    : std::nullopt;
  case ast::FoldKind::sum:
    return has_numbers(scope, fold, rows, at) ? sum_of(scope, std::move(rows), at) : std::nullopt;
  case ast::FoldKind::min:
  case ast::FoldKind::max: {
    if (!has_numbers(scope, fold, rows, at))
      return std::nullopt;
    const std::string_view better = fold.kind == ast::FoldKind::min ? "smaller" : "larger";
    auto best = best_of(scope, better, rows, 0, rows.size(), at);
    return best ? std::move(best->value) : std::nullopt;
  }
  case ast::FoldKind::distinct:
  case ast::FoldKind::covered:
  case ast::FoldKind::first:
  case ast::FoldKind::last:
    break;
  }
  const auto& call = std::get<ast::Call>(without_parens(*fold.binders.front().source).form);
  report<"collected_alone">(scope.diagnostics, at, call.function.text);
  return std::nullopt;
}

} // namespace

std::optional<Decision> decision_rows(Scope& scope, const ast::Decide& decide) {
  const auto type = type_from_ast(decide.type, scope.pack.names, scope.diagnostics);
  if (!type)
    return std::nullopt;
  if (!decide.file.empty())
    return rows_of_file(scope, decide, *type);
  Decision decision{.written = &decide, .type = *type, .rows = {}, .otherwise = std::nullopt};
  bool fine = true;
  for (const ast::Arm& arm : decide.rows.arms) {
    auto when = check_condition(scope, *arm.when);
    auto take = check_value(scope, *arm.take, &*type);
    fine = fine && when && take;
    if (when && take)
      decision.rows.push_back({std::move(*when), std::move(*take), arm.when->span, 0});
  }
  if (decide.rows.otherwise) {
    decision.otherwise = check_value(scope, *decide.rows.otherwise, &*type);
    fine = fine && decision.otherwise;
  }
  if (!fine)
    return std::nullopt;
  return decision;
}

std::optional<Expr> check_decision(Scope& scope, const ast::Decide& decide) {
  auto decision = decision_rows(scope, decide);
  if (!decision)
    return std::nullopt;
  const Span at = decide.names.first.span;
  if (scope.declaring)
    check_cover(scope, *decision);
  std::optional<Expr> value;
  switch (decide.hit) {
  case ast::Hit::first:
    value = first_of(scope, std::move(*decision), at);
    break;
  case ast::Hit::unique:
    value = only_of(scope, std::move(*decision), at);
    break;
  case ast::Hit::collect:
    // Only a declaration by itself asks for a value: any of the results has the type.
    if (!scope.declaring) {
      report<"collected_alone">(scope.diagnostics, scope.use.value_or(at), decide.names.first.text);
      return std::nullopt;
    }
    value = first_of(scope, std::move(*decision), at);
    break;
  }
  if (!value || too_many(scope))
    return std::nullopt;
  return value;
}

std::optional<std::uint32_t> collecting(const Scope& scope, const ast::Expr& expr) {
  const auto* call = std::get_if<ast::Call>(&without_parens(expr).form);
  if (!call)
    return std::nullopt;
  const auto found = scope.pack.function_names.find(call->function.text);
  if (found == scope.pack.function_names.end())
    return std::nullopt;
  const auto* decide = std::get_if<const ast::Decide*>(&scope.pack.functions[found->second].form);
  return decide && (*decide)->hit == ast::Hit::collect ? std::optional(found->second)
                                                       : std::nullopt;
}

std::optional<Expr> check_collected_fold(Scope& scope, const ast::Expr& expr, const ast::Fold& fold,
                                         std::uint32_t table) {
  const ast::Expr& source = without_parens(*fold.binders.front().source);
  const auto& call = std::get<ast::Call>(source.form);
  auto decision = decision_called(scope, source, call, table);
  if (!decision || !end_with_otherwise(scope, *decision))
    return std::nullopt;
  if (fold.binders.size() != 1 || fold.binders.front().then) {
    report<"collected_alone">(scope.diagnostics, source.span, call.function.text);
    return std::nullopt;
  }
  std::vector<Collected> rows;
  for (const DecisionRow& row : decision->rows) {
    auto made = collect(scope, fold, row);
    if (!made || too_many(scope))
      return std::nullopt;
    rows.push_back(std::move(*made));
  }
  auto value = folded(scope, fold, std::move(rows), expr.span);
  if (value)
    value->span = place(scope, expr.span);
  return value;
}

std::optional<Expr> in_collected(Scope& scope, const ast::Expr& expr, const ast::Binary& binary,
                                 std::uint32_t table) {
  const ast::Expr& source = without_parens(*binary.right);
  auto decision = decision_called(scope, source, std::get<ast::Call>(source.form), table);
  if (!decision || !end_with_otherwise(scope, *decision))
    return std::nullopt;
  auto value = check_value(scope, *binary.left, &decision->type);
  if (!value)
    return std::nullopt;
  std::vector<Expr> conditions;
  for (DecisionRow& row : decision->rows) {
    auto same = apply(scope, {"equal", "in", expr.span},
                      list_of(again(scope, *value), std::move(row.take)));
    auto both = same ? apply(scope, {"and", "in", expr.span},
                             list_of(std::move(row.when), std::move(*same)))
                     : std::nullopt;
    if (!both || too_many(scope))
      return std::nullopt;
    conditions.push_back(std::move(*both));
  }
  auto found = joined(scope, {"or", "in", expr.span}, conditions, 0, conditions.size());
  if (found)
    found->span = place(scope, expr.span);
  return found;
}

} // namespace sanku::hir
