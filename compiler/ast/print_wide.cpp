// Expressions that are too long for one line, broken where a reader takes breath: before `and` and
// `or`, before `where` and `take`, an arm or a condition a line. What has none of these stays on
// its line. See printer.h.
#include "compiler/ast/printer.h"
#include "compiler/source/source.h"

namespace sanku::ast {

namespace {

using Room = Printer::Room;

std::string new_line(std::size_t indent) { return "\n" + std::string(indent, ' '); }

// The cells of a text's last line, which began `used` cells from the left.
std::size_t last_line(std::string_view text, std::size_t used) {
  const std::size_t at = text.rfind('\n');
  return at == std::string_view::npos ? used + source::display_width(text)
                                      : source::display_width(text.substr(at + 1));
}

// `word` and an expression on a line of their own.
std::string clause(const Printer& printer, Word word, const Expr& expr, Room room) {
  const std::string head = printer.word(word) + " ";
  const std::size_t column = room.indent + source::display_width(head);
  return new_line(room.indent) + head +
         printer.wide(expr, {.indent = column, .used = column, .tail = room.tail, .hang = 0});
}

std::string logical(const Printer& printer, const Logical& form, Room room) {
  const std::size_t indent = room.indent + room.hang;
  std::string out;
  for (const ExprPtr& each : form.operands) {
    if (out.empty())
      out = printer.wide(*each, {.indent = indent, .used = room.used});
    else
      out += clause(printer, form.is_and ? "and"_w : "or"_w, *each,
                    {.indent = indent, .used = 0, .tail = room.tail});
  }
  return out;
}

// `count(x in list`, the rest below it.
std::string looped(const Printer& printer, std::string head, const ExprPtr& where, Word take_word,
                   const Expr* take, Room room) {
  const Room inner{.indent = room.indent + 2, .used = 0, .tail = room.tail + 1};
  if (where)
    head += clause(printer, "where"_w, *where, inner);
  if (take != nullptr)
    head += clause(printer, take_word, *take, inner);
  return head + ")";
}

// `head`, a text a line, and the bracket that closes.
std::string listed(std::string head, const std::vector<std::string>& texts, std::string_view end,
                   Room room) {
  for (const std::string& each : texts)
    head += new_line(room.indent + 2) + each;
  return head + new_line(room.indent) + std::string(end);
}

std::string counted(const Printer& printer, const CountOf& form, Room room) {
  std::vector<std::string> texts;
  const std::size_t column = room.indent + 2;
  for (const ExprPtr& each : form.conditions)
    texts.push_back(printer.wide(*each, {.indent = column, .used = column, .tail = 1}) +
                    (each == form.conditions.back() ? "" : ","));
  return listed(printer.word("count"_w) + " " + printer.word("of"_w) + " (", texts, ")", room);
}

std::string filled(const Printer& printer, const SetLiteral& set, Room room) {
  std::vector<std::string> rows(1);
  for (const SetElement& each : set.elements) {
    const std::string text = printer.expr(*each.low) +
                             (each.high ? ".." + printer.expr(*each.high) : "") +
                             (&each == &set.elements.back() ? "" : ",");
    if (!rows.back().empty() &&
        room.indent + 3 + source::display_width(rows.back()) + source::display_width(text) >
            line_cells)
      rows.emplace_back();
    rows.back() += (rows.back().empty() ? "" : " ") + text;
  }
  return listed("{", rows, "}", room);
}

// The operator keeps its right side on the line where the left one ends: brackets there break
// inside.
std::string joined(const Printer& printer, const Expr& left, const std::string& op,
                   const Expr& right, Room room) {
  const std::size_t width =
      source::display_width(op) + source::display_width(printer.expr(right)) + room.tail;
  Room before = room;
  before.tail = width + room.used < line_cells ? width : source::display_width(op);
  std::string out = printer.wide(left, before) + op;
  return out + printer.wide(right, {.indent = room.indent,
                                    .used = last_line(out, room.used),
                                    .tail = room.tail,
                                    .hang = room.hang});
}

} // namespace

std::string Printer::wide(const Expr& expression, Room room) const {
  std::string one = expr(expression);
  if (room.used + source::display_width(one) + room.tail <= line_cells)
    return one;
  const auto& form = expression.form;
  if (const auto* all = std::get_if<Logical>(&form))
    return logical(*this, *all, room);
  if (const auto* paren = std::get_if<Paren>(&form))
    return "(" +
           wide(*paren->inner, {.indent = room.indent + 1,
                                .used = room.used + 1,
                                .tail = room.tail + 1,
                                .hang = 0}) +
           ")";
  if (const auto* fold = std::get_if<Fold>(&form); fold != nullptr && (fold->where || fold->take))
    return looped(*this, loop_head(*fold), fold->where,
                  fold->kind == FoldKind::every ? "has"_w : "take"_w, fold->take.get(), room);
  if (const auto* those = std::get_if<Those>(&form); those != nullptr && those->where)
    return looped(*this, loop_head(*those), those->where, "take"_w, nullptr, room);
  if (const auto* choose = std::get_if<Choose>(&form))
    return listed(word("choose"_w) + " {", table(*choose), "}", room);
  if (const auto* count = std::get_if<CountOf>(&form))
    return counted(*this, *count, room);
  if (const auto* set = std::get_if<SetLiteral>(&form))
    return filled(*this, *set, room);
  if (const auto* binary = std::get_if<Binary>(&form))
    return joined(*this, *binary->left, " " + operator_text(binary->op) + " ", *binary->right,
                  room);
  if (const auto* compare = std::get_if<Compare>(&form);
      compare != nullptr && compare->ops.size() == 1)
    return joined(*this, *compare->operands[0], " " + operator_text(compare->ops[0]) + " ",
                  *compare->operands[1], room);
  return one;
}

} // namespace sanku::ast
