// The formatter's frame: declarations in order, comments and blank lines between them. See print.h
// and printer.h.
#include "compiler/ast/print.h"

#include "compiler/ast/printer.h"
#include "compiler/source/source.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::ast {

void Printer::line(std::size_t indent, std::string_view text) {
  out.append(indent, ' ');
  out += text;
  out += '\n';
}

void Printer::trailing(std::uint32_t place) {
  while (next_comment < file->comments.size()) {
    const Comment& comment = file->comments[next_comment];
    if (comment.span.begin >= place || comment.own_line || out.empty())
      return;
    // The comment's line is the last one printed.
    out.pop_back();
    out += fmt::format("  {}\n", comment.text);
    ++next_comment;
  }
}

bool Printer::has_comments(Span span) const {
  return std::ranges::any_of(file->comments, [&](const Comment& each) {
    return each.span.begin >= span.begin && each.span.begin < span.end;
  });
}

void Printer::block(std::string_view head, const std::vector<Item>& items, Span span) {
  line(0, fmt::format("{} {{", head));
  Position position = Position::first;
  for (const Item& item : items) {
    before(item.place, 2, position);
    line(2, item.text);
    position = Position::between;
  }
  before(span.end - 1, 2, Position::closing);
  line(0, "}");
}

void Printer::before(std::uint32_t place, std::size_t indent, Position position) {
  for (;;) {
    trailing(place);
    const bool comment =
        next_comment < file->comments.size() && file->comments[next_comment].span.begin < place;
    const std::uint32_t until = comment ? file->comments[next_comment].span.begin : place;
    bool blank = false;
    while (next_blank < file->blank_lines.size() && file->blank_lines[next_blank] < until)
      blank = true, ++next_blank;
    const bool shown = position == Position::between || (position == Position::closing && comment);
    if (blank && shown && !out.empty())
      out += '\n';
    if (!comment)
      return;
    line(indent, file->comments[next_comment++].text);
    if (position == Position::first)
      position = Position::between;
  }
}

std::string padded(std::string_view text, std::size_t cells) {
  const std::size_t width = source::display_width(text);
  return std::string(text) + std::string(width < cells ? cells - width : 0, ' ');
}

Span span_of(const Decl& decl) {
  return std::visit([](const auto& each) { return each.span; }, decl);
}

void Printer::declaration(const Decl& decl) {
  std::visit(
      match{[&](const SchemaHead& each) { schema_head(each); },
            [&](const CodeSystem& each) { code(each); },
            [&](const EnumDecl& each) { enumeration(each); },
            [&](const Record& each) { record(each); },
            [&](const Knowledge& each) { knowledge(each); },
            [&](const Source& each) { source(each); }, [&](const SetDecl& each) { set(each); },
            [&](const Param& each) { param(each); }, [&](const Define& each) { define(each); },
            [&](const Decide& each) { decide(each); }, [&](const ModelDecl& each) { model(each); },
            [&](const Rule& each) { rule(each); },
            // Comes with the declarations inside it.
            [](const Overlay&) {}, [&](const Test& each) { test(each); }},
      decl);
}

std::string print(const File& file, Spelling spelling) {
  Printer printer{.file = &file, .spelling = spelling};
  for (std::size_t at = 0; at < file.decls.size();) {
    printer.before(span_of(file.decls[at]).begin, 0, Printer::Position::between);
    if (const auto* overlay = std::get_if<Overlay>(&file.decls[at]))
      at = printer.overlay(*overlay, at + 1);
    else
      printer.declaration(file.decls[at++]);
  }
  printer.before(UINT32_MAX, 0, Printer::Position::closing);
  while (printer.out.ends_with("\n\n"))
    printer.out.pop_back();
  return std::move(printer.out);
}

std::string print(const File& file, const Decl& decl, Spelling spelling) {
  const Span span = span_of(decl);
  Printer printer{.file = &file, .spelling = spelling};
  while (printer.next_comment < file.comments.size() &&
         file.comments[printer.next_comment].span.begin < span.begin)
    ++printer.next_comment;
  while (printer.next_blank < file.blank_lines.size() &&
         file.blank_lines[printer.next_blank] < span.begin)
    ++printer.next_blank;
  printer.declaration(decl);
  return std::move(printer.out);
}

Spelling spelling_of(const File& file) {
  return file.zh_words > file.en_words ? Spelling::zh : Spelling::en;
}

std::string print(const Test& test, Spelling spelling) {
  const File none;
  Printer printer{.file = &none, .spelling = spelling};
  printer.test(test);
  return std::move(printer.out);
}

std::string print(const Expr& expr, Spelling spelling) {
  return Printer{.spelling = spelling}.expr(expr);
}

} // namespace sanku::ast
