// Builders for Hir by hand, for tests of passes that begin at the Hir. They check nothing: what is
// built must be what the checker would build. Kernels are named as in the kernel table
// ("less_decimal").
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/types/check.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sanku::hir::build {

template <class T, class... Parts> std::vector<T> list(Parts... parts) {
  std::vector<T> made;
  (made.push_back(std::move(parts)), ...);
  return made;
}
template <class... Exprs> std::vector<Expr> exprs(Exprs... parts) {
  return list<Expr>(std::move(parts)...);
}
template <class... Bindings> std::vector<Binding> bindings(Bindings... parts) {
  return list<Binding>(std::move(parts)...);
}

inline constexpr Type boolean{.kind = Kind::boolean};
inline constexpr Type integer{.kind = Kind::integer};
inline constexpr Type count_type{.kind = Kind::count};
inline constexpr Type date{.kind = Kind::date};
inline constexpr Type span_type{.kind = Kind::span};
inline constexpr Type age_type{.kind = Kind::age};
inline constexpr Type money{.kind = Kind::money, .scale = 2};

inline ExprPtr boxed(Expr expr) { return std::make_unique<Expr>(std::move(expr)); }
inline QueryPtr boxed(Query query) { return std::make_unique<Query>(std::move(query)); }

template <class Form> Expr expr(Type type, Form form) {
  return Expr{.type = type, .span = {}, .form = std::move(form)};
}
inline Expr constant(Type type, Value value) { return expr(type, Constant{std::move(value)}); }
inline Expr truth(bool value) { return constant(boolean, Bool{value}); }
inline Expr not_known(Type type = boolean) { return constant(type, Unknown{}); }
inline Expr number(std::int64_t value) { return constant(integer, Integer{value}); }
inline Expr yuan(std::int64_t cents) { return constant(money, Decimal{cents}); }

// The column called `name` (English) of the element bound to `binder`.
inline Expr field(const Program& program, BinderId binder, RelationId relation_id,
                  std::string_view name) {
  const std::vector<schema::Column>& columns = relation(program, relation_id).columns;
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    if (columns[i].names.en == name)
      return expr(columns[i].type, FieldOf{binder, relation_id, i});
  }
  unreachable("a test names a column that is not there");
}

inline const builtins::Builtin& builtin(std::string_view kernel) {
  for (const builtins::Builtin& row : builtins::rows()) {
    if (row.kernel->name == kernel)
      return row;
  }
  unreachable("a test names a kernel that is not there");
}
template <class... Arguments>
Expr call(std::string_view kernel, Type type, Arguments... arguments) {
  return expr(type, Call{&builtin(kernel), exprs(std::move(arguments)...)});
}
template <class... Arguments> Expr test(std::string_view kernel, Arguments... arguments) {
  return call(kernel, boolean, std::move(arguments)...);
}
inline Expr let(Type type, std::uint32_t index) { return expr(type, LetOf{index}); }
inline Expr in_table(TableId table, Expr key) {
  return expr(boolean, InTable{table, boxed(std::move(key)), nullptr});
}
inline Expr earlier(BinderId left, BinderId right, RelationId relation_id) {
  return expr(boolean, Earlier{left, right, relation_id});
}

inline Binding in_list(BinderId binder, RelationId relation_id) {
  return Binding{
      .binder = binder, .relation = relation_id, .parts = false, .source = ListSource{relation_id}};
}
inline Binding in_group(BinderId binder, RelationId relation_id) {
  return Binding{
      .binder = binder, .relation = relation_id, .parts = false, .source = GroupSource{}};
}
inline Binding in_rows(const Program& program, BinderId binder, TableId table, Expr key) {
  return Binding{.binder = binder,
                 .relation = relation_of(program, table),
                 .parts = false,
                 .source = RowsSource{table, boxed(std::move(key)), nullptr}};
}
inline Binding in_lines(BinderId binder, Query lines) {
  const bool parts = !std::holds_alternative<std::monostate>(lines.beyond);
  const RelationId relation_id = lines.from.front().relation;
  return Binding{.binder = binder,
                 .relation = relation_id,
                 .parts = parts,
                 .source = LinesSource{boxed(std::move(lines))}};
}

inline Query query(std::vector<Binding> from, std::vector<Expr> where = {}) {
  Query made;
  made.from = std::move(from);
  made.where = std::move(where);
  return made;
}
inline Query beyond_quantity(Query of, Expr limit) {
  of.beyond = BeyondQuantity{boxed(std::move(limit))};
  return of;
}
inline Query beyond_distinct(Query of, Expr limit, Expr key) {
  of.beyond = BeyondDistinct{boxed(std::move(limit)), boxed(std::move(key))};
  return of;
}

inline Expr fold(FoldKind kind, Type type, Query over, std::optional<Expr> value = std::nullopt) {
  return expr(type, Fold{kind, boxed(std::move(over)), value ? boxed(std::move(*value)) : nullptr});
}
inline Expr count(Query over) { return fold(FoldKind::count, count_type, std::move(over)); }
inline Expr any(Query over) { return fold(FoldKind::any, boolean, std::move(over)); }
inline Expr none(Query over) { return fold(FoldKind::none, boolean, std::move(over)); }
inline Expr every(Query over, Expr has) {
  return fold(FoldKind::every, boolean, std::move(over), std::move(has));
}
inline Expr sum(Query over, Expr take) {
  const Type type = take.type;
  return fold(FoldKind::sum, type, std::move(over), std::move(take));
}
inline Expr smallest(Query over, Expr take) {
  const Type type = take.type;
  return fold(FoldKind::min, type, std::move(over), std::move(take));
}
inline Expr largest(Query over, Expr take) {
  const Type type = take.type;
  return fold(FoldKind::max, type, std::move(over), std::move(take));
}

inline Report report() {
  Report made{};
  made.severity = ast::Severity::suspected;
  made.on = OwnLine{};
  made.amount = AmountOfLine{};
  return made;
}
inline Report report_on(Query lines, BinderId line) {
  Report made = report();
  made.line = line;
  made.line_parts = !std::holds_alternative<std::monostate>(lines.beyond);
  made.on = boxed(std::move(lines));
  return made;
}
inline Branch branch(Expr when, Report speaks) {
  return Branch{.when = std::move(when), .report = std::move(speaks)};
}

// A rule with `binders` slots, whose relations are given from slot 1 on.
inline Rule rule(SubjectKind kind, RelationId relation_id, std::vector<RelationId> slots = {}) {
  Rule made;
  made.id = "T1";
  made.stages = {ast::Stage::post};
  made.subject.kind = kind;
  made.subject.relation = relation_id;
  made.binder_relations = {0, relation_id};
  for (const RelationId slot : slots)
    made.binder_relations.push_back(slot);
  made.binders = static_cast<std::uint32_t>(made.binder_relations.size());
  made.binder_names.resize(made.binders);
  return made;
}

} // namespace sanku::hir::build
