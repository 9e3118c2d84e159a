// Membership: `in` a table, a set, a literal set; `under` a code; `meets` a column of a row;
// periods that overlap. Sets of codes, enums and whole numbers are looked up in a set text
// (runtime/kernels/sets.h); elements of other types are compared one by one. Tested by
// tests/unit/compiler/check_test.cpp and tests/cases/sets.
#include "compiler/hir/scope.h"
#include "runtime/types/match.h"

#include <algorithm>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

constexpr Type boolean{.kind = Kind::boolean};
constexpr Type text_type{.kind = Kind::text};

bool has_set_text(Kind kind) {
  return kind == Kind::code || kind == Kind::enumeration || kind == Kind::integer;
}

// One end of an element in a set text.
std::string element_text(const Value& value) {
  return std::visit(match{
                        [](const CodeText& code) { return code.text; },
                        [](const EnumValue& member) { return std::to_string(member.id); },
                        [](const Integer& number) { return std::to_string(number.value); },
                        [](const auto&) { return std::string(); },
                    },
                    value);
}

std::string set_text(const ValueSet& set) {
  std::string text;
  for (const SetElement& each : set.elements) {
    text += (text.empty() ? "" : "|") + element_text(each.low);
    if (each.high)
      text += ".." + element_text(*each.high);
  }
  return text;
}

bool is_hierarchical(const Scope& scope, const Type& type) {
  return type.kind == Kind::code && scope.pack.schema.systems[type.domain].hierarchical;
}

// `value in set text`; `below`: an element of a code set stands for what begins with it.
std::optional<Expr> in_set_text(Scope& scope, Span at, Expr value, Expr set, bool below) {
  const Span here = place(scope, at);
  if (value.type.kind != Kind::code)
    return apply(scope, {"in_set", "in", at}, list_of(std::move(value), std::move(set)));
  const Span of = value.span;
  Expr text{text_type, of, CodeTextOf{std::make_unique<Expr>(std::move(value))}};
  return apply(scope, {"in_set", "in", at},
               list_of(std::move(text), std::move(set), constant(boolean, Bool{below}, here)));
}

void report_member_type(Scope& scope, Span at, const Type& value, const Type& element) {
  const TypeName found = type_name(scope.pack.schema, value);
  const TypeName wanted = type_name(scope.pack.schema, element);
  auto& told = report<"set_type">(scope.diagnostics, at, Words{found.zh, found.en},
                                  Words{wanted.zh, wanted.en});
  if (element.kind == Kind::code &&
      scope.pack.schema.systems[element.domain].names.en == "DiagnosisCode")
    told.help("若要问本次就诊的诊断，请写 `存在(d 于 诊断 其中 d的编码 属于 …)`",
              "to ask about this settlement's diagnoses, write `any(d in diagnoses where d.code in "
              "…)`");
}

// A count stands for its number, an integer beside numbers with a point for one of them.
std::optional<Expr> member_value(Scope& scope, Span at, Expr value, const Type& element) {
  const bool numbers = (value.type.kind == Kind::integer || value.type.kind == Kind::decimal ||
                        value.type.kind == Kind::count) &&
                       (element.kind == Kind::integer || element.kind == Kind::decimal);
  const bool instants = value.type.kind == Kind::datetime && element.kind == Kind::date;
  if (instants)
    return as_date(scope, std::move(value), at);
  if (numbers || fits(scope.pack.schema, element, value.type) ||
      (value.type.kind == Kind::age && element.kind == Kind::span))
    return value;
  report_member_type(scope, at, value.type, element);
  return std::nullopt;
}

std::optional<Expr> compared(Scope& scope, Span at, std::string_view op, const Expr& value,
                             const Type& element, const Value& bound) {
  Renamed none;
  scope.nodes += node_count(value);
  Expr again = copy(value, scope.rule, none);
  return apply(scope, {op, "in", at},
               list_of(std::move(again), constant(element, bound, place(scope, at))));
}

// from: `x in { a, b..c }`, to: `x = a or (x >= b and x <= c)`.
std::optional<Expr> in_elements(Scope& scope, Span at, Expr value, const ValueSet& set) {
  std::optional<Expr> any;
  for (const SetElement& each : set.elements) {
    std::optional<Expr> one =
        compared(scope, at, each.high ? "greater_equal" : "equal", value, set.type, each.low);
    if (one && each.high) {
      auto end = compared(scope, at, "less_equal", value, set.type, *each.high);
      if (!end)
        return std::nullopt;
      one = apply(scope, {"and", "in", at}, list_of(std::move(*one), std::move(*end)));
    }
    if (!one)
      return std::nullopt;
    if (any)
      one = apply(scope, {"or", "in", at}, list_of(std::move(*any), std::move(*one)));
    any = std::move(one);
    if (!any || scope.nodes > most_nodes)
      return any;
  }
  return any ? std::move(any) : constant(boolean, Bool{false}, place(scope, at));
}

std::optional<Expr> in_set(Scope& scope, Span at, Expr value, const ValueSet& set) {
  auto member = member_value(scope, at, std::move(value), set.type);
  if (!member)
    return std::nullopt;
  if (!has_set_text(set.type.kind) || member->type.kind == Kind::decimal)
    return in_elements(scope, at, std::move(*member), set);
  return in_set_text(scope, at, std::move(*member),
                     constant(text_type, set_text(set), place(scope, at)),
                     is_hierarchical(scope, set.type));
}

std::optional<Expr> in_table(Scope& scope, const ast::Expr& expr, const ast::Binary& binary,
                             TableId table) {
  auto key = check_key(scope, table, *binary.left);
  if (!key)
    return std::nullopt;
  auto at = row_date(scope, table, *key, nullptr);
  if (!at)
    return std::nullopt;
  return Expr{boolean, place(scope, expr.span),
              InTable{table, std::make_unique<Expr>(std::move(*key)), std::move(*at)}};
}

// `value in row.column` where the column is a set, or `value meets` it.
std::optional<Expr> in_cell(Scope& scope, Span at, Expr value, const SetCellRef& cell) {
  auto member = member_value(scope, at, std::move(value), cell.column.element);
  if (!member)
    return std::nullopt;
  Expr set{text_type, place(scope, at), FieldOf{cell.binder, cell.relation, cell.column.column}};
  // A set text of the table says by itself which elements stand for all below: those of a column
  // that is `prefix`, or of a hierarchical system.
  const TableId table = cell.relation - static_cast<RelationId>(scope.pack.schema.relations.size());
  const bool prefix = scope.pack.tables[table].shape.prefix[cell.column.column];
  return in_set_text(scope, at, std::move(*member), std::move(set),
                     prefix || is_hierarchical(scope, cell.column.element));
}

Expr empty_cell(Scope& scope, Span at, BinderId binder, RelationId relation, std::uint32_t column) {
  return Expr{boolean, place(scope, at), EmptyCell{binder, relation, column}};
}

// from: `x meets r.column`, to: `column is empty or x op column`.
std::optional<Expr> meets_bound(Scope& scope, Span at, std::string_view op, const Expr& value,
                                BinderId binder, RelationId of, std::uint32_t column) {
  Renamed none;
  scope.nodes += node_count(value);
  Expr again = copy(value, scope.rule, none);
  const Type type = relation(scope.pack, of).columns[column].type;
  auto met =
      apply(scope, {op, "meets", at},
            list_of(std::move(again), Expr{type, place(scope, at), FieldOf{binder, of, column}}));
  if (!met)
    return std::nullopt;
  return apply(scope, {"or", "meets", at},
               list_of(empty_cell(scope, at, binder, of, column), std::move(*met)));
}

std::optional<Expr> meets_range(Scope& scope, Span at, const Expr& value, const RangeRef& range) {
  auto low = meets_bound(scope, at, "greater_equal", value, range.binder, range.relation,
                         range.columns.low);
  auto high =
      meets_bound(scope, at, "less_equal", value, range.binder, range.relation, range.columns.high);
  if (!low || !high)
    return std::nullopt;
  return apply(scope, {"and", "meets", at}, list_of(std::move(*low), std::move(*high)));
}

std::optional<Expr> meets_cell(Scope& scope, Span at, Expr value, const SetCellRef& cell) {
  auto met = in_cell(scope, at, std::move(value), cell);
  if (!met)
    return std::nullopt;
  return apply(scope, {"or", "meets", at},
               list_of(empty_cell(scope, at, cell.binder, cell.relation, cell.column.column),
                       std::move(*met)));
}

// begin of one <= end of the other, where an open end is always later and an open begin earlier.
std::optional<Expr> not_after(Scope& scope, Span at, const PeriodRef& first,
                              const PeriodRef& second) {
  Renamed none;
  auto order =
      apply(scope, {"less_equal", "overlaps", at},
            list_of(copy(first.begin, scope.rule, none), copy(second.end, scope.rule, none)));
  const auto open = [&](const PeriodRef& period, const Expr& end) {
    const auto* field = std::get_if<FieldOf>(&end.form);
    if (!order || !period.open || !field)
      return;
    order = apply(scope, {"or", "overlaps", at},
                  list_of(empty_cell(scope, at, field->binder, field->relation, field->column),
                          std::move(*order)));
  };
  open(first, first.begin);
  open(second, second.end);
  return order;
}

// A number as one of the set's type, whose scale is enough for it; else nothing.
std::optional<Value> at_scale(const Value& value, const Type& from, const Type& to) {
  const bool numbers = from.kind == to.kind || from.kind == Kind::integer;
  if (!numbers || from.scale > to.scale || (to.kind == Kind::money && from.kind != Kind::money))
    return std::nullopt;
  Int128 units = std::holds_alternative<Integer>(value) ? std::get<Integer>(value).value
                                                        : std::get<Decimal>(value).units;
  for (unsigned scale = from.scale; scale < to.scale; ++scale)
    units *= 10;
  return Decimal{units};
}

std::optional<PeriodRef> check_period(Scope& scope, const ast::Expr& expr) {
  auto meaning = meaning_of(scope, expr);
  if (!meaning)
    return std::nullopt;
  if (auto* period = std::get_if<PeriodRef>(&*meaning))
    return std::move(*period);
  report<"period_expected">(scope.diagnostics, expr.span);
  return std::nullopt;
}

} // namespace

namespace {

// The literal's elements as they are written, each with its own type; `high` may be empty.
struct Written {
  std::optional<Expr> low, high;
};

std::optional<Expr> check_element(Scope& scope, const ast::Expr& expr, const Type* opposite) {
  auto value = check_value(scope, expr, opposite);
  if (!value || std::holds_alternative<Constant>(value->form))
    return value;
  report<"set_element">(scope.diagnostics, expr.span);
  return std::nullopt;
}

// The type of all elements: of the first, but numbers as wide as the widest.
Type common_type(const std::vector<Written>& elements) {
  Type common = elements.front().low->type;
  for (const Written& each : elements)
    for (const std::optional<Expr>* end : {&each.low, &each.high}) {
      if (!*end || !(is_number((*end)->type.kind) || (*end)->type.kind == Kind::integer))
        continue;
      if (common.kind == Kind::integer && (*end)->type.kind == Kind::decimal)
        common.kind = Kind::decimal;
      common.scale = std::max(common.scale, (*end)->type.scale);
      common.digits = std::max(common.digits, (*end)->type.digits);
    }
  return common;
}

// The element as one of the set's type, or a report.
std::optional<Value> fitted(Scope& scope, const Expr& element, const Type& type) {
  const Value& value = std::get<Constant>(element.form).value;
  if (is_number(type.kind))
    if (auto resized = at_scale(value, element.type, type))
      return resized;
  if (fits(scope.pack.schema, type, element.type))
    return value;
  report_member_type(scope, element.span, element.type, type);
  return std::nullopt;
}

} // namespace

std::optional<ValueSet> check_set(Scope& scope, const ast::SetLiteral& literal, Span span,
                                  const Type* element) {
  std::vector<Written> written;
  bool fine = true;
  for (const ast::SetElement& each : literal.elements) {
    Written one{check_element(scope, *each.low, element), std::nullopt};
    if (each.high)
      one.high = check_element(scope, *each.high, element);
    fine = fine && one.low && (!each.high || one.high);
    written.push_back(std::move(one));
  }
  if (!fine)
    return std::nullopt;
  if (written.empty() && !element) {
    report<"set_empty">(scope.diagnostics, span);
    return std::nullopt;
  }
  ValueSet set{.type = element ? *element : common_type(written), .elements = {}};
  for (const Written& each : written) {
    auto low = fitted(scope, *each.low, set.type);
    std::optional<Value> high;
    if (each.high)
      high = fitted(scope, *each.high, set.type);
    fine = fine && low && (!each.high || high);
    if (fine)
      set.elements.push_back({std::move(*low), std::move(high)});
  }
  if (!fine)
    return std::nullopt;
  return set;
}

std::optional<Expr> check_member(Scope& scope, const ast::Expr& expr, const ast::Binary& binary) {
  const ast::Expr& right = without_parens(*binary.right);
  if (const auto* literal = std::get_if<ast::SetLiteral>(&right.form)) {
    auto value = check_value(scope, *binary.left);
    if (!value)
      return std::nullopt;
    // The elements take the type of what is looked for; an age is looked for among lengths of time.
    const Type wanted =
        value->type.kind == Kind::count ? Type{.kind = Kind::integer, .digits = 19} : value->type;
    const bool flexible = wanted.kind == Kind::age || is_number(wanted.kind) ||
                          wanted.kind == Kind::integer || wanted.kind == Kind::datetime;
    const auto set = check_set(scope, *literal, right.span, flexible ? nullptr : &wanted);
    if (!set)
      return std::nullopt;
    return in_set(scope, expr.span, std::move(*value), *set);
  }
  const auto* name = std::get_if<ast::NameRef>(&right.form);
  if (name && !scope.locals.contains(name->name.text)) {
    if (const auto table = scope.pack.table_names.find(name->name.text);
        table != scope.pack.table_names.end())
      return in_table(scope, expr, binary, table->second);
  }
  if (name && !scope.locals.contains(name->name.text) &&
      !scope.pack.set_names.contains(name->name.text)) {
    static_cast<void>(table_named(scope, name->name));
    return std::nullopt;
  }
  const auto meaning = meaning_of(scope, right);
  if (!meaning)
    return std::nullopt;
  if (const auto* set = std::get_if<SetRef>(&*meaning)) {
    auto value = check_value(scope, *binary.left, &set->set->type);
    return value ? in_set(scope, expr.span, std::move(*value), *set->set) : std::nullopt;
  }
  if (const auto* cell = std::get_if<SetCellRef>(&*meaning)) {
    auto value = check_value(scope, *binary.left, &cell->column.element);
    return value ? in_cell(scope, expr.span, std::move(*value), *cell) : std::nullopt;
  }
  report<"not_a_list">(scope.diagnostics, binary.right->span);
  return std::nullopt;
}

std::optional<Expr> check_under(Scope& scope, const ast::Expr& expr, const ast::Binary& binary) {
  auto code = check_value(scope, *binary.left);
  if (!code)
    return std::nullopt;
  if (!is_hierarchical(scope, code->type)) {
    const TypeName found = type_name(scope.pack.schema, code->type);
    report<"not_hierarchical">(scope.diagnostics, binary.left->span, Words{found.zh, found.en});
    return std::nullopt;
  }
  auto above = check_value(scope, *binary.right, &code->type);
  if (!above)
    return std::nullopt;
  if (!fits(scope.pack.schema, code->type, above->type)) {
    report_member_type(scope, binary.right->span, above->type, code->type);
    return std::nullopt;
  }
  const Span of = above->span;
  Expr text{text_type, of, CodeTextOf{std::make_unique<Expr>(std::move(*above))}};
  return in_set_text(scope, expr.span, std::move(*code), std::move(text), true);
}

std::optional<Expr> check_meets(Scope& scope, const ast::Expr& expr, const ast::Binary& binary) {
  const auto meaning = meaning_of(scope, *binary.right);
  if (!meaning)
    return std::nullopt;
  const auto* field = std::get_if<Expr>(&*meaning);
  const auto* column = field ? std::get_if<FieldOf>(&field->form) : nullptr;
  const bool cell =
      column && relation(scope.pack, column->relation).kind == schema::RelationKind::table;
  const auto* set = std::get_if<SetCellRef>(&*meaning);
  const auto* range = std::get_if<RangeRef>(&*meaning);
  if (!cell && !set && !range) {
    report<"meets_what">(scope.diagnostics, binary.right->span);
    return std::nullopt;
  }
  const Type* opposite = cell ? &field->type : set ? &set->column.element : nullptr;
  auto value = check_value(scope, *binary.left, opposite);
  if (!value)
    return std::nullopt;
  if (set)
    return meets_cell(scope, expr.span, std::move(*value), *set);
  if (range)
    return meets_range(scope, expr.span, *value, *range);
  const TableId table =
      column->relation - static_cast<RelationId>(scope.pack.schema.relations.size());
  if (field->type.kind == Kind::code && scope.pack.tables[table].shape.prefix[column->column]) {
    if (!fits(scope.pack.schema, field->type, value->type)) {
      report_member_type(scope, binary.left->span, value->type, field->type);
      return std::nullopt;
    }
    Renamed none;
    Expr above = copy(*field, scope.rule, none);
    const Span of = above.span;
    Expr text{text_type, of, CodeTextOf{std::make_unique<Expr>(std::move(above))}};
    auto met = in_set_text(scope, expr.span, std::move(*value), std::move(text), true);
    if (!met)
      return std::nullopt;
    return apply(
        scope, {"or", "meets", expr.span},
        list_of(empty_cell(scope, expr.span, column->binder, column->relation, column->column),
                std::move(*met)));
  }
  return meets_bound(scope, expr.span, "equal", *value, column->binder, column->relation,
                     column->column);
}

std::optional<Expr> check_overlaps(Scope& scope, const ast::Expr& expr, const ast::Binary& binary) {
  const auto left = check_period(scope, *binary.left);
  const auto right = check_period(scope, *binary.right);
  if (!left || !right)
    return std::nullopt;
  auto first = not_after(scope, expr.span, *left, *right);
  auto second = not_after(scope, expr.span, *right, *left);
  if (!first || !second)
    return std::nullopt;
  return apply(scope, {"and", "overlaps", expr.span},
               list_of(std::move(*first), std::move(*second)));
}

std::optional<std::optional<Expr>> check_period_contains(Scope& scope, const ast::Expr& expr,
                                                         const ast::Binary& binary) {
  const ast::Expr& left = without_parens(*binary.left);
  const bool possible = std::holds_alternative<ast::NameRef>(left.form) ||
                        std::holds_alternative<ast::Member>(left.form) ||
                        std::holds_alternative<ast::Period>(left.form);
  if (!possible)
    return std::nullopt;
  auto meaning = meaning_of(scope, left);
  if (!meaning)
    return std::optional<Expr>();
  auto* period = std::get_if<PeriodRef>(&*meaning);
  if (!period)
    return std::nullopt;
  auto day = as_date(scope, check_value(scope, *binary.right), expr.span);
  if (!day)
    return std::optional<Expr>();
  if (day->type.kind != Kind::date) {
    const TypeName found = type_name(scope.pack.schema, day->type);
    report<"operand_types">(scope.diagnostics, expr.span, "contains", Words{"时段", "period"},
                            Words{found.zh, found.en});
    return std::optional<Expr>();
  }
  Renamed none;
  PeriodRef one{copy(*day, scope.rule, none), std::move(*day), false};
  auto first = not_after(scope, expr.span, *period, one);
  auto second = not_after(scope, expr.span, one, *period);
  if (!first || !second)
    return std::optional<Expr>();
  return apply(scope, {"and", "contains", expr.span},
               list_of(std::move(*first), std::move(*second)));
}

} // namespace sanku::hir
