// The elements of a set that an author writes: all of one type, numbers as wide as the widest.
// Tested by tests/unit/compiler/check_test.cpp and tests/cases/sets.
#include "compiler/hir/scope.h"

#include <algorithm>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

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

} // namespace sanku::hir
