// Schemas, knowledge and sources, fields and columns aligned. See printer.h.
#include "compiler/ast/choices.h"
#include "compiler/ast/printer.h"
#include "compiler/source/source.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::ast {

namespace {

// A row of a record or a table, in columns.
struct Cells {
  std::uint32_t place = 0;
  const Names* names = nullptr;
  std::string type;
  std::vector<std::string> rest;
  const Expr* derived = nullptr; // `= this`, before the rest
};

// Behind the columns, or below them where the line is too long.
std::string derived_text(const Printer& printer, const Cells& row, std::size_t used) {
  const std::string one = "  = " + printer.expr(*row.derived);
  std::size_t cells = used + source::display_width(one);
  for (const std::string& part : row.rest)
    cells += 2 + source::display_width(part);
  if (cells <= line_cells)
    return one;
  return "\n      = " + printer.wide(*row.derived, {.indent = 8, .used = 8, .tail = 0, .hang = 0});
}

std::vector<Printer::Item> aligned(const Printer& printer, const std::vector<Cells>& rows) {
  std::size_t first = 0, second = 0, type = 0;
  for (const Cells& each : rows) {
    first = std::max(first, source::display_width(each.names->first.text));
    if (each.names->second)
      second = std::max(second, source::display_width(each.names->second->text));
    type = std::max(type, source::display_width(each.type));
  }
  std::vector<Printer::Item> out;
  for (const Cells& each : rows) {
    std::string text = padded(each.names->first.text, first);
    if (second > 0)
      text += each.names->second ? " / " + padded(each.names->second->text, second)
                                 : std::string(second + 3, ' ');
    const bool last = each.rest.empty() && each.derived == nullptr;
    text += " : " + (last ? each.type : padded(each.type, type));
    if (each.derived != nullptr) {
      text += derived_text(printer, each, source::display_width(text) + 2);
      // Columns end in blanks where the expression went below them.
      if (const std::size_t end = text.find('\n'); end != std::string::npos) {
        const std::size_t kept = text.find_last_not_of(' ', end - 1) + 1;
        text.erase(kept, end - kept);
      }
    }
    for (const std::string& part : each.rest)
      text += "  " + part;
    out.push_back({each.place, std::move(text)});
  }
  return out;
}

std::string joined(const std::vector<Name>& names, const std::string& comma) {
  std::string out;
  for (const Name& each : names)
    out += (out.empty() ? "" : comma) + each.text;
  return out;
}

} // namespace

std::string Printer::type(const ColumnType& type) const {
  const std::string of = type.of == ColumnType::Of::set     ? word("set_of"_w) + " "
                         : type.of == ColumnType::Of::range ? word("range_of"_w) + " "
                                                            : "";
  const std::string digits =
      type.form == ColumnType::Form::named ? "" : fmt::format("({},{})", type.digits, type.scale);
  return of + type.name.text + digits + (type.optional ? "?" : "");
}

void Printer::schema_head(const SchemaHead& head) {
  line(0, fmt::format("{} {} {} {}", word("schema"_w), names(head.names), word("edition"_w),
                      quoted(head.edition)));
}

void Printer::code(const CodeSystem& code) {
  std::string text = fmt::format("{} {}", word("code"_w), names(code.names));
  if (!code.form.empty())
    text += fmt::format(" {} {}", word("form"_w), quoted(code.form));
  if (!code.file.empty())
    text += fmt::format(" {} {}", word("from"_w), quoted(code.file));
  if (code.hierarchical)
    text += " " + word("hierarchical"_w);
  if (!code.members.empty())
    text += " = " + joined(code.members, comma());
  line(0, text);
}

void Printer::enumeration(const EnumDecl& decl) {
  std::string head = fmt::format("{} {}", word("enum"_w), names(decl.names));
  if (decl.closed)
    head += " " + word("closed"_w);
  if (decl.ordered)
    head += " " + word("ordered"_w);
  std::vector<Item> items;
  for (const EnumMember& each : decl.members) {
    std::string text = each.names.first.text;
    for (const std::string& code : each.codes)
      text += " " + quoted(code);
    items.push_back(
        {each.span.begin, each.names.second ? text + " " + each.names.second->text : text});
  }
  if (!decl.missing.empty()) {
    std::string text = word("missing"_w);
    for (const std::string& code : decl.missing)
      text += " " + quoted(code);
    items.push_back({decl.span.end - 1, std::move(text)});
  }
  if (has_comments(decl.span))
    return block(head, items, decl.span);
  std::string one = head + " {";
  for (const Item& each : items)
    one += (one.ends_with("{") ? " " : "  ") + each.text;
  if (source::display_width(one) + 2 <= line_cells)
    return line(0, one + " }");
  // As many members on a line as it holds.
  std::vector<Item> lines;
  for (Item& each : items) {
    const bool fits = !lines.empty() && source::display_width(lines.back().text) +
                                                source::display_width(each.text) + 4 <=
                                            line_cells;
    if (fits)
      lines.back().text += "  " + each.text;
    else
      lines.push_back({decl.span.begin, std::move(each.text)});
  }
  while (next_blank < file->blank_lines.size() && file->blank_lines[next_blank] < decl.span.end)
    ++next_blank;
  block(head, lines, decl.span);
}

void Printer::record(const Record& record) {
  std::vector<Cells> rows;
  for (const Field& each : record.fields) {
    Cells row{
        .place = each.span.begin, .names = &each.names, .type = {}, .rest = {}, .derived = nullptr};
    row.type = (each.list ? word("list_of"_w) + " " : "") + type(each.type);
    if (each.nonempty)
      row.rest.push_back(word("nonempty"_w));
    if (each.derived)
      row.derived = each.derived.get();
    if (each.each)
      row.rest.push_back(fmt::format("{} {}", word("each"_w), names(*each.each)));
    if (!each.wire.empty())
      row.rest.push_back(fmt::format("{} {}", word("wire"_w), joined(each.wire, ", ")));
    if (each.role)
      row.rest.push_back(fmt::format("{} {}", word("role"_w), each.role->text));
    if (each.identity)
      row.rest.push_back(word("identity"_w));
    rows.push_back(std::move(row));
  }
  block(fmt::format("{} {}", word("record"_w), names(record.names)), aligned(*this, rows),
        record.span);
}

void Printer::knowledge(const Knowledge& knowledge) {
  std::string head = fmt::format("{} {}", word("knowledge"_w), names(knowledge.names));
  if (!knowledge.title.empty())
    head += " " + quoted(knowledge.title);
  if (knowledge.region)
    head += fmt::format(" {} {}", word("region"_w),
                        word_for(regions, knowledge.region->region, spelling == Spelling::zh));
  head += fmt::format(" {} {}", word("from"_w), quoted(knowledge.file));
  std::vector<Cells> rows;
  for (const Column& each : knowledge.columns) {
    Cells row{.place = each.span.begin,
              .names = &each.names,
              .type = type(each.type),
              .rest = {},
              .derived = nullptr};
    std::string rest;
    const auto add = [&](const std::string& part) { rest += (rest.empty() ? "" : " ") + part; };
    if (each.key)
      add(word("key"_w));
    if (each.prefix)
      add(word("prefix"_w));
    if (each.longest || each.all)
      add(each.longest ? word("longest"_w) : word("all"_w));
    if (each.up_to)
      add(fmt::format("{} {}", word("up_to"_w), number(*each.up_to)));
    if (each.replaces)
      add(fmt::format("{} {}{}", word("replaces"_w),
                      word_for(replaced, each.replaces->what, spelling == Spelling::zh),
                      each.replaces->column
                          ? fmt::format(" ({}{})", each.replaces->column->text,
                                        each.replaces->of ? fmt::format(" {} {}", word("of"_w),
                                                                        each.replaces->of->text)
                                                          : "")
                          : ""));
    if (each.from)
      add(fmt::format("{} {}{}", word("from"_w), quoted(*each.from),
                      each.to ? ", " + quoted(*each.to) : ""));
    if (!rest.empty())
      row.rest.push_back(std::move(rest));
    rows.push_back(std::move(row));
  }
  block(head, aligned(*this, rows), knowledge.span);
}

void Printer::source(const Source& source) {
  std::string text =
      fmt::format("{} {} {}", word("source"_w), names(source.names), quoted(source.title));
  if (!source.issued.empty())
    text += fmt::format(" {} {}", word("issued"_w), source.issued);
  if (!source.url.empty())
    text += fmt::format(" {} {}", word("url"_w), quoted(source.url));
  line(0, text);
}

} // namespace sanku::ast
