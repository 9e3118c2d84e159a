// render_outcomes of case_file.h: findings as lines that a reviewer can check by hand.
#include "compiler/evaluate/evaluate.h"
#include "runtime/types/match.h"
#include "tests/support/case_file.h"
#include "tools/engine/engine.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::testing {
namespace {

struct Renderer {
  const hir::Program& program;
  const batch::Batch& batch;

  [[nodiscard]] std::string value(const Value& shown, const Type& type) const {
    std::string_view name;
    if (const auto* member = std::get_if<EnumValue>(&shown); member && member->id != 0)
      name = schema::enum_name(program.schema.enums[type.domain], member->id, true);
    return to_text(shown, type, Language::zh, name);
  }

  [[nodiscard]] std::uint32_t row_in_visit(std::uint32_t relation, std::uint32_t settlement,
                                           std::uint32_t row) const {
    return row - batch.relations[relation].offsets[settlement] + 1;
  }
  // Of a line of another visit with that one's number: 2:1.
  [[nodiscard]] std::string line_in(std::uint32_t relation, std::uint32_t settlement,
                                    std::uint32_t row) const {
    const std::vector<std::uint32_t>& offsets = batch.relations[relation].offsets;
    const auto owner =
        static_cast<std::uint32_t>(std::ranges::upper_bound(offsets, row) - offsets.begin() - 1);
    const std::uint32_t own = row_in_visit(relation, owner, row);
    return owner == settlement ? fmt::format("{}", own)
                               : fmt::format("{}:{}", batch.origins[owner].line + 1, own);
  }

  [[nodiscard]] std::string subject(const hir::Rule& rule,
                                    const evaluate::SubjectOutcome& outcome) const {
    if (rule.subject.kind == hir::SubjectKind::settlement)
      return "settlement";
    const schema::Relation& list = program.schema.relations[rule.subject.relation];
    const std::uint32_t row =
        rule.subject.relation == 0
            ? static_cast<std::uint32_t>(batch.origins[outcome.settlement].line + 1)
            : row_in_visit(rule.subject.relation, outcome.settlement, outcome.subject);
    if (rule.subject.kind == hir::SubjectKind::element)
      return fmt::format("{} {}", list.each.en, row);
    std::string text = fmt::format("{} from {}", list.names.en, row);
    if (!outcome.finding)
      return text;
    for (std::size_t i = 0; i < rule.subject.keys.size(); ++i)
      text += fmt::format(" {}={}", rule.subject.keys[i].name_en,
                          value(outcome.finding->keys[i], rule.subject.keys[i].value.type));
    return text;
  }

  [[nodiscard]] std::string message(const hir::Report& report, const exec::Finding& finding) const {
    std::string text;
    std::size_t hole = 0;
    for (const hir::MessagePart& part : report.message)
      std::visit(
          match{
              [&](const std::string& words) { text += words; },
              [&](const hir::Hole& shown) { text += hole_text(shown, finding.holes.at(hole++)); },
              [&](const hir::MissingHole&) { text += missing(finding); },
          },
          part);
    return text;
  }

  [[nodiscard]] std::string missing(const exec::Finding& finding) const {
    std::string text;
    for (const exec::MissingName& name : finding.missing)
      text += (text.empty() ? "" : "、") + evaluate::text(program, name, Language::zh);
    return text;
  }

  [[nodiscard]] std::string hole_text(const hir::Hole& hole, const Value& shown) const {
    const auto* number = std::get_if<Decimal>(&shown);
    if (!hole.as_percent || !number)
      return value(shown, hole.value.type) + (hole.as_percent ? " as %" : "");
    const unsigned scale = hole.value.type.scale;
    return scale >= 2 ? decimal_text(number->units, scale - 2, 0) + "%"
                      : decimal_text(number->units * 100, scale, 0) + "%";
  }

  [[nodiscard]] std::string lines(const exec::Finding& finding, exec::LineRole role) const {
    const std::uint32_t list = schema::line_relation(program.schema).value_or(0);
    std::string text;
    for (const exec::FindingLine& line : finding.lines) {
      if (line.role != role)
        continue;
      text += " " + line_in(list, finding.settlement, line.row);
      if (role == exec::LineRole::offending)
        text += (line.amount_known ? "=" + decimal_text(line.amount, 2, 2) : std::string("=?")) +
                (line.paid_unknown ? "~" : "");
    }
    return text;
  }

  [[nodiscard]] std::string branch(const hir::Rule& rule, const exec::Finding& finding) const {
    std::string text;
    if (finding.branch == exec::when_unknown_branch)
      text = "  when unknown";
    else if (rule.branches.size() > 1)
      text = fmt::format("  branch {}", finding.branch + 1);
    if (finding.unknown_branches == 0)
      return text;
    text += "  undecided";
    for (std::uint32_t b = 0; b < 64; ++b)
      if ((finding.unknown_branches >> b & 1u) != 0)
        text += fmt::format(" {}", b + 1);
    return text;
  }

  [[nodiscard]] std::string fired(const hir::Rule& rule,
                                  const evaluate::SubjectOutcome& outcome) const {
    constexpr std::string_view severities[] = {"violation", "suspected", "reminder", "lead",
                                               "indicator"};
    const exec::Finding& finding = *outcome.finding;
    const bool unknown = finding.branch == exec::when_unknown_branch;
    const hir::Report& report = unknown ? *rule.when_unknown : rule.branches[finding.branch].report;
    std::string text = fmt::format(
        "{}{}  {}{}", severities[static_cast<std::size_t>(report.severity)],
        finding.trial ? " on trial" : "", subject(rule, outcome), branch(rule, finding));
    std::int64_t cents = 0;
    text += exec::amount_of(finding, cents) ? "  amount " + decimal_text(cents, 2, 2)
                                            : "  amount unknown";
    if (const std::string offending = lines(finding, exec::LineRole::offending); !offending.empty())
      text += "  lines" + offending;
    if (const std::string involved = lines(finding, exec::LineRole::involved); !involved.empty())
      text += "  involved" + involved;
    if (!finding.evidence.empty())
      text += "  rows";
    for (const exec::EvidenceRow& row : finding.evidence)
      text += fmt::format(" {}:{}", program.tables[row.table].shape.relation.names.en, row.row + 1);
    if (report.value)
      text += "  value " + value(finding.holes.back(), report.value->type);
    return text + "  " + message(report, finding);
  }
};

std::string missing_text(const evaluate::SubjectOutcome& outcome) {
  std::string text;
  for (const std::string& name : outcome.missing)
    text += (text.empty() ? "  missing " : ", ") + name;
  return text;
}

std::string outcome_text(const Renderer& renderer, const hir::Rule& rule,
                         const evaluate::SubjectOutcome& outcome) {
  if (outcome.finding)
    return renderer.fired(rule, outcome) + missing_text(outcome);
  if (outcome.outcome == abi::Outcome::indeterminate)
    return fmt::format("indeterminate  {}{}", renderer.subject(rule, outcome),
                       missing_text(outcome));
  if (!outcome.exemption.empty())
    return fmt::format("exempt  {}  {}", renderer.subject(rule, outcome), outcome.exemption);
  return {};
}

} // namespace

std::string render_outcomes(const Checked& pack, const std::vector<Visit>& visits) {
  const hir::Program& program = pack.program;
  const batch::Dictionaries dictionaries(program.schema.dictionaries);
  std::vector<std::string> texts(visits.size()); // by visit
  for (const batch::Batch& batch : build_batches(program.schema, dictionaries, visits,
                                                 visits.size(), engine::reach_of(program))) {
    exec::PeersOfRules peers = engine::no_peers(program);
    evaluate::Evaluator({program, pack.tables, batch, dictionaries}).collect(peers);
    exec::finish(peers);
    evaluate::Evaluator evaluator({program, pack.tables, batch, dictionaries, &peers});
    for (std::uint32_t settlement = 0; settlement < batch.settlements; ++settlement)
      for (std::uint32_t rule = 0; rule < program.rules.size(); ++rule)
        for (const evaluate::SubjectOutcome& outcome : evaluator.rule(settlement, rule)) {
          const std::string line = outcome_text({program, batch}, program.rules[rule], outcome);
          const std::size_t number = batch.origins[settlement].line;
          if (!line.empty())
            texts[number] += fmt::format("{}  {}  {}\n", number + 1, program.rules[rule].id, line);
        }
  }
  return fmt::format("{}", fmt::join(texts, ""));
}

} // namespace sanku::testing
