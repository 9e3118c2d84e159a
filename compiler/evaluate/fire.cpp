// What a branch reports when it fires: offending lines with their amounts, involved lines, evidence
// rows, message holes. Declared in judge.h.
#include "compiler/evaluate/judge.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <set>

namespace sanku::evaluate {
namespace {

hir::RelationId line_list(Scope& scope) {
  const std::optional<std::uint32_t> lines = schema::line_relation(scope.program().schema);
  check(lines.has_value(), "lines are reported under a schema without fee lines");
  return *lines;
}

// An amount expression's value for a line: cents between nothing and the line's own amount, where
// that is known.
std::optional<std::int64_t> computed_amount(Scope& scope, const hir::Expr& expr,
                                            const Element& line) {
  const Value value = scope.value(expr);
  if (!is_known(value))
    return std::nullopt;
  check(std::holds_alternative<Decimal>(value), "an amount is not money");
  std::optional<Int128> cents = rounded(std::get<Decimal>(value).units, expr.type.scale, 2);
  if (!cents)
    return std::nullopt;
  if (const auto whole = amount_of(scope.rows(), line_list(scope), line))
    cents = std::min(*cents, Int128{*whole});
  cents = std::max(*cents, Int128{0});
  if (*cents > INT64_MAX)
    return std::nullopt;
  return static_cast<std::int64_t>(*cents);
}

exec::FindingLine offending_line(Scope& scope, const hir::Report& report, const Element& line) {
  const Element before = scope.bound(report.line);
  // Only the subject is a name that lets can depend on.
  if (report.line == hir::subject_binder)
    scope.bind(report.line, line);
  else
    scope.place(report.line, line);
  const std::optional<std::int64_t> cents = std::visit(
      match{
          [&](const hir::AmountOfLine&) { return amount_of(scope.rows(), line_list(scope), line); },
          [&](const hir::AmountUnknown&) { return std::optional<std::int64_t>{}; },
          [&](const hir::AmountExpr& form) { return computed_amount(scope, form.value, line); },
      },
      report.amount);
  const bool paid_unknown = report.self_paid && scope.truth(*report.self_paid) == Tri::unknown;
  if (report.line == hir::subject_binder)
    scope.bind(report.line, before);
  else
    scope.place(report.line, before);
  return exec::FindingLine{.row = line.row,
                           .role = exec::LineRole::offending,
                           .amount_known = cents.has_value(),
                           .amount = cents.value_or(0),
                           .paid_unknown = paid_unknown};
}

// The sure elements of a query over the fee lines.
std::vector<Element> sure_lines(Scope& scope, const hir::Query& query) {
  std::vector<Element> result;
  for (const Kept& kept : scope.lines(query, true)) {
    if (kept.keep != Tri::yes)
      continue;
    check(query.from.front().relation == line_list(scope), "what is reported is not a fee line");
    result.push_back(kept.element);
  }
  return result;
}

std::vector<exec::FindingLine> offending_lines(Scope& scope, const hir::Report& report) {
  const std::vector<Element> elements = std::visit(
      match{
          [&](const hir::OwnLine&) { return std::vector{scope.bound(hir::subject_binder)}; },
          [](const hir::NoLines&) { return std::vector<Element>(); },
          [&](const hir::QueryPtr& query) { return sure_lines(scope, *query); },
      },
      report.on);
  std::vector<exec::FindingLine> lines;
  for (const Element& element : elements)
    lines.push_back(offending_line(scope, report, element));
  return lines;
}

using MatchRows = std::vector<std::pair<hir::BinderId, Element>>;

// What the matches of a rule leave to a report: the one that speaks, and the fee lines of all that
// satisfy the branch.
struct Spoken {
  MatchRows speaking;
  std::set<std::uint32_t> involved;
};

Spoken speak(Scope& scope, const hir::Branch& branch) {
  Spoken spoken;
  bool first = true;
  std::optional<std::int64_t> largest;
  scope.each_match([&](Tri keep) {
    if (tri_and(keep, holds(scope, branch)) != Tri::yes)
      return;
    MatchRows rows;
    for (const hir::Match& match : scope.rule().matches) {
      const Element& element = scope.bound(match.binding.binder);
      rows.emplace_back(match.binding.binder, element);
      if (match.binding.relation == schema::line_relation(scope.program().schema))
        spoken.involved.insert(element.row);
    }
    exec::Finding candidate;
    candidate.lines = offending_lines(scope, branch.report);
    std::int64_t cents = 0;
    const bool known = exec::amount_of(candidate, cents);
    // Not computed ranks below every amount; of equals the first speaks.
    const bool larger = known && (!largest || cents > *largest);
    if (!first && !larger)
      return;
    first = false;
    if (known)
      largest = cents;
    spoken.speaking = std::move(rows);
  });
  return spoken;
}

void add_involved(Scope& scope, const hir::Report& report, std::set<std::uint32_t> rows,
                  exec::Finding& finding) {
  if (report.involving) {
    for (const Element& element : sure_lines(scope, **report.involving))
      rows.insert(element.row);
  }
  for (const exec::FindingLine& line : finding.lines)
    rows.erase(line.row);
  if (rows.empty())
    return;
  std::vector<std::uint32_t> order(rows.begin(), rows.end());
  scope.rows().put_in_order(line_list(scope), order);
  for (const std::uint32_t row : order) {
    finding.lines.push_back(exec::FindingLine{
        .row = row, .role = exec::LineRole::involved, .amount_known = false, .amount = 0});
  }
}

std::vector<exec::EvidenceRow> evidence(Scope& scope) {
  std::set<hir::BinderId> binders;
  for (const hir::Guard& guard : scope.rule().guards) {
    if (const auto* row = std::get_if<hir::RowGuard>(&guard))
      binders.insert(row->binder);
  }
  for (const hir::Match& match : scope.rule().matches)
    binders.insert(match.binding.binder);
  const auto lists = static_cast<hir::RelationId>(scope.program().schema.relations.size());
  std::vector<exec::EvidenceRow> rows;
  for (const hir::BinderId binder : binders) {
    const hir::RelationId relation = scope.rule().binder_relations[binder];
    const Element& element = scope.bound(binder);
    if (relation < lists || element.is_unknown())
      continue;
    rows.push_back(exec::EvidenceRow{.table = relation - lists, .row = element.row});
  }
  return rows;
}

} // namespace

exec::Finding fire(Scope& scope, std::uint32_t branch) {
  const hir::Rule& rule = scope.rule();
  const bool when_unknown = branch == exec::when_unknown_branch;
  const hir::Report& report = when_unknown ? *rule.when_unknown : rule.branches[branch].report;
  Spoken spoken;
  if (!when_unknown && !rule.matches.empty())
    spoken = speak(scope, rule.branches[branch]);
  for (const auto& [binder, element] : spoken.speaking)
    scope.bind(binder, element);

  exec::Finding finding;
  finding.branch = branch;
  finding.lines = offending_lines(scope, report);
  add_involved(scope, report, std::move(spoken.involved), finding);
  finding.evidence = evidence(scope);
  for (const hir::MessagePart& part : report.message) {
    if (const auto* hole = std::get_if<hir::Hole>(&part))
      finding.holes.push_back(scope.value(hole->value));
  }
  if (report.value)
    finding.holes.push_back(scope.value(*report.value));
  return finding;
}

} // namespace sanku::evaluate
