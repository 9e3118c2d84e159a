// Expressions, texts and messages on one line. See printer.h.
#include "compiler/ast/printer.h"
#include "compiler/source/source.h"
#include "compiler/source/utf8.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace sanku::ast {

namespace {

Word word_of(FoldKind kind) {
  switch (kind) {
  case FoldKind::count:
    return "count"_w;
  case FoldKind::sum:
    return "sum"_w;
  case FoldKind::min:
    return "min"_w;
  case FoldKind::max:
    return "max"_w;
  case FoldKind::any:
    return "any"_w;
  case FoldKind::none:
    return "none"_w;
  case FoldKind::every:
    return "every"_w;
  case FoldKind::distinct:
    return "distinct"_w;
  case FoldKind::covered:
    return "covered"_w;
  case FoldKind::first:
  case FoldKind::last:
    break;
  }
  unreachable("a fold without a word");
}

Word word_of(WindowWord window) {
  switch (window) {
  case WindowWord::same_day:
    return "same_day"_w;
  case WindowWord::same_visit:
    return "same_visit"_w;
  case WindowWord::same_hour:
    return "same_hour"_w;
  case WindowWord::month:
    return "month"_w;
  case WindowWord::quarter:
    return "quarter"_w;
  case WindowWord::calendar_year:
    return "calendar_year"_w;
  case WindowWord::insurance_year:
    return "insurance_year"_w;
  case WindowWord::lifetime:
    return "lifetime"_w;
  }
  unreachable("a window without a word");
}

Word word_of(BinaryOp op) {
  switch (op) {
  case BinaryOp::add:
    return "plus"_w;
  case BinaryOp::subtract:
    return "minus"_w;
  case BinaryOp::multiply:
    return "times"_w;
  case BinaryOp::divide:
    return "slash"_w;
  case BinaryOp::otherwise:
    return "otherwise"_w;
  case BinaryOp::contains:
    return "contains"_w;
  case BinaryOp::starts_with:
    return "starts_with"_w;
  case BinaryOp::earlier:
    return "earlier"_w;
  case BinaryOp::member_of:
    return "member"_w;
  case BinaryOp::under:
    return "under"_w;
  case BinaryOp::meets:
    return "meets"_w;
  case BinaryOp::overlaps:
    return "overlaps"_w;
  case BinaryOp::adjacent:
    return "adjacent"_w;
  }
  unreachable("an operator without a word");
}

Word word_of(CompareOp op) {
  switch (op) {
  case CompareOp::equal:
    return "equal"_w;
  case CompareOp::not_equal:
    return "not_equal"_w;
  case CompareOp::less:
    return "less"_w;
  case CompareOp::less_equal:
    return "less_equal"_w;
  case CompareOp::greater:
    return "greater"_w;
  case CompareOp::greater_equal:
    return "greater_equal"_w;
  }
  unreachable("a comparison without a word");
}

// The unit as it stands behind the number; English takes the singular for one.
std::string_view unit_text(Unit unit, bool zh, bool one) {
  switch (unit) {
  case Unit::none:
    return "";
  case Unit::days:
    return zh ? "天" : one ? " day" : " days";
  case Unit::weeks:
    return zh ? "周" : one ? " week" : " weeks";
  case Unit::months:
    return zh ? "个月" : one ? " month" : " months";
  case Unit::years:
    return zh ? "年" : one ? " year" : " years";
  case Unit::years_of_age:
    return zh ? "岁" : one ? " year old" : " years old";
  case Unit::hours:
    return zh ? "小时" : one ? " hour" : " hours";
  case Unit::minutes:
    return zh ? "分钟" : one ? " minute" : " minutes";
  case Unit::yuan:
    return zh ? "元" : " yuan";
  case Unit::percent:
    return "%";
  }
  unreachable("a unit without a text");
}

// Function names that are words of the language: the Ast holds the English one.
std::string_view function_text(std::string_view name, bool zh) {
  if (!zh)
    return name;
  return name == "within"     ? "同期"
         : name == "smaller"  ? "较小者"
         : name == "larger"   ? "较大者"
         : name == "ask"      ? "待证"
         : name == "reasons"  ? "原因"
         : name == "history"  ? "既往"
         : name == "timeline" ? "病程"
         : name == "later"    ? "后续"
                              : name;
}

// Whether quotes of that kind hold the text: own quotes inside are in pairs.
bool holds(std::u32string_view text, char32_t open, char32_t close) {
  std::size_t depth = 0;
  for (const char32_t c : text) {
    if (open == close && c == open)
      return false;
    if (c == open)
      ++depth;
    if (c == close && depth-- == 0)
      return false;
  }
  return depth == 0;
}

std::string binders_text(const Printer& printer, const std::vector<Binder>& binders) {
  std::string out;
  for (const Binder& each : binders) {
    if (!out.empty())
      out += ", ";
    if (each.name)
      out += fmt::format("{}{} {} ", each.name->text,
                         each.then ? fmt::format(" {} {}", printer.word("then"_w), each.then->text)
                                   : "",
                         printer.word("binds"_w));
    out += printer.expr(*each.source);
  }
  return out;
}

std::string fold_text(const Printer& printer, const Fold& fold) {
  std::string out = printer.loop_head(fold);
  if (fold.where)
    out += fmt::format(" {} {}", printer.word("where"_w), printer.expr(*fold.where));
  if (fold.take)
    out += fmt::format(" {} {}", printer.word(fold.kind == FoldKind::every ? "has"_w : "take"_w),
                       printer.expr(*fold.take));
  return out + ")";
}

std::string those_text(const Printer& printer, const Those& those) {
  std::string out = printer.loop_head(those);
  if (those.where)
    out += fmt::format(" {} {}", printer.word("where"_w), printer.expr(*those.where));
  return out + ")";
}

std::string set_text(const Printer& printer, const SetLiteral& set) {
  std::string out;
  for (const SetElement& each : set.elements) {
    out += (out.empty() ? " " : ", ") + printer.expr(*each.low);
    if (each.high)
      out += ".." + printer.expr(*each.high);
  }
  return "{" + out + " }";
}

std::string count_of_text(const Printer& printer, const CountOf& count) {
  std::string out;
  for (const ExprPtr& each : count.conditions)
    out += (out.empty() ? "" : ", ") + printer.expr(*each);
  return fmt::format("{} {} ({})", printer.word("count"_w), printer.word("of"_w), out);
}

std::string peers_text(const Printer& printer, const Peers& peers) {
  const auto word = peers.kind == PeerKind::percentile ? "percentile"_w
                    : peers.kind == PeerKind::mean     ? "mean"_w
                                                       : "deviation"_w;
  std::string out = printer.word(word) + "(";
  if (peers.rank)
    out += fmt::format("{} {} ", printer.expr(*peers.rank), printer.word("of"_w));
  out += fmt::format("{}) {} ", printer.expr(*peers.value), printer.word("among"_w));
  for (const ExprPtr& each : peers.among)
    out += (each == peers.among.front() ? "" : ", ") + printer.expr(*each);
  if (peers.at_least)
    out += fmt::format(" {} {}", printer.word("at_least"_w), *peers.at_least);
  return out;
}

// The word of `in years`: the plural, whatever the unit's number.
std::string in_unit_text(const Printer& printer, const InUnit& form) {
  const bool zh = printer.spelling == Spelling::zh;
  const std::string_view unit = unit_text(form.unit, zh, false);
  return fmt::format("{} in {}", printer.expr(*form.value), unit.substr(zh ? 0 : 1));
}

std::string compare_text(const Printer& printer, const Compare& compare) {
  std::string out = printer.expr(*compare.operands.front());
  for (std::size_t i = 0; i < compare.ops.size(); ++i) {
    out += fmt::format(" {} {}", printer.word(word_of(compare.ops[i])),
                       printer.expr(*compare.operands[i + 1]));
  }
  return out;
}

std::string logical_text(const Printer& printer, const Logical& logical) {
  std::string out;
  for (const ExprPtr& each : logical.operands) {
    if (!out.empty())
      out += fmt::format(" {} ", printer.word(logical.is_and ? "and"_w : "or"_w));
    out += printer.expr(*each);
  }
  return out;
}

std::string call_text(const Printer& printer, const Call& call) {
  std::string out(function_text(call.function.text, printer.spelling == Spelling::zh));
  out += "(";
  for (std::size_t i = 0; i < call.arguments.size(); ++i)
    out += (i == 0 ? "" : ", ") + printer.expr(*call.arguments[i]);
  return out + ")";
}

std::string unary_text(const Printer& printer, const Unary& unary) {
  if (unary.op == UnaryOp::negate)
    return "-" + printer.expr(*unary.operand);
  return fmt::format("{} {}", printer.word(unary.op == UnaryOp::known ? "known"_w : "not"_w),
                     printer.expr(*unary.operand));
}

std::string member_text(const Printer& printer, const Member& member) {
  // 的 joins Chinese names; between others the dot reads better and means the same.
  const bool han = printer.spelling == Spelling::zh &&
                   source::is_han(source::code_points(member.field.text).front());
  return printer.expr(*member.base) + (han ? "的" : ".") + member.field.text;
}

} // namespace

std::string Printer::operator_text(BinaryOp op) const { return word(word_of(op)); }
std::string Printer::operator_text(CompareOp op) const { return word(word_of(op)); }

std::string Printer::loop_head(const Fold& fold) const {
  return fmt::format("{}({}", word(word_of(fold.kind)), binders_text(*this, fold.binders));
}

std::string Printer::loop_head(const Those& those) const {
  return fmt::format("{}({}", word("those"_w), binders_text(*this, those.binders));
}

std::string Printer::number(const NumberLiteral& number) const {
  return number.digits +
         std::string(unit_text(number.unit, spelling == Spelling::zh, number.digits == "1"));
}

std::string Printer::quoted(std::string_view text) const {
  struct Quotes {
    std::string_view open, close;
    char32_t first, last;
  };
  constexpr Quotes straight{"\"", "\"", U'"', U'"'}, curly{"“", "”", U'“', U'”'},
      corner{"「", "」", U'「', U'」'};
  const std::u32string characters = source::code_points(text);
  const std::array order = spelling == Spelling::zh ? std::array{curly, corner, straight}
                                                    : std::array{straight, curly, corner};
  for (const Quotes& each : order) {
    if (holds(characters, each.first, each.last))
      return fmt::format("{}{}{}", each.open, text, each.close);
  }
  // The text was read from quotes of the one kind that is left.
  return fmt::format("＂{}＂", text);
}

std::string Printer::message(const Message& message) const {
  std::string literal;
  for (const MessagePart& part : message.parts) {
    std::visit(
        match{[&](const std::string& text) {
                for (const char c : text)
                  literal.append(c == '{' || c == '}' ? 2 : 1, c);
              },
              [&](const Hole& hole) {
                literal += fmt::format("{{{}{}}}", expr(*hole.value),
                                       hole.as_percent ? fmt::format(" {} %", word("as"_w)) : "");
              },
              [&](const MissingHole&) { literal += fmt::format("{{{}}}", word("missing"_w)); }},
        part.form);
  }
  return quoted(literal);
}

std::string Printer::names(const Names& names) const {
  return names.second ? fmt::format("{} / {}", names.first.text, names.second->text)
                      : names.first.text;
}

std::vector<std::string> Printer::arms(const Choose& choose) const {
  std::vector<std::string> texts;
  for (const Arm& each : choose.arms)
    texts.push_back(fmt::format("{} {} {} {}", word("when"_w), expr(*each.when), word("take"_w),
                                expr(*each.take)));
  if (choose.otherwise)
    texts.push_back(fmt::format("{} {}", word("otherwise"_w), expr(*choose.otherwise)));
  return texts;
}

std::vector<std::string> Printer::table(const Choose& choose) const {
  std::size_t column = 0, taken = 0;
  for (const Arm& each : choose.arms) {
    column = std::max(column, source::display_width(expr(*each.when)));
    taken = std::max(taken, source::display_width(expr(*each.take)));
  }
  std::vector<std::string> texts = arms(choose);
  // Words and indentation take some cells too.
  if (column + taken + 24 > line_cells)
    return texts;
  for (std::size_t i = 0; i < choose.arms.size(); ++i)
    texts[i] =
        fmt::format("{} {} {} {}", word("when"_w), padded(expr(*choose.arms[i].when), column),
                    word("take"_w), expr(*choose.arms[i].take));
  return texts;
}

std::string Printer::expr(const Expr& expression) const {
  return std::visit(
      match{
          [&](const NumberLiteral& form) { return number(form); },
          [&](const TextLiteral& form) { return quoted(form.text); },
          [&](const DateLiteral& form) { return form.text; },
          [&](const BoolLiteral& form) { return word(form.value ? "true"_w : "false"_w); },
          [&](const WindowLiteral& form) { return word(word_of(form.word)); },
          [&](const NameRef& form) { return form.name.text; },
          [&](const Member& form) { return member_text(*this, form); },
          [&](const Lookup& form) {
            return fmt::format("{}[{}]{}", form.table.text, expr(*form.key),
                               form.at ? fmt::format(" {} {}", word("at"_w), expr(*form.at)) : "");
          },
          [&](const Unary& form) { return unary_text(*this, form); },
          [&](const Binary& form) {
            return fmt::format("{} {} {}", expr(*form.left), word(word_of(form.op)),
                               expr(*form.right));
          },
          [&](const Compare& form) { return compare_text(*this, form); },
          [&](const Logical& form) { return logical_text(*this, form); },
          [&](const Call& form) { return call_text(*this, form); },
          [&](const Rounded& form) {
            return fmt::format("{} {} {}", expr(*form.value), word("rounded_to"_w), form.places);
          },
          [&](const Paren& form) { return fmt::format("({})", expr(*form.inner)); },
          [&](const SetLiteral& form) { return set_text(*this, form); },
          [&](const Choose& form) {
            std::string text = word("choose"_w) + " {";
            for (const std::string& each : arms(form))
              text += " " + each;
            return text + " }";
          },
          [&](const CountOf& form) { return count_of_text(*this, form); },
          [&](const Peers& form) { return peers_text(*this, form); },
          [&](const Period& form) {
            return fmt::format("{} .. {}", expr(*form.begin), expr(*form.end));
          },
          [&](const InUnit& form) { return in_unit_text(*this, form); },
          [&](const Fold& form) { return fold_text(*this, form); },
          [&](const Those& form) { return those_text(*this, form); },
          [&](const Beyond& form) {
            return fmt::format("{} {} {} {} {}", expr(*form.list), word("beyond_first"_w),
                               expr(*form.limit), word("of"_w), form.field.text);
          },
          [&](const Ranked& form) {
            return fmt::format("{} {} {}{}", expr(*form.list), word("ranked_by"_w), form.field.text,
                               form.descending ? " " + word("descending"_w) : "");
          }},
      expression.form);
}

} // namespace sanku::ast
