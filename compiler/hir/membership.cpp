// Membership: `in` a table, a set, a literal set; `under` a code; `meets` a column of a row. Sets
// of codes, enums and whole numbers are looked up in a set text (runtime/kernels/sets.h); elements
// of other types are compared one by one. Tested by tests/unit/compiler/check_test.cpp and
// tests/cases/sets.
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

// from: `a`, `b..c`, `..c`, to: `x = a`, `x >= b and x <= c`, `x <= c`.
std::optional<Expr> in_element(Scope& scope, Span at, const Expr& value, const Type& type,
                               const SetElement& element) {
  if (!element.high)
    return compared(scope, at, "equal", value, type, element.low);
  std::optional<Expr> low, high;
  if (is_known(element.low)) {
    low = compared(scope, at, "greater_equal", value, type, element.low);
    if (!low)
      return std::nullopt;
  }
  if (is_known(*element.high)) {
    high = compared(scope, at, "less_equal", value, type, *element.high);
    if (!high)
      return std::nullopt;
  }
  if (low && high)
    return apply(scope, {"and", "in", at}, list_of(std::move(*low), std::move(*high)));
  return low ? std::move(low) : std::move(high);
}

// from: `x in { a, b..c }`, to: `x = a or (x >= b and x <= c)`.
std::optional<Expr> in_elements(Scope& scope, Span at, Expr value, const ValueSet& set) {
  std::optional<Expr> any;
  for (const SetElement& each : set.elements) {
    auto one = in_element(scope, at, value, set.type, each);
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

bool has_open_end(const ValueSet& set) {
  return std::ranges::any_of(set.elements, [](const SetElement& each) {
    return each.high && !(is_known(each.low) && is_known(*each.high));
  });
}

} // namespace

std::optional<Expr> in_set(Scope& scope, Span at, Expr value, const ValueSet& set) {
  auto member = member_value(scope, at, std::move(value), set.type);
  if (!member)
    return std::nullopt;
  if (!has_set_text(set.type.kind) || member->type.kind == Kind::decimal || has_open_end(set))
    return in_elements(scope, at, std::move(*member), set);
  return in_set_text(scope, at, std::move(*member),
                     constant(text_type, set_text(set), place(scope, at)),
                     is_hierarchical(scope, set.type));
}

namespace {

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

} // namespace

// `unless emergency[item.code]`: a guard that names rows asks whether there are any.
std::optional<Expr> check_has_row(Scope& scope, const ast::Expr& expr, const ast::Lookup& lookup) {
  const auto table = table_named(scope, lookup.table);
  if (!table)
    return std::nullopt;
  auto key = check_key(scope, *table, *lookup.key);
  if (!key)
    return std::nullopt;
  auto at = row_date(scope, *table, *key, lookup.at);
  if (!at)
    return std::nullopt;
  return Expr{boolean, place(scope, expr.span),
              InTable{*table, std::make_unique<Expr>(std::move(*key)), std::move(*at)}};
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
  if (const auto table = collecting(scope, right))
    return in_collected(scope, expr, binary, *table);
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

} // namespace sanku::hir
