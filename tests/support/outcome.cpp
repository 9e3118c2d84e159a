// See outcome.h.
#include "tests/support/outcome.h"

#include "runtime/schema/schema.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::testing {
namespace {

std::uint32_t subject_relation(const hir::Program& program, std::uint32_t rule) {
  const hir::Subject& subject = program.rules[rule].subject;
  return subject.kind == hir::SubjectKind::settlement ? 0 : subject.relation;
}

} // namespace

namespace {

constexpr std::uint32_t rows_of_others = 1'000'000;

std::uint32_t number_of(const batch::Batch& batch, std::uint32_t settlement) {
  return static_cast<std::uint32_t>(batch.origins[settlement].line);
}

std::uint32_t row_in_visit(const batch::Batch& batch, std::uint32_t relation,
                           std::uint32_t settlement, std::uint32_t row) {
  if (relation == 0)
    return 0;
  const std::vector<std::uint32_t>& offsets = batch.relations[relation].offsets;
  const auto owner =
      static_cast<std::uint32_t>(std::ranges::upper_bound(offsets, row) - offsets.begin() - 1);
  const std::uint32_t inside = row - offsets[owner];
  return owner == settlement ? inside : (number_of(batch, owner) + 1) * rows_of_others + inside;
}

} // namespace

void rebase(const hir::Program& program, const batch::Batch& batch,
            std::vector<exec::Finding>& findings, std::vector<exec::Indeterminate>& indeterminate) {
  const std::uint32_t lines = schema::line_relation(program.schema).value_or(0);
  for (exec::Finding& finding : findings) {
    finding.subject = row_in_visit(batch, subject_relation(program, finding.rule),
                                   finding.settlement, finding.subject);
    for (exec::FindingLine& line : finding.lines)
      line.row = row_in_visit(batch, lines, finding.settlement, line.row);
    finding.settlement = number_of(batch, finding.settlement);
  }
  for (exec::Indeterminate& subject : indeterminate) {
    subject.subject = row_in_visit(batch, subject_relation(program, subject.rule),
                                   subject.settlement, subject.subject);
    subject.settlement = number_of(batch, subject.settlement);
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
