// See header_text.h.
#include "compiler/plan/header_text.h"

#include "compiler/hir/walk.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <type_traits>

namespace sanku::plan {
namespace {

std::string type_text(const Type& type) {
  return fmt::format("{}.{}.{}", static_cast<unsigned>(type.kind), type.scale, type.domain);
}

std::string value_text(const Value& value) {
  const auto quoted = [](const std::string& text) {
    return fmt::format("{}'{}'", text.size(), text);
  };
  return std::visit(
      match{
          [](const Unknown&) -> std::string { return "?"; },
          [](const Bool& it) { return fmt::format("{}", it.value); },
          [](const Integer& it) { return fmt::format("{}", it.value); },
          [](const Decimal& it) { return decimal_text(it.units, 0, 0); },
          [](const Date& it) { return fmt::format("{}", it.days); },
          [](const DateTime& it) { return fmt::format("{}", it.seconds); },
          [](const Span& it) { return fmt::format("{}", it.packed); },
          [](const Window& it) { return fmt::format("{}", it.packed); },
          [](const Age& it) { return fmt::format("{}", it.packed); },
          [](const Score& it) { return fmt::format("{:a}", it.value); },
          [](const Count& it) { return fmt::format("{}..{}", it.low, it.high); },
          [&](const CodeText& it) { return quoted(it.text); },
          [&](const EnumValue& it) { return fmt::format("{}", it.id) + quoted(it.unlisted); },
          [&](const std::string& it) { return quoted(it); },
      },
      value);
}

struct Writer {
  const hir::Rule& rule;
  const Key& key;
  std::string& out;

  std::string cell(std::uint32_t column) const {
    const auto at = std::ranges::find(key.row_columns, column);
    check(at != key.row_columns.end(), "a header condition reads listed columns of the row");
    return fmt::format("row{}", at - key.row_columns.begin());
  }

  void operator()(const hir::Expr& expr) const {
    std::visit(match{
                   [&](const hir::Constant& constant) {
                     out += type_text(expr.type) + "=" + value_text(constant.value);
                   },
                   [&](const hir::FieldOf& field) {
                     out += field.binder == hir::settlement_binder
                                ? fmt::format("header{}", field.column)
                                : cell(field.column) + ":" + type_text(expr.type);
                   },
                   [&](const hir::LetOf& let) { (*this)(rule.lets[let.let].value); },
                   [&](const hir::Call& call) {
                     out += fmt::format("{}#{}", call.builtin->name,
                                        call.builtin->kernel - sanku_kernels);
                     children(expr);
                   },
                   [&](const hir::CodeTextOf&) {
                     out += "text";
                     children(expr);
                   },
                   [&](const hir::EmptyCell& empty) { out += "empty " + cell(empty.column); },
                   [](const auto&) { unreachable("no header condition has such a form"); },
               },
               expr.form);
  }
  void children(const hir::Expr& expr) const {
    out += '(';
    hir::for_each_child(expr, [&](const auto& child) {
      if constexpr (std::is_same_v<std::decay_t<decltype(child)>, hir::Expr>) {
        (*this)(child);
        out += ',';
      }
    });
    out += ')';
  }
};

} // namespace

// Branches count up to the first that the header does not decide.
std::string header_text(const hir::Rule& rule, const Key& key) {
  std::string out;
  const Writer write{rule, key, out};
  for (std::size_t i = 0; i < rule.guards.size(); ++i) {
    if (!key.header_guards[i])
      continue;
    out += "guard ";
    write(std::get<hir::ConditionGuard>(rule.guards[i]).condition);
  }
  for (std::size_t i = 0; i < rule.branches.size() && key.header_branches[i]; ++i) {
    out += "when ";
    write(rule.branches[i].when);
  }
  if (!std::ranges::all_of(key.header_branches, [](bool header) { return header; }))
    out += "or more";
  return out;
}

} // namespace sanku::plan
