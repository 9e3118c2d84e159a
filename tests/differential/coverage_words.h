// How the forms of the language are called in the count of coverage.h. An enumerator that has no
// name here does not compile; numbers stop at the first without a name.
#pragma once

#include "compiler/builtins/builtin.h"
#include "compiler/hir/hir.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <string_view>

namespace sanku::differential {

inline constexpr std::string_view word(ast::Unit unit) {
  switch (unit) {
  case ast::Unit::none:
    return "none";
  case ast::Unit::days:
    return "days";
  case ast::Unit::weeks:
    return "weeks";
  case ast::Unit::months:
    return "months";
  case ast::Unit::years:
    return "years";
  case ast::Unit::years_of_age:
    return "years old";
  case ast::Unit::hours:
    return "hours";
  case ast::Unit::minutes:
    return "minutes";
  case ast::Unit::yuan:
    return "yuan";
  case ast::Unit::percent:
    return "percent";
  }
  return {};
}
inline constexpr std::string_view word(ast::WindowWord window) {
  switch (window) {
  case ast::WindowWord::same_day:
    return "same day";
  case ast::WindowWord::same_visit:
    return "same visit";
  case ast::WindowWord::same_hour:
    return "same hour";
  case ast::WindowWord::month:
    return "month";
  case ast::WindowWord::quarter:
    return "quarter";
  case ast::WindowWord::calendar_year:
    return "calendar year";
  case ast::WindowWord::insurance_year:
    return "insurance year";
  case ast::WindowWord::lifetime:
    return "lifetime";
  }
  return {};
}
inline constexpr std::string_view word(ast::UnaryOp op) {
  switch (op) {
  case ast::UnaryOp::negate:
    return "negate";
  case ast::UnaryOp::logical_not:
    return "not";
  case ast::UnaryOp::known:
    return "known";
  }
  return {};
}
inline constexpr std::string_view word(ast::BinaryOp op) {
  switch (op) {
  case ast::BinaryOp::add:
    return "add";
  case ast::BinaryOp::subtract:
    return "subtract";
  case ast::BinaryOp::multiply:
    return "multiply";
  case ast::BinaryOp::divide:
    return "divide";
  case ast::BinaryOp::otherwise:
    return "otherwise";
  case ast::BinaryOp::contains:
    return "contains";
  case ast::BinaryOp::starts_with:
    return "starts with";
  case ast::BinaryOp::earlier:
    return "earlier";
  case ast::BinaryOp::member_of:
    return "member of";
  case ast::BinaryOp::under:
    return "under";
  case ast::BinaryOp::meets:
    return "meets";
  case ast::BinaryOp::overlaps:
    return "overlaps";
  case ast::BinaryOp::adjacent:
    return "adjacent";
  }
  return {};
}
inline constexpr std::string_view word(ast::CompareOp op) {
  switch (op) {
  case ast::CompareOp::equal:
    return "=";
  case ast::CompareOp::not_equal:
    return "!=";
  case ast::CompareOp::less:
    return "<";
  case ast::CompareOp::less_equal:
    return "<=";
  case ast::CompareOp::greater:
    return ">";
  case ast::CompareOp::greater_equal:
    return ">=";
  }
  return {};
}
inline constexpr std::string_view word(ast::FoldKind kind) {
  switch (kind) {
  case ast::FoldKind::count:
    return "count";
  case ast::FoldKind::sum:
    return "sum";
  case ast::FoldKind::min:
    return "min";
  case ast::FoldKind::max:
    return "max";
  case ast::FoldKind::any:
    return "any";
  case ast::FoldKind::none:
    return "none";
  case ast::FoldKind::every:
    return "every";
  case ast::FoldKind::distinct:
    return "distinct";
  case ast::FoldKind::covered:
    return "covered";
  case ast::FoldKind::first:
    return "first";
  case ast::FoldKind::last:
    return "last";
  }
  return {};
}
inline constexpr std::string_view word(ast::Severity severity) {
  switch (severity) {
  case ast::Severity::violation:
    return "violation";
  case ast::Severity::suspected:
    return "suspected";
  case ast::Severity::reminder:
    return "reminder";
  case ast::Severity::lead:
    return "lead";
  case ast::Severity::indicator:
    return "indicator";
  }
  return {};
}
inline constexpr std::string_view word(hir::SubjectKind kind) {
  switch (kind) {
  case hir::SubjectKind::settlement:
    return "settlement";
  case hir::SubjectKind::element:
    return "element";
  case hir::SubjectKind::group:
    return "group";
  }
  return {};
}

template <class E> std::string name_of(const char* what, E value) {
  return fmt::format("{} {}", what, word(value));
}
inline std::string row_name(const builtins::Builtin& row) {
  return fmt::format("built-in {} ({})", row.name, row.kernel->name);
}

// Every form that there is.
[[nodiscard]] std::set<std::string> everything();

} // namespace sanku::differential
