// Copies of what a test gives: trees of literals. Declared in claim_edits.h.
#include "runtime/types/match.h"
#include "tools/measure/claim_edits.h"

namespace sanku::measure {
namespace {

using ast::DataField;
using ast::DataList;
using ast::DataRecord;
using ast::DataValue;

std::optional<DataValue> copy_of(const DataValue& value);

std::optional<DataRecord> copy_of(const DataRecord& record) {
  DataRecord made;
  for (const DataField& field : record.fields) {
    auto value = copy_of(*field.value);
    if (!value)
      return std::nullopt;
    made.fields.push_back({field.name, std::make_unique<DataValue>(std::move(*value))});
  }
  return made;
}

std::optional<std::vector<DataValue>> copy_of(const std::vector<DataValue>& values) {
  std::vector<DataValue> made;
  for (const DataValue& value : values) {
    auto one = copy_of(value);
    if (!one)
      return std::nullopt;
    made.push_back(std::move(*one));
  }
  return made;
}

std::optional<DataValue> copy_of(const DataValue& value) {
  DataValue made{.form = DataRecord{}, .span = value.span};
  const bool fine = std::visit(match{
                                   [&](const ast::ExprPtr& literal) {
                                     auto one = copied(*literal);
                                     if (one)
                                       made.form = std::move(*one);
                                     return one.has_value();
                                   },
                                   [&](const DataRecord& record) {
                                     auto one = copy_of(record);
                                     if (one)
                                       made.form = std::move(*one);
                                     return one.has_value();
                                   },
                                   [&](const DataList& list) {
                                     auto all = copy_of(list.values);
                                     if (all)
                                       made.form = DataList{std::move(*all)};
                                     return all.has_value();
                                   },
                               },
                               value.form);
  if (!fine)
    return std::nullopt;
  return made;
}

} // namespace

std::optional<ast::DataValue> copied(const ast::DataValue& value) { return copy_of(value); }

std::optional<ast::ExprPtr> copied(const ast::Expr& literal) {
  auto made = std::make_unique<ast::Expr>();
  made->span = literal.span;
  const auto take = [&](const auto& form) {
    made->form = form;
    return true;
  };
  const auto inner = [&](const ast::ExprPtr& of, auto form, ast::ExprPtr decltype(form)::* member) {
    auto one = copied(*of);
    if (one) {
      form.*member = std::move(*one);
      made->form = std::move(form);
    }
    return one.has_value();
  };
  const bool fine =
      std::visit(match{
                     [&](const ast::NumberLiteral& form) { return take(form); },
                     [&](const ast::TextLiteral& form) { return take(form); },
                     [&](const ast::DateLiteral& form) { return take(form); },
                     [&](const ast::BoolLiteral& form) { return take(form); },
                     [&](const ast::WindowLiteral& form) { return take(form); },
                     [&](const ast::NameRef& form) { return take(form); },
                     [&](const ast::Member& form) {
                       return inner(form.base, ast::Member{.base = nullptr, .field = form.field},
                                    &ast::Member::base);
                     },
                     [&](const ast::Unary& form) {
                       return inner(form.operand, ast::Unary{.op = form.op, .operand = nullptr},
                                    &ast::Unary::operand);
                     },
                     [&](const ast::Paren& form) {
                       return inner(form.inner, ast::Paren{.inner = nullptr}, &ast::Paren::inner);
                     },
                     [](const auto&) { return false; },
                 },
                 literal.form);
  if (!fine)
    return std::nullopt;
  return made;
}

std::optional<GivenList> copied(const GivenList& given) {
  GivenList made;
  bool fine = true;
  for (const auto& each : given)
    std::visit(match{
                   [&](const ast::GivenClaim& claim) {
                     auto one = copy_of(claim.claim);
                     fine = fine && one;
                     if (one)
                       made.emplace_back(ast::GivenClaim{std::move(*one), claim.span});
                   },
                   [&](const ast::GivenFile&) { fine = false; },
                   [&](const ast::GivenKnowledge& of) {
                     auto rows = copy_of(of.rows);
                     fine = fine && rows;
                     if (rows)
                       made.emplace_back(ast::GivenKnowledge{of.table, std::move(*rows), of.span});
                   },
                   [&](const ast::GivenAnswer& answer) { made.emplace_back(answer); },
                   [&](const ast::GivenHistory& history) {
                     auto visits = copy_of(history.visits);
                     fine = fine && visits;
                     if (visits)
                       made.emplace_back(ast::GivenHistory{std::move(*visits), history.span});
                   },
                   [&](const ast::GivenRegion& region) { made.emplace_back(region); },
               },
               each);
  if (!fine)
    return std::nullopt;
  return made;
}

} // namespace sanku::measure
