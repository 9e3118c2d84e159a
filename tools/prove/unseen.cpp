// See unseen.h.
#include "tools/prove/unseen.h"

#include "compiler/hir/content.h"
#include "tools/engine/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sanku::prove {
namespace {

struct Row {
  hir::ReportPart part;
  const char* name;
};
constexpr std::array rows{
    Row{hir::ReportPart::lines, "lines"},         Row{hir::ReportPart::amount, "amount"},
    Row{hir::ReportPart::involving, "involving"}, Row{hir::ReportPart::value, "value"},
    Row{hir::ReportPart::self_paid, "self_paid"}, Row{hir::ReportPart::message, "texts"},
};

struct Comparison {
  const Version &before, &now;
  bool chinese;
  std::vector<PartDiffers> made = {};

  Language language() const { return chinese ? Language::zh : Language::en; }

  // Each part once, with the first of its differences.
  void differ(const char* part, Sure sure, std::string was = {}, std::string is = {}) {
    const auto found = std::ranges::find(made, part, &PartDiffers::part);
    if (found == made.end())
      made.push_back({.part = part, .sure = sure, .before = std::move(was), .now = std::move(is)});
  }

  bool same_tables(const std::set<hir::TableId>& a, const std::set<hir::TableId>& b) const {
    return std::ranges::equal(a, b, [&](hir::TableId x, hir::TableId y) {
      return same_rows(before.tables, x, now.tables, y);
    });
  }
  bool same_models(const std::set<hir::ModelId>& a, const std::set<hir::ModelId>& b) const {
    return std::ranges::equal(a, b, [&](hir::ModelId x, hir::ModelId y) {
      return hir::content_of(before.tables.program().models[x]) ==
             hir::content_of(now.tables.program().models[y]);
    });
  }

  void report(const hir::Report& was, const hir::Report& is, bool is_branch) {
    if (was.severity != is.severity)
      differ("severity", Sure::yes, std::string(engine::severity_text(was.severity, language())),
             std::string(engine::severity_text(is.severity, language())));
    const auto a = hir::content_of(before.tables.program(), before.form(), was),
               b = hir::content_of(now.tables.program(), now.form(), is);
    const bool terms = is_branch && has_amount_terms(before.tables.program(), before.form(), was) &&
                       has_amount_terms(now.tables.program(), now.form(), is);
    for (const Row& row : rows) {
      const auto at = static_cast<std::size_t>(row.part);
      const bool compared = row.part == hir::ReportPart::amount && terms;
      if (a.parts[at] != b.parts[at] && !compared)
        differ(row.name, row.part == hir::ReportPart::message ? Sure::text : Sure::no);
    }
    if (!terms && (!same_tables(a.tables, b.tables) || !same_models(a.models, b.models)))
      differ("rows", Sure::no);
  }

  void reports() {
    const hir::Rule &was = before.form(), &is = now.form();
    const std::size_t count = std::min(was.branches.size(), is.branches.size());
    for (std::size_t i = 0; i < count; ++i)
      report(was.branches[i].report, is.branches[i].report, true);
    if (was.when_unknown && is.when_unknown)
      report(*was.when_unknown, *is.when_unknown, false);
    if (was.when_unknown.has_value() != is.when_unknown.has_value())
      differ("when_unknown", Sure::no);
    if (was.branches.size() != is.branches.size())
      differ("branches", Sure::no);
  }

  void attributes() {
    const hir::Rule &was = before.form(), &is = now.form();
    const auto lasts = [&](const hir::Rule& rule) {
      return rule.trial_until.empty() ? std::string(chinese ? "无" : "none") : rule.trial_until;
    };
    if (was.trial_until != is.trial_until || was.trial.has_value() != is.trial.has_value())
      differ("trial", Sure::yes, lasts(was), lasts(is));
    if (was.category != is.category)
      differ("category", Sure::yes);
    if (was.behaviour != is.behaviour)
      differ("behaviour", Sure::yes);
    if (was.stages != is.stages)
      differ("stage", Sure::yes);
    if (was.mandatory != is.mandatory)
      differ("mandatory", Sure::yes);
    if (was.even_self_paid != is.even_self_paid)
      differ("even_self_paid", Sure::no);
    const hir::Subject &a = was.subject, &b = is.subject;
    if (a.kind != b.kind || a.relation != b.relation || a.across != b.across ||
        a.keys.size() != b.keys.size() || a.entering.has_value() != b.entering.has_value())
      differ("subject", Sure::yes);
  }

  static bool same_basis(const hir::Basis& a, const hir::Basis& b) {
    return a.source_title == b.source_title && a.place == b.place;
  }
  void words() {
    const hir::Rule &was = before.form(), &is = now.form();
    if (was.title_zh != is.title_zh || was.title_en != is.title_en ||
        !std::ranges::equal(was.bases, is.bases, same_basis))
      differ("texts", Sure::text);
  }
};

} // namespace

std::vector<PartDiffers> unseen(const Version& before, const Version& now, bool chinese) {
  Comparison comparison{.before = before, .now = now, .chinese = chinese};
  comparison.attributes();
  comparison.reports();
  comparison.words();
  return std::move(comparison.made);
}

bool has_amount_terms(const hir::Program& program, const hir::Rule& rule,
                      const hir::Report& report) {
  const auto lines = schema::line_relation(program.schema);
  return lines && rule.subject.kind == hir::SubjectKind::element &&
         rule.subject.relation == *lines && rule.matches.empty() &&
         std::holds_alternative<hir::OwnLine>(report.on);
}

bool same_rows(const Tables& a, hir::TableId x, const Tables& b, hir::TableId y) {
  const auto same_cells = [](const std::vector<Value>& one, const std::vector<Value>& other) {
    return std::ranges::equal(one, other,
                              [](const Value& v, const Value& w) { return same(v, w); });
  };
  return a.shape(x).relation.names.en == b.shape(y).relation.names.en &&
         std::ranges::equal(a.table(x).rows, b.table(y).rows, same_cells);
}

} // namespace sanku::prove
