// Tests, given data on one line where it fits. See printer.h.
#include "compiler/ast/choices.h"
#include "compiler/ast/printer.h"
#include "compiler/source/source.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::ast {

namespace {

struct DataPrinter {
  const Printer& printer;

  // On one line: `{ sex: male, birth: 2000-01-01 }`, `[ { … }, { … } ]`.
  [[nodiscard]] std::string flat(const DataValue& value) const {
    return std::visit(match{[&](const ExprPtr& each) { return printer.expr(*each); },
                            [&](const DataRecord& each) { return flat(each); },
                            [&](const DataList& each) { return flat(each); }},
                      value.form);
  }
  [[nodiscard]] std::string flat(const DataRecord& record) const {
    std::string out = "{ ";
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      const DataField& each = record.fields[i];
      const bool scalar = std::holds_alternative<ExprPtr>(each.value->form);
      if (i > 0)
        out += std::holds_alternative<ExprPtr>(record.fields[i - 1].value->form) ? ", " : "  ";
      out += fmt::format("{}{} {}", each.name.text, scalar ? ":" : "", flat(*each.value));
    }
    return out + (record.fields.empty() ? "}" : " }");
  }
  [[nodiscard]] std::string flat(const DataList& list) const {
    std::string out = "[ ";
    for (std::size_t i = 0; i < list.values.size(); ++i)
      out += (i == 0 ? "" : ", ") + flat(list.values[i]);
    return out + (list.values.empty() ? "]" : " ]");
  }

  // Over several lines where one is too narrow: each field, each element on its own.
  [[nodiscard]] std::string wide(const DataValue& value, std::size_t indent) const {
    std::string one = flat(value);
    if (source::display_width(one) + indent + 16 <= line_cells)
      return one;
    return std::visit(match{[&](const ExprPtr&) { return one; },
                            [&](const DataRecord& each) { return wide(each, indent); },
                            [&](const DataList& each) { return wide(each, indent); }},
                      value.form);
  }
  [[nodiscard]] std::string wide(const DataRecord& record, std::size_t indent) const {
    std::string out = "{\n";
    for (const DataField& each : record.fields) {
      const bool scalar = std::holds_alternative<ExprPtr>(each.value->form);
      out += fmt::format("{}{}{} {}\n", std::string(indent + 2, ' '), each.name.text,
                         scalar ? ":" : "", wide(*each.value, indent + 2));
    }
    return out + std::string(indent, ' ') + "}";
  }
  [[nodiscard]] std::string wide(const DataList& list, std::size_t indent) const {
    std::string out = "[\n";
    for (const DataValue& each : list.values)
      out += fmt::format("{}{}\n", std::string(indent + 2, ' '), wide(each, indent + 2));
    return out + std::string(indent, ' ') + "]";
  }
};

std::string expect_text(const Printer& printer, const Expect& expect) {
  const bool zh = printer.spelling == Spelling::zh;
  std::string out = printer.word("expect"_w) + " ";
  if (expect.outcome == Expected::nothing)
    return out + printer.word("nothing"_w);
  out += expect.rule->text;
  out += " ";
  out += expect.severity ? word_for(severities, *expect.severity, zh)
                         : word_for(outcomes, expect.outcome, zh);
  if (expect.exemption)
    out += " " + printer.quoted(*expect.exemption);
  if (expect.amount)
    out += fmt::format(" {} {}", printer.word("amount"_w), *expect.amount);
  if (expect.amount_unknown)
    out += fmt::format(" {} {}", printer.word("amount"_w), printer.either("待核", "unknown"));
  for (std::size_t i = 0; i < expect.lines.size(); ++i)
    out += (i == 0 ? fmt::format(" {} ", printer.word("line_ids"_w)) : ", ") +
           printer.quoted(expect.lines[i]);
  for (std::size_t i = 0; i < expect.missing.size(); ++i) {
    out += i == 0 ? fmt::format(" {} ", printer.word("missing"_w)) : ", ";
    out += printer.expr(*expect.missing[i]);
  }
  return out;
}

} // namespace

void Printer::test(const Test& test) {
  const DataPrinter data{.printer = *this};
  std::vector<Item> items;
  const std::string given = word("given"_w);
  for (const auto& each : test.given) {
    std::visit(
        match{[&](const GivenClaim& claim) {
                std::string text = fmt::format("{} {}", given, data.flat(claim.claim));
                if (source::display_width(text) + 2 > line_cells)
                  text = fmt::format("{} {}", given, data.wide(claim.claim, 2));
                items.push_back({claim.span.begin, std::move(text)});
              },
              [&](const GivenFile& from) {
                items.push_back({from.span.begin, fmt::format("{} {} {}", given, word("file"_w),
                                                              quoted(from.path))});
              },
              [&](const GivenAnswer& answer) {
                items.push_back(
                    {answer.span.begin,
                     fmt::format("{} {} {} {}", given, word("answer"_w), quoted(answer.question),
                                 word(answer.yes ? "true"_w : "false"_w))});
              },
              [&](const GivenHistory& history) {
                std::string text = fmt::format("{} {} [", given, word("history"_w));
                for (const DataValue& visit : history.visits)
                  text += fmt::format("\n    {}", data.wide(visit, 4));
                items.push_back(
                    {history.span.begin, text + (history.visits.empty() ? " ]" : "\n  ]")});
              },
              [&](const GivenRegion& region) {
                items.push_back({region.span.begin, fmt::format("{} {} {}", given, word("region"_w),
                                                                quoted(region.code))});
              },
              [&](const GivenKnowledge& table) {
                std::string text =
                    fmt::format("{} {} {} [", given, word("knowledge"_w), table.table.text);
                for (const DataValue& row : table.rows)
                  text += fmt::format("\n    {}", data.wide(row, 4));
                items.push_back({table.span.begin, text + (table.rows.empty() ? " ]" : "\n  ]")});
              }},
        each);
  }
  for (const Expect& each : test.expect)
    items.push_back({each.span.begin, expect_text(*this, each)});
  std::ranges::stable_sort(items, {}, &Item::place);
  std::string head = fmt::format("{} {}", word("test"_w), quoted(test.title));
  for (std::size_t i = 0; i < test.of.size(); ++i)
    head += (i == 0 ? fmt::format(" {} ", word("of"_w)) : ", ") + test.of[i].text;
  block(head, items, test.span);
}

} // namespace sanku::ast
