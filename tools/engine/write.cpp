// See write.h.
#include "tools/engine/write.h"

#include "runtime/io/csv_text.h"
#include "runtime/io/json_text.h"
#include "runtime/types/match.h"
#include "tools/engine/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sanku::engine {
namespace {

using io::append_json_string;

void append_text_or_null(std::string& out, std::string_view text) {
  if (text.empty())
    out += "null";
  else
    append_json_string(out, text);
}

void append_amount(std::string& out, const std::optional<std::int64_t>& cents) {
  out += cents ? '"' + decimal_text(*cents, 2, 2) + '"' : "null";
}

void append_lines(std::string& out, const std::vector<DescribedLine>& lines) {
  for (const DescribedLine& line : lines) {
    out += &line == lines.data() ? R"({"id":)" : R"(,{"id":)";
    append_text_or_null(out, line.id);
    if (line.key != line.id) {
      out += R"(,"key":)";
      append_json_string(out, line.key);
    }
    if (!line.visit.empty()) {
      out += R"(,"mdtrt_id":)";
      append_json_string(out, line.visit);
    }
    out += line.role == exec::LineRole::offending ? R"(,"role":"offending","amount":)"
                                                  : R"(,"role":"involved","amount":)";
    append_amount(out, line.cents);
    if (line.role == exec::LineRole::offending) {
      out += R"(,"recoverable":)";
      append_amount(out, line.recoverable);
    }
    out += line.taken_as_paid ? R"(,"taken_as_paid":true})" : "}";
  }
}

void append_row(std::string& out, const exec::EvidenceRow& evidence, const hir::Program& program,
                const std::vector<knowledge::Table>& tables) {
  const schema::Relation& table = program.tables[evidence.table].shape.relation;
  const std::vector<Value>& row = tables[evidence.table].rows[evidence.row];
  out += R"({"table":)";
  append_json_string(out, table.names.en);
  out += R"(,"row":{)";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i != 0)
      out += ',';
    append_json_string(out, table.columns[i].names.en);
    out += ':';
    append_value(out, row[i], table.columns[i].type, program.schema);
  }
  out += "}}";
}

// The keys of a group across visits, which has no visit of its own.
void append_group(std::string& out, const Described& finding) {
  out += R"(,"group":{)";
  for (const Described::Key& key : finding.group) {
    if (&key != finding.group.data())
      out += ',';
    append_json_string(out, key.name);
    out += ':';
    append_text_or_null(out, key.text);
  }
  out += '}';
}

// How people call what a finding is about: the settlement, or a group's keys.
std::string about(const Described& finding) {
  if (!finding.rule->subject.across)
    return finding.settlement.empty() ? finding.visit : finding.settlement;
  std::string text;
  for (const Described::Key& key : finding.group)
    text += (text.empty() ? "" : " ") + (key.text.empty() ? std::string("-") : key.text);
  return text;
}

// Columns of the table of findings; the message follows, as long as it is.
struct TableColumn {
  std::string_view zh, en;
  std::size_t cells;
  Align align;
};
constexpr std::array<TableColumn, 5> columns = {{
    {"结算单", "settlement", 18, Align::left},
    {"规则", "rule", 15, Align::left},
    {"程度", "severity", 9, Align::left},
    {"涉及金额", "amount", 12, Align::right},
    {"可追回", "recoverable", 12, Align::right},
}};

} // namespace

void append_value(std::string& out, const Value& value, const Type& type,
                  const schema::Schema& schema) {
  std::visit(match{
                 [&](const Unknown&) { out += "null"; },
                 [&](const Bool& x) { out += x.value ? "true" : "false"; },
                 [&](const Integer& x) { out += fmt::format("{}", x.value); },
                 [&](const auto&) {
                   append_json_string(out, value_text(value, type, schema, Language::en));
                 },
             },
             value);
}

void append_evidence(std::string& out, const Described& finding, const hir::Program& program,
                     const std::vector<knowledge::Table>& tables) {
  out += '[';
  for (const exec::EvidenceRow& evidence : finding.evidence) {
    if (&evidence != finding.evidence.data())
      out += ',';
    append_row(out, evidence, program, tables);
  }
  out += ']';
}

void append_json(std::string& out, const Described& finding, const hir::Program& program,
                 const std::vector<knowledge::Table>& tables, std::string_view pack) {
  out += R"({"id":)";
  append_json_string(out, finding.id);
  out += R"(,"mdtrt_id":)";
  append_text_or_null(out, finding.visit);
  out += R"(,"setl_id":)";
  append_text_or_null(out, finding.settlement);
  if (finding.rule->subject.across)
    append_group(out, finding);
  if (finding.place) {
    out += R"(,"region":)";
    append_text_or_null(out, finding.place->region);
    out += R"(,"institution":)";
    append_text_or_null(out, finding.place->institution);
    out += R"(,"month":)";
    append_text_or_null(out, finding.place->month);
  }
  out += R"(,"rule":)";
  append_json_string(out, finding.rule->id);
  out += R"(,"name":)";
  append_json_string(out, finding.rule->title_zh);
  out += R"(,"severity":")";
  out += severity_word(finding.report->severity);
  out += R"(","amount":)";
  append_amount(out, finding.cents);
  out += R"(,"recoverable":)";
  append_amount(out, finding.recoverable);
  if (finding.value) {
    out += R"(,"value":)";
    append_text_or_null(out, *finding.value);
  }
  if (finding.trial)
    out += R"(,"trial":true)";
  if (finding.taken_as_paid)
    out += R"(,"taken_as_paid":true)";
  out += R"(,"lines":[)";
  append_lines(out, finding.lines);
  out += R"(],"message":)";
  append_json_string(out, finding.message);
  out += R"(,"evidence":)";
  append_evidence(out, finding, program, tables);
  out += R"(,"revision":)";
  append_json_string(out, finding.revision);
  out += R"(,"pack":)";
  append_json_string(out, pack);
  out += "}\n";
}

void append_csv_head(std::string& out) {
  out += "id,mdtrt_id,setl_id,rule,name,severity,amount,recoverable,lines,involved,notes,message,"
         "revision,pack\r\n";
}

void append_csv_line(std::string& out, const Described& finding, std::string_view pack) {
  std::string offending, involved;
  for (const DescribedLine& line : finding.lines) {
    const bool own = line.role == exec::LineRole::offending;
    std::string& cell = own ? offending : involved;
    cell += (cell.empty() ? "" : "; ") + (line.id.empty() ? std::string("-") : line.id);
    if (own)
      cell += " " + (line.cents ? decimal_text(*line.cents, 2, 2) : std::string("?"));
  }
  const std::array<std::string_view, 6> head = {
      finding.id,       finding.visit,          finding.settlement,
      finding.rule->id, finding.rule->title_zh, severity_word(finding.report->severity)};
  for (const std::string_view cell : head) {
    io::append_csv_cell(out, cell);
    out += ',';
  }
  if (finding.cents)
    out += decimal_text(*finding.cents, 2, 2);
  out += ',';
  if (finding.recoverable)
    out += decimal_text(*finding.recoverable, 2, 2);
  std::string notes = finding.trial ? "trial" : "";
  if (finding.value)
    notes += (notes.empty() ? "value " : "; value ") +
             (finding.value->empty() ? std::string("?") : *finding.value);
  if (finding.rule->subject.across)
    notes += (notes.empty() ? "group " : "; group ") + about(finding);
  if (finding.taken_as_paid)
    notes += notes.empty() ? "taken_as_paid" : "; taken_as_paid";
  for (const std::string_view cell :
       {std::string_view(offending), std::string_view(involved), std::string_view(notes),
        std::string_view(finding.message), std::string_view(finding.revision), pack}) {
    out += ',';
    io::append_csv_cell(out, cell);
  }
  out += "\r\n";
}

void append_table_head(std::string& out, Language language) {
  for (const TableColumn& column : columns)
    out += padded(words(language, column.zh, column.en), column.cells, column.align) + "  ";
  out += words(language, "说明", "message");
  out += '\n';
}

void append_table_line(std::string& out, const Described& finding, Language language) {
  const std::array<std::string, columns.size()> cells = {
      about(finding), finding.rule->id,
      std::string(severity_text(finding.report->severity, language)),
      finding.value   ? (finding.value->empty() ? "-" : *finding.value)
      : finding.cents ? money_text(*finding.cents)
                      : std::string(words(language, "待核", "open")),
      finding.recoverable ? money_text(*finding.recoverable) : "-"};
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += padded(cells[i], columns[i].cells, columns[i].align) + "  ";
  if (finding.trial)
    out += words(language, "【试运行】", "(trial) ");
  // A line break in a field of the sender's would break the table.
  for (const char c : finding.message)
    out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  out += '\n';
}

} // namespace sanku::engine
