// Models: points and inputs a line each, in columns. See printer.h.
#include "compiler/ast/choices.h"
#include "compiler/ast/printer.h"
#include "compiler/source/source.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::ast {

namespace {

std::string points_text(const Printer& printer, const Points& points, std::size_t column) {
  std::string head = printer.word("add"_w) + " " + printer.expr(*points.points);
  if (!points.title.empty())
    head += " " + printer.quoted(points.title);
  head = padded(head, column) + " " + printer.word("when"_w) + " ";
  const std::string tail = points.otherwise ? fmt::format(" {} {}", printer.word("otherwise"_w),
                                                          printer.expr(*points.otherwise))
                                            : "";
  const std::size_t used = 2 + source::display_width(head);
  return head +
         printer.wide(*points.when,
                      {.indent = 4, .used = used, .tail = source::display_width(tail)}) +
         tail;
}

std::size_t points_cells(const Printer& printer, const Points& points) {
  const std::string title = points.title.empty() ? "" : " " + printer.quoted(points.title);
  return source::display_width(printer.word("add"_w) + " " + printer.expr(*points.points) + title);
}

std::string input_head(const Printer& printer, const ModelInput& input) {
  std::string head = printer.names(input.names);
  if (input.from)
    head += fmt::format(" {} {}", printer.word("from"_w), printer.quoted(*input.from));
  return head;
}

} // namespace

void Printer::model(const ModelDecl& model) {
  std::string head = fmt::format("{} {}", word("model"_w), names(model.names));
  if (model.parameter)
    head += fmt::format("({} : {})", model.parameter->name.text, type(model.parameter->type));
  if (!model.title.empty())
    head += " " + quoted(model.title);
  std::vector<Item> items;
  if (!model.points.empty()) {
    head += " " + word("scorecard"_w);
    std::size_t column = 0;
    for (const Points& each : model.points)
      column = std::max(column, points_cells(*this, each));
    for (const Points& each : model.points)
      items.push_back({each.span.begin, points_text(*this, each, column)});
    return block(head, items, model.span);
  }
  head += fmt::format(" {} {}", word("from"_w), quoted(model.file));
  if (model.format)
    head += fmt::format(" {} {}", word("format"_w),
                        word_for(model_formats, *model.format, spelling == Spelling::zh));
  std::size_t column = 0;
  for (const ModelInput& each : model.inputs)
    column = std::max(column, source::display_width(input_head(*this, each)));
  for (const ModelInput& each : model.inputs) {
    const std::string begin = padded(input_head(*this, each), column) + " = ";
    items.push_back(
        {each.span.begin,
         begin + wide(*each.value, {.indent = 4, .used = 2 + source::display_width(begin)})});
  }
  block(head, items, model.span);
}

} // namespace sanku::ast
