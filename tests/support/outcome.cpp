// See outcome.h.
#include "tests/support/outcome.h"

#include "runtime/schema/schema.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

namespace sanku::testing {
namespace {

std::uint32_t subject_relation(const hir::Program& program, std::uint32_t rule) {
  const hir::Subject& subject = program.rules[rule].subject;
  return subject.kind == hir::SubjectKind::settlement ? 0 : subject.relation;
}

std::uint32_t first_row(const batch::Batch& batch, std::uint32_t relation,
                        std::uint32_t settlement) {
  return relation == 0 ? settlement : batch.relations[relation].offsets[settlement];
}

} // namespace

void rebase(const hir::Program& program, const batch::Batch& batch, std::uint32_t first,
            std::vector<exec::Finding>& findings, std::vector<exec::Indeterminate>& indeterminate) {
  const std::uint32_t lines = schema::line_relation(program.schema).value_or(0);
  for (exec::Finding& finding : findings) {
    finding.subject -=
        first_row(batch, subject_relation(program, finding.rule), finding.settlement);
    for (exec::FindingLine& line : finding.lines)
      line.row -= first_row(batch, lines, finding.settlement);
    finding.settlement += first;
  }
  for (exec::Indeterminate& subject : indeterminate) {
    subject.subject -=
        first_row(batch, subject_relation(program, subject.rule), subject.settlement);
    subject.settlement += first;
  }
}

std::string canonical_text(const Value& value) {
  return std::visit(
      match{
          [](const Unknown&) { return std::string("unknown"); },
          [](const Bool& x) { return std::string(x.value ? "true" : "false"); },
          [](const Integer& x) { return fmt::format("{}", x.value); },
          [](const Decimal& x) { return fmt::format("{}u", decimal_text(x.units, 0, 0)); },
          [](const Date& x) { return fmt::format("date {}", x.days); },
          [](const DateTime& x) { return fmt::format("instant {}", x.seconds); },
          [](const Span& x) {
            return fmt::format("span {}:{}", number_of(x), static_cast<int>(unit_of(x)));
          },
          [](const Window& x) {
            return fmt::format("window {}:{}", number_of(x), static_cast<int>(unit_of(x)));
          },
          [](const Age& x) {
            return fmt::format("age {}..{}", birth_of(x).days, reference_of(x).days);
          },
          [](const Count& x) { return fmt::format("count {}..{}", x.low, x.high); },
          [](const CodeText& x) { return fmt::format("code `{}`", x.text); },
          [](const EnumValue& x) {
            return fmt::format("enum {}`{}`", x.id, x.id == 0 ? x.unlisted : "");
          },
          [](const std::string& x) { return fmt::format("`{}`", x); },
          [](const Score& x) { return fmt::format("score {:a}", x.value); },
      },
      value);
}

std::string canonical_text(const hir::Program& program, const exec::Finding& finding) {
  std::string text =
      fmt::format("visit {} rule {} subject {} branch {} unknown {:x}", finding.settlement,
                  program.rules[finding.rule].id, finding.subject,
                  static_cast<std::int32_t>(finding.branch), finding.unknown_branches);
  for (const exec::EvidenceRow& row : finding.evidence)
    text += fmt::format(" row {}:{}", row.table, row.row);
  for (const exec::FindingLine& line : finding.lines)
    text += fmt::format(" line {}/{}/{}/{}{}", line.row, static_cast<int>(line.role),
                        line.amount_known, line.amount, line.paid_unknown ? "/taken as paid" : "");
  for (const Value& key : finding.keys)
    text += " key " + canonical_text(key);
  for (const Value& hole : finding.holes)
    text += " hole " + canonical_text(hole);
  text += finding.trial ? " trial" : "";
  for (const exec::MissingName& name : finding.missing)
    text += fmt::format(" missing {}:{}:{}", name.relation, name.column.value_or(0), name.question);
  return text;
}

std::string canonical_text(const hir::Program& program, const exec::Indeterminate& indeterminate) {
  return fmt::format("visit {} rule {} subject {}", indeterminate.settlement,
                     program.rules[indeterminate.rule].id, indeterminate.subject);
}

} // namespace sanku::testing
