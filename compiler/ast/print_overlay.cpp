// Overlays: a change a line, declarations indented. See printer.h.
#include "compiler/ast/choices.h"
#include "compiler/ast/printer.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::ast {

namespace {

// A name of a pack that could not stand without quotes.
bool needs_quotes(std::string_view name) {
  const bool plain = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || static_cast<unsigned char>(c) >= 0x80;
  });
  const char first = name.empty() ? '.' : name.front();
  return !plain || first == '.' || (first >= '0' && first <= '9') || name.back() == '.' ||
         name.find("..") != std::string_view::npos || name.find("的") != std::string_view::npos;
}

struct ChangePrinter {
  const Printer& printer;

  [[nodiscard]] std::string pack(const Name& name) const {
    return needs_quotes(name.text) ? printer.quoted(name.text) : name.text;
  }
  [[nodiscard]] std::string days(const Days& of, const std::optional<std::string>& reason) const {
    std::string out;
    if (!of.from.empty())
      out += fmt::format(" {} {}", printer.word("from"_w), of.from);
    if (!of.until.empty())
      out += fmt::format(" {} {}", printer.word("until"_w), of.until);
    if (reason)
      out += fmt::format(" {} {}", printer.word("because"_w), printer.quoted(*reason));
    return out;
  }
  [[nodiscard]] std::string operator()(const NewValue& change) const {
    std::string out = fmt::format("{} {}", printer.word("param"_w), change.param.text);
    for (std::size_t i = 0; i < change.values.size(); ++i) {
      out += (i == 0 ? " = " : ", ") + printer.expr(*change.values[i].value);
      if (!change.values[i].from.empty())
        out += fmt::format(" {} {}", printer.word("from"_w), change.values[i].from);
    }
    return out;
  }
  [[nodiscard]] std::string operator()(const Disable& change) const {
    return fmt::format("{} {}{}", printer.word("disable"_w), change.rule.text,
                       days(change.days, change.reason));
  }
  [[nodiscard]] std::string operator()(const NewSeverity& change) const {
    return fmt::format("{} {} {}{}", printer.word("severity"_w), change.rule.text,
                       word_for(severities, change.severity, printer.spelling == Spelling::zh),
                       days(change.days, change.reason));
  }
  [[nodiscard]] std::string operator()(const RowChange& change) const {
    std::string out = fmt::format("{} {}", printer.word("knowledge"_w), change.table.text);
    for (const AddedRows& rows : change.add)
      out += fmt::format(" {} {} {}", printer.word("addition"_w), printer.word("from"_w),
                         printer.quoted(rows.file));
    for (std::size_t i = 0; i < change.remove.size(); ++i) {
      out += i == 0 ? fmt::format(" {} {{ ", printer.word("remove"_w)) : ", ";
      out += printer.expr(*change.remove[i].low);
      if (change.remove[i].high)
        out += ".." + printer.expr(*change.remove[i].high);
    }
    return out + (change.remove.empty() ? "" : " }");
  }
  [[nodiscard]] std::string operator()(const CodeChange& change) const {
    std::string out = fmt::format("{} {}", printer.word("enum"_w), change.type.text);
    for (const AddedCode& code : change.codes)
      out += fmt::format(" {} {} {} {}", printer.word("addition"_w), printer.quoted(code.code),
                         printer.word("as"_w), code.member.text);
    return out;
  }
};

} // namespace

std::size_t Printer::overlay(const Overlay& overlay, std::size_t next) {
  const ChangePrinter changes{.printer = *this};
  line(0, fmt::format("{} {} {} {} {} {} {{", word("overlay"_w), changes.pack(overlay.name),
                      word("based_on"_w), changes.pack(overlay.base), word("region"_w),
                      quoted(overlay.region)));
  const auto place_of = [](const Change& change) {
    return std::visit([](const auto& each) { return each.span.begin; }, change);
  };
  Position position = Position::first;
  std::size_t change = 0;
  const auto inside = [&] {
    return next < file->decls.size() && span_of(file->decls[next]).begin < overlay.span.end;
  };
  while (change < overlay.changes.size() || inside()) {
    const std::uint32_t place =
        change < overlay.changes.size() ? place_of(overlay.changes[change]) : UINT32_MAX;
    if (inside() && span_of(file->decls[next]).begin < place) {
      before(span_of(file->decls[next]).begin, 2, position);
      const std::size_t begin = out.size();
      declaration(file->decls[next++]);
      for (std::size_t at = begin; at < out.size(); at = out.find('\n', at) + 1)
        if (out[at] != '\n')
          out.insert(at, "  ");
    } else {
      before(place, 2, position);
      line(2, std::visit(changes, overlay.changes[change++]));
    }
    position = Position::between;
  }
  before(overlay.span.end - 1, 2, Position::closing);
  line(0, "}");
  return next;
}

} // namespace sanku::ast
