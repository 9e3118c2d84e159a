// Sets, parameters, definitions and decision tables. See printer.h.
#include "compiler/ast/choices.h"
#include "compiler/ast/printer.h"
#include "compiler/source/source.h"

#include <fmt/format.h>

namespace sanku::ast {

namespace {

std::string parameters(const Printer& printer, const std::vector<Parameter>& list) {
  std::string out;
  for (const Parameter& each : list)
    out += (out.empty() ? "" : ", ") + each.name.text + " : " + printer.type(each.type);
  return "(" + out + ")";
}

} // namespace

// As many elements on a line as it holds.
void Printer::set(const SetDecl& set) {
  const std::string head =
      fmt::format("{} {} : {} =", word("set"_w), names(set.names), type(set.type));
  const std::string one = fmt::format("{} {}", head, expr(*set.literal));
  const auto* literal = std::get_if<SetLiteral>(&set.literal->form);
  const bool commented = has_comments(set.literal->span);
  if (literal == nullptr || (source::display_width(one) <= line_cells && !commented))
    return line(0, one);
  line(0, head + " {");
  std::string row;
  const auto end_row = [&] {
    if (!row.empty())
      line(2, row);
    row.clear();
  };
  Position position = Position::first;
  for (const SetElement& each : literal->elements) {
    // A comment ends its row.
    const std::uint32_t place = each.low->span.begin;
    if (next_comment < file->comments.size() && file->comments[next_comment].span.begin < place)
      end_row();
    if (row.empty())
      before(place, 2, position);
    position = Position::between;
    std::string text = expr(*each.low);
    if (each.high)
      text += ".." + expr(*each.high);
    if (!row.empty() && source::display_width(row) + source::display_width(text) + 5 > line_cells) {
      end_row();
    }
    row += (row.empty() ? "" : " ") + text + ",";
  }
  end_row();
  before(set.literal->span.end - 1, 2, Position::closing);
  line(0, "}");
}

void Printer::param(const Param& param) {
  std::string text = fmt::format("{} {}", word("param"_w), names(param.names));
  if (param.type)
    text += " : " + type(*param.type);
  for (std::size_t i = 0; i < param.values.size(); ++i) {
    const ParamValue& each = param.values[i];
    text += (i == 0 ? " = " : ", ") + expr(*each.value);
    if (!each.from.empty())
      text += fmt::format(" {} {}", word("from"_w), each.from);
  }
  if (param.least)
    text += fmt::format(" {} {} {} {}", word("between"_w), expr(*param.least), word("and"_w),
                        expr(*param.most));
  line(0, text);
}

void Printer::define(const Define& define) {
  const std::string head = fmt::format("{} {}{}{} =", word("define"_w), names(define.names),
                                       parameters(*this, define.parameters),
                                       define.type ? " : " + type(*define.type) : "");
  const std::string body = expr(*define.body);
  if (source::display_width(head) + source::display_width(body) + 1 <= line_cells)
    return line(0, fmt::format("{} {}", head, body));
  line(0, head);
  line(2, wide(*define.body, {.indent = 2, .used = 2, .tail = 0, .hang = 0}));
}

void Printer::decide(const Decide& decide) {
  const std::string head =
      fmt::format("{} {}{} : {} {} {}", word("decide"_w), names(decide.names),
                  parameters(*this, decide.parameters), type(decide.type), word("hit"_w),
                  word_for(hits, decide.hit, spelling == Spelling::zh));
  if (!decide.file.empty())
    return line(0, fmt::format("{} {} {}", head, word("from"_w), quoted(decide.file)));
  std::vector<Item> items;
  const std::vector<std::string> texts = table(decide.rows);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool arm = i < decide.rows.arms.size();
    const Expr& first = arm ? *decide.rows.arms[i].when : *decide.rows.otherwise;
    items.push_back({first.span.begin, texts[i]});
  }
  block(head, items, decide.span);
}

} // namespace sanku::ast
