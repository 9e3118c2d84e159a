// Values: every form of an expression to a typed one. Operands that mean more beside a type
// (literals, enum values) are checked after the one that has it. Tested by
// tests/unit/compiler/check_test.cpp.
#include "compiler/hir/copy.h"
#include "compiler/hir/scope.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <utility>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

constexpr Type boolean{.kind = Kind::boolean};

struct Operator {
  std::string_view name, shown;
};
Operator operator_of(ast::CompareOp op) {
  switch (op) {
  case ast::CompareOp::equal:
    return {"equal", "="};
  case ast::CompareOp::not_equal:
    return {"not_equal", "≠"};
  case ast::CompareOp::less:
    return {"less", "<"};
  case ast::CompareOp::less_equal:
    return {"less_equal", "<="};
  case ast::CompareOp::greater:
    return {"greater", ">"};
  case ast::CompareOp::greater_equal:
    return {"greater_equal", ">="};
  }
  return {"equal", "="};
}

struct Pair {
  std::optional<Expr> left, right;
  explicit operator bool() const { return left && right; }
};

// The operand with a type of its own first, the other in its light. A flexible operand whose
// partner failed is left alone: what would be said about it could be wrong.
Pair check_pair(Scope& scope, const ast::Expr& left, const ast::Expr& right) {
  Pair pair;
  const bool right_first = is_flexible(scope, left) && !is_flexible(scope, right);
  const ast::Expr& first = right_first ? right : left;
  const ast::Expr& second = right_first ? left : right;
  auto& first_value = right_first ? pair.right : pair.left;
  auto& second_value = right_first ? pair.left : pair.right;
  first_value = check_value(scope, first);
  if (first_value)
    second_value = check_value(scope, second, &first_value->type);
  else if (!is_flexible(scope, second))
    second_value = check_value(scope, second);
  return pair;
}

std::optional<Expr> check_operator(Scope& scope, const Operation& operation, const ast::Expr& left,
                                   const ast::Expr& right) {
  Pair pair = check_pair(scope, left, right);
  if (!pair)
    return std::nullopt;
  return apply(scope, operation, list_of(std::move(*pair.left), std::move(*pair.right)));
}

std::optional<Expr> check_otherwise(Scope& scope, const ast::Expr& expr,
                                    const ast::Binary& binary) {
  const Operation otherwise{"otherwise", "otherwise", expr.span};
  Pair pair = check_pair(scope, *binary.left, *binary.right);
  if (!pair)
    return std::nullopt;
  std::set<BinderId> nobodys = nobodys_in(scope, *pair.left);
  for (const BinderId decided : nobodys_in(scope, *pair.right))
    nobodys.erase(decided);
  auto value = apply(scope, otherwise, list_of(std::move(*pair.left), std::move(*pair.right)));
  return value ? undecided_for(scope, otherwise, nobodys, std::move(*value)) : std::nullopt;
}

std::optional<Expr> known_of(Scope& scope, const Operation& known, Expr operand) {
  const std::set<BinderId> nobodys = nobodys_in(scope, operand);
  auto value = apply(scope, known, list_of(std::move(operand)));
  return value ? undecided_for(scope, known, nobodys, std::move(*value)) : std::nullopt;
}

// The element that an operand of `earlier` names, or a report.
std::optional<ElementRef> check_element(Scope& scope, const ast::Expr& expr) {
  const auto meaning = meaning_of(scope, expr);
  if (!meaning)
    return std::nullopt;
  const auto* element = std::get_if<ElementRef>(&*meaning);
  if (element && element->whole && element->binder != settlement_binder &&
      relation(scope.pack, scope.rule.binder_relations[element->binder]).kind ==
          schema::RelationKind::child)
    return *element;
  report<"earlier_needs_elements">(scope.diagnostics, expr.span);
  return std::nullopt;
}

std::optional<Expr> check_earlier(Scope& scope, const ast::Expr& expr, const ast::Binary& binary) {
  const auto left = check_element(scope, *binary.left);
  const auto right = check_element(scope, *binary.right);
  if (!left || !right)
    return std::nullopt;
  const RelationId of = scope.rule.binder_relations[left->binder];
  if (of != scope.rule.binder_relations[right->binder]) {
    report<"earlier_needs_elements">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  return Expr{boolean, place(scope, expr.span), Earlier{left->binder, right->binder, of}};
}

std::optional<Expr> check_binary(Scope& scope, const ast::Expr& expr, const ast::Binary& binary) {
  const auto with = [&](std::string_view name, std::string_view shown) {
    return check_operator(scope, {name, shown, expr.span}, *binary.left, *binary.right);
  };
  switch (binary.op) {
  case ast::BinaryOp::add:
    return with("add", "+");
  case ast::BinaryOp::subtract:
    return with("subtract", "-");
  case ast::BinaryOp::multiply:
    return with("multiply", "×");
  case ast::BinaryOp::divide:
    return with("divide", "÷");
  case ast::BinaryOp::otherwise:
    return check_otherwise(scope, expr, binary);
  case ast::BinaryOp::contains:
    if (auto period = check_period_contains(scope, expr, binary))
      return std::move(*period);
    return with("contains", "contains");
  case ast::BinaryOp::starts_with:
    return with("starts_with", "starts with");
  case ast::BinaryOp::earlier:
    return check_earlier(scope, expr, binary);
  case ast::BinaryOp::member_of:
    return check_member(scope, expr, binary);
  case ast::BinaryOp::under:
    return check_under(scope, expr, binary);
  case ast::BinaryOp::meets:
    return check_meets(scope, expr, binary);
  case ast::BinaryOp::overlaps:
    return check_overlaps(scope, expr, binary);
  case ast::BinaryOp::adjacent:
    return check_adjacent(scope, expr, binary);
  }
  return std::nullopt;
}

std::optional<Expr> negated(Scope& scope, const ast::Expr& expr, Expr value) {
  if (auto* form = std::get_if<Constant>(&value.form)) {
    value.span = place(scope, expr.span);
    if (auto* integer = std::get_if<Integer>(&form->value))
      return integer->value = -integer->value, std::move(value);
    if (auto* decimal = std::get_if<Decimal>(&form->value))
      return decimal->units = -decimal->units, std::move(value);
    if (auto* span = std::get_if<sanku::Span>(&form->value)) {
      *span = make_span(-number_of(*span), unit_of(*span));
      return value;
    }
  }
  return apply(scope, {"negate", "-", expr.span}, list_of(std::move(value)));
}

std::optional<Expr> check_unary(Scope& scope, const ast::Expr& expr, const ast::Unary& unary,
                                const Type* opposite) {
  switch (unary.op) {
  case ast::UnaryOp::negate: {
    auto value = check_value(scope, *unary.operand, opposite);
    return value ? negated(scope, expr, std::move(*value)) : std::nullopt;
  }
  case ast::UnaryOp::logical_not: {
    auto value = check_condition(scope, *unary.operand);
    return value ? apply(scope, {"not", "not", expr.span}, list_of(std::move(*value)))
                 : std::nullopt;
  }
  case ast::UnaryOp::known: {
    if (may_be_period(*unary.operand)) {
      auto meaning = meaning_of(scope, without_parens(*unary.operand));
      if (!meaning)
        return std::nullopt;
      if (auto* period = std::get_if<PeriodRef>(&*meaning))
        return known_period(scope, std::move(*period), expr.span);
    }
    auto value = check_value(scope, *unary.operand);
    return value ? known_of(scope, {"known", "known", expr.span}, std::move(*value)) : std::nullopt;
  }
  }
  return std::nullopt;
}

std::optional<Expr> check_logical(Scope& scope, const ast::Expr& expr,
                                  const ast::Logical& logical) {
  std::vector<Expr> parts;
  bool failed = false;
  for (const ast::ExprPtr& operand : logical.operands) {
    auto part = check_condition(scope, *operand);
    if (part)
      parts.push_back(std::move(*part));
    else
      failed = true;
  }
  if (failed)
    return std::nullopt;
  const std::string_view name = logical.is_and ? "and" : "or";
  return joined(scope, {name, name, expr.span}, parts, 0, parts.size());
}

// The operands of a chain of comparisons; a flexible one takes its type from the nearest neighbour
// that has one.
std::optional<std::vector<Expr>> check_operands(Scope& scope, const ast::Compare& compare) {
  const std::size_t count = compare.operands.size();
  std::vector<std::optional<Expr>> values(count);
  bool failed = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (is_flexible(scope, *compare.operands[i]))
      continue;
    values[i] = check_value(scope, *compare.operands[i]);
    failed = failed || !values[i];
  }
  if (failed)
    return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    if (values[i])
      continue;
    const Type* opposite = nullptr;
    if (i > 0 && values[i - 1])
      opposite = &values[i - 1]->type;
    else if (i + 1 < count && values[i + 1])
      opposite = &values[i + 1]->type;
    values[i] = check_value(scope, *compare.operands[i], opposite);
    if (!values[i])
      return std::nullopt;
  }
  std::vector<Expr> operands;
  for (auto& value : values)
    operands.push_back(std::move(*value));
  return operands;
}

// from: `a < b <= c`, to: `a < b and b <= c`.
std::optional<Expr> check_compare(Scope& scope, const ast::Expr& expr,
                                  const ast::Compare& compare) {
  auto operands = check_operands(scope, compare);
  if (!operands)
    return std::nullopt;
  std::vector<Expr> parts;
  for (std::size_t i = 0; i < compare.ops.size(); ++i) {
    const Operator op = operator_of(compare.ops[i]);
    Expr left = std::move((*operands)[i]);
    if (i + 1 < compare.ops.size()) {
      Renamed none;
      scope.nodes += node_count((*operands)[i + 1]);
      Expr again = copy((*operands)[i + 1], scope.rule, none);
      Expr right = std::move((*operands)[i + 1]);
      (*operands)[i + 1] = std::move(again);
      auto part = apply(scope, {op.name, op.shown, compare.op_spans[i]},
                        list_of(std::move(left), std::move(right)));
      if (!part)
        return std::nullopt;
      parts.push_back(std::move(*part));
      continue;
    }
    auto part = apply(scope, {op.name, op.shown, compare.op_spans[i]},
                      list_of(std::move(left), std::move((*operands)[i + 1])));
    if (!part)
      return std::nullopt;
    part->span = place(scope, expr.span);
    parts.push_back(std::move(*part));
  }
  return joined(scope, {"and", "and", expr.span}, parts, 0, parts.size());
}

// A record stands for what tells it from others: `past.provider = settlement.provider`,
// `by patient`.
std::optional<Expr> number_of_record(Scope& scope, const ElementRef& record, Span at) {
  const Space& space = scope.pack.names.spaces[record.space];
  const Entry* entry = record.whole ? nullptr : find_entry(space, "id");
  if (!entry || !std::holds_alternative<ColumnEntry>(entry->form))
    return std::nullopt;
  auto meaning = meaning_of_entry(scope, record, *entry, at);
  return meaning ? std::optional(std::move(std::get<Expr>(*meaning))) : std::nullopt;
}

std::optional<Expr> check_named(Scope& scope, const ast::Expr& expr, const Type* opposite) {
  auto meaning = meaning_of(scope, expr, opposite);
  if (!meaning)
    return std::nullopt;
  if (auto* value = std::get_if<Expr>(&*meaning))
    return std::move(*value);
  const auto* element = std::get_if<ElementRef>(&*meaning);
  if (element)
    if (auto number = number_of_record(scope, *element, expr.span))
      return number;
  auto& found = report<"not_a_value">(scope.diagnostics, expr.span);
  if (element)
    found.help("请写出字段，例如 `明细的编码`", "name a field of it, such as `item.code`");
  else
    found.help("请用 `计数`、`求和`、`存在` 等取值",
               "take a value from it with `count`, `sum`, `any` and the like");
  return std::nullopt;
}

} // namespace

// Halves, so that a long chain nests no deeper than its logarithm.
std::optional<Expr> joined(Scope& scope, const Operation& operation, std::vector<Expr>& parts,
                           std::size_t begin, std::size_t end) {
  if (end - begin == 1)
    return std::move(parts[begin]);
  const std::size_t middle = begin + (end - begin) / 2;
  auto left = joined(scope, operation, parts, begin, middle);
  auto right = joined(scope, operation, parts, middle, end);
  if (!left || !right)
    return std::nullopt;
  return apply(scope, operation, list_of(std::move(*left), std::move(*right)));
}

const ast::Expr& without_parens(const ast::Expr& expr) {
  const ast::Expr* inner = &expr;
  while (const auto* paren = std::get_if<ast::Paren>(&inner->form))
    inner = paren->inner.get();
  return *inner;
}

namespace {

// Whether one more node may be: named lists, derived fields and the bodies of definitions stand in
// place of each use, and double where they are built on one another.
bool has_room(Scope& scope) {
  if (scope.record)
    ++scope.nodes;
  if (!scope.calling.empty())
    ++scope.written_out;
  const bool lists = scope.nodes <= most_nodes, bodies = scope.written_out <= most_written_out;
  if ((!lists || !bodies) && !std::exchange(scope.overflowed, true))
    report<"expands_too_far">(scope.diagnostics, scope.rule.span,
                              lists ? most_written_out : most_nodes);
  return lists && bodies;
}

struct OneLevel {
  std::size_t& levels;
  explicit OneLevel(std::size_t& counted) : levels(counted) { ++levels; }
  OneLevel(const OneLevel&) = delete;
  OneLevel& operator=(const OneLevel&) = delete;
  ~OneLevel() { --levels; }
};

} // namespace

std::optional<Expr> check_value(Scope& scope, const ast::Expr& expr, const Type* opposite) {
  using Result = std::optional<Expr>;
  const OneLevel level(scope.levels);
  if (!has_room(scope))
    return std::nullopt;
  const auto no_value = [&]() -> Result {
    return report<"not_a_value">(scope.diagnostics, expr.span)
               .help("请用 `计数`、`求和`、`存在` 等取值",
                     "take a value from it with `count`, `sum`, `any` and the like"),
           std::nullopt;
  };
  return std::visit(
      match{
          [&](const ast::NumberLiteral& form) -> Result {
            return check_number(scope, expr, form, opposite);
          },
          [&](const ast::TextLiteral& form) -> Result {
            return check_text(scope, expr, form, opposite);
          },
          [&](const ast::DateLiteral& form) -> Result { return check_date(scope, expr, form); },
          [&](const ast::BoolLiteral& form) -> Result {
            return constant(boolean, Bool{form.value}, place(scope, expr.span));
          },
          [&](const ast::WindowLiteral& form) -> Result {
            return window_constant(place(scope, expr.span), form.word);
          },
          [&](const ast::NameRef&) -> Result { return check_named(scope, expr, opposite); },
          [&](const ast::Member&) -> Result { return check_named(scope, expr, opposite); },
          [&](const ast::Lookup&) -> Result {
            report<"lookup_not_bound">(scope.diagnostics, expr.span);
            return std::nullopt;
          },
          [&](const ast::Unary& form) -> Result {
            return check_unary(scope, expr, form, opposite);
          },
          [&](const ast::Binary& form) -> Result { return check_binary(scope, expr, form); },
          [&](const ast::Compare& form) -> Result { return check_compare(scope, expr, form); },
          [&](const ast::Logical& form) -> Result { return check_logical(scope, expr, form); },
          [&](const ast::Call& form) -> Result { return check_call(scope, expr, form); },
          [&](const ast::Rounded& form) -> Result { return check_rounded(scope, expr, form); },
          [&](const ast::Paren& form) -> Result {
            return check_value(scope, *form.inner, opposite);
          },
          [&](const ast::SetLiteral&) -> Result { return no_value(); },
          [&](const ast::Choose& form) -> Result {
            return check_choose(scope, expr, form, opposite);
          },
          [&](const ast::CountOf& form) -> Result { return check_count_of(scope, expr, form); },
          [&](const ast::Peers& form) -> Result { return check_peers(scope, expr, form); },
          [&](const ast::Period&) -> Result { return no_value(); },
          [&](const ast::InUnit& form) -> Result { return check_in_unit(scope, expr, form); },
          [&](const ast::Fold& form) -> Result { return check_fold(scope, expr, form); },
          [&](const ast::Those&) -> Result { return no_value(); },
          [&](const ast::Beyond&) -> Result { return no_value(); },
          [&](const ast::Ranked&) -> Result { return no_value(); },
      },
      expr.form);
}

std::optional<Expr> check_condition(Scope& scope, const ast::Expr& expr) {
  auto value = check_value(scope, expr);
  if (!value || value->type.kind == Kind::boolean)
    return value;
  const TypeName found = type_name(scope.pack.schema, value->type);
  report<"condition_expected">(scope.diagnostics, expr.span, Words{found.zh, found.en});
  return std::nullopt;
}

bool check_conjunction(Scope& scope, const ast::Expr& expr, std::vector<Expr>& into) {
  const ast::Expr& inner = without_parens(expr);
  const auto* logical = std::get_if<ast::Logical>(&inner.form);
  if (logical && logical->is_and) {
    bool fine = true;
    for (const ast::ExprPtr& operand : logical->operands)
      fine = check_conjunction(scope, *operand, into) && fine;
    return fine;
  }
  auto condition = check_condition(scope, inner);
  if (!condition)
    return false;
  into.push_back(std::move(*condition));
  return true;
}

std::optional<Expr> check_key(Scope& scope, TableId table, const ast::Expr& key) {
  const knowledge::TableShape& shape = scope.pack.tables[table].shape;
  const schema::Column& column = shape.relation.columns[shape.key];
  auto value = check_value(scope, key, &column.type);
  if (!value || fits(scope.pack.schema, column.type, value->type))
    return value;
  const TypeName wanted = type_name(scope.pack.schema, column.type);
  const TypeName found = type_name(scope.pack.schema, value->type);
  report<"key_type">(scope.diagnostics, key.span,
                     diag::Words{shape.relation.names.zh, shape.relation.names.en},
                     Words{wanted.zh, wanted.en}, Words{found.zh, found.en})
      .label(scope.pack.tables[table].span, "知识表声明于此", "the table is declared here");
  return std::nullopt;
}

} // namespace sanku::hir
