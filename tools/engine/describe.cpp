// See describe.h.
#include "tools/engine/describe.h"

#include "compiler/evaluate/missing.h"
#include "compiler/hir/walk.h"
#include "runtime/exec/attribute.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <vector>

namespace sanku::engine {
namespace {

// Does the value come from a column that names a person? Lets are looked into, and what is taken of
// one element. How many there are, or what they have together, says nothing of any of them.
struct IdentitySearch {
  const hir::Program& program;
  const hir::Rule& rule;
  bool found = false;

  void operator()(const hir::Query&) {}
  void operator()(const hir::Expr& expr) {
    if (const auto* field = std::get_if<hir::FieldOf>(&expr.form))
      found = found || hir::relation(program, field->relation).columns[field->column].identity;
    if (const auto* let = std::get_if<hir::LetOf>(&expr.form))
      (*this)(rule.lets[let->let].value);
    if (const auto* fold = std::get_if<hir::Fold>(&expr.form); fold != nullptr && !is_of_one(*fold))
      return;
    if (!found && !std::holds_alternative<hir::PeersOf>(expr.form))
      hir::for_each_child(expr, *this);
  }
  static bool is_of_one(const hir::Fold& fold) {
    return fold.kind == hir::FoldKind::min || fold.kind == hir::FoldKind::max ||
           fold.kind == hir::FoldKind::first || fold.kind == hir::FoldKind::last;
  }
};

bool names_a_person(const hir::Program& program, const hir::Rule& rule, const hir::Expr& expr) {
  IdentitySearch search{.program = program, .rule = rule};
  search(expr);
  return search.found;
}

// 0.6 as 60%.
std::string percent_text(const Value& value, const Type& type) {
  if (const auto* number = std::get_if<Decimal>(&value)) {
    const bool fine = type.scale >= 2;
    return decimal_text(fine ? number->units : number->units * (type.scale == 1 ? 10 : 100),
                        fine ? type.scale - 2u : 0u, 0) +
           "%";
  }
  if (const auto* score = std::get_if<Score>(&value))
    return to_text(Score{score->value * 100}, type, Language::en, "") + "%";
  if (const auto* number = std::get_if<Integer>(&value))
    return decimal_text(Int128{number->value} * 100, 0, 0) + "%";
  return {};
}

std::string hole_text(const Block& block, const hir::Rule& rule, const hir::Hole& hole,
                      const Value& value, const DescribeOptions& options) {
  if (!options.identities && names_a_person(block.program, rule, hole.value))
    return "***";
  if (hole.as_percent && is_known(value))
    return percent_text(value, hole.value.type);
  return value_text(value, hole.value.type, block.program.schema, options.language);
}

std::string missing_text(const hir::Program& program, const exec::Finding& finding,
                         Language language) {
  std::string text;
  for (const exec::MissingName& name : finding.missing) {
    if (!text.empty())
      text += language == Language::zh ? "、" : ", ";
    text += evaluate::text(program, name, language);
  }
  return text;
}

// Values inside of a Chinese sentence are Chinese to every reader.
DescribeOptions as_the_author(DescribeOptions options, const hir::Report& report) {
  const auto is_chinese = [](const hir::MessagePart& part) {
    const auto* written = std::get_if<std::string>(&part);
    return written != nullptr && std::ranges::any_of(*written, [](char c) {
             return static_cast<unsigned char>(c) >= 0xE3; // CJK punctuation and all behind it
           });
  };
  if (std::ranges::any_of(report.message, is_chinese))
    options.language = Language::zh;
  return options;
}

std::string message_text(const Block& block, const exec::Finding& finding,
                         const DescribeOptions& reader) {
  const hir::Rule& rule = block.program.rules[finding.rule];
  const hir::Report& report = report_of(rule, finding.branch);
  const DescribeOptions options = as_the_author(reader, report);
  std::string text;
  std::size_t next = 0;
  for (const hir::MessagePart& part : report.message) {
    std::visit(match{
                   [&](const std::string& written) { text += written; },
                   [&](const hir::Hole& hole) {
                     check(next < finding.holes.size(), "a finding carries a value for every hole");
                     text += hole_text(block, rule, hole, finding.holes[next++], options);
                   },
                   [&](const hir::MissingHole&) {
                     text += missing_text(block.program, finding, options.language);
                   },
               },
               part);
  }
  return text;
}

std::vector<Described::Key> group_keys(const Block& block, const hir::Rule& rule,
                                       const exec::Finding& finding,
                                       const DescribeOptions& options) {
  std::vector<Described::Key> keys;
  for (std::size_t i = 0; i < finding.keys.size(); ++i) {
    const hir::GroupKey& key = rule.subject.keys[i];
    std::string text;
    if (!options.identities && names_a_person(block.program, rule, key.value))
      text = "***";
    else if (is_known(finding.keys[i]))
      text = value_text(finding.keys[i], key.value.type, block.program.schema, options.language);
    keys.push_back({key.name_en, std::move(text)});
  }
  return keys;
}

std::vector<std::string> lines_and_amounts(const Described& finding) {
  const auto amount = [](const std::optional<std::int64_t>& cents) {
    return cents ? decimal_text(*cents, 2, 2) : std::string("?");
  };
  std::vector<std::string> parts{amount(finding.cents)};
  for (const DescribedLine& line : finding.lines) {
    const bool offending = line.role == exec::LineRole::offending;
    parts.insert(parts.end(), {line.visit, line.key, offending ? "1" : "0", amount(line.cents)});
  }
  return parts;
}

} // namespace

const hir::Report& report_of(const hir::Rule& rule, std::uint32_t branch) {
  if (branch == exec::when_unknown_branch) {
    check(rule.when_unknown.has_value(), "a finding of a branch that the rule has");
    return *rule.when_unknown;
  }
  check(branch < rule.branches.size(), "a finding of a branch that the rule has");
  return rule.branches[branch].report;
}

Described describe(const Block& block, const exec::Finding& finding,
                   const DescribeOptions& options) {
  const hir::Rule& rule = block.program.rules[finding.rule];
  Described made;
  made.id = finding_id(block, finding);
  if (rule.subject.across) {
    made.group = group_keys(block, rule, finding, options);
  } else {
    made.visit = cell_text(block, 0, schema::Role::visit_id, finding.settlement);
    made.settlement = cell_text(block, 0, schema::Role::settlement_id, finding.settlement);
  }
  if (options.places)
    made.place = rule.subject.across ? Place() : place_of(block, finding.settlement);
  made.rule = &rule;
  made.report = &report_of(rule, finding.branch);
  if (const auto& value = made.report->value) {
    check(!finding.holes.empty(), "an indicator carries its value");
    made.value = is_known(finding.holes.back()) ? value_text(finding.holes.back(), value->type,
                                                             block.program.schema, options.language)
                                                : std::string();
  }
  if (std::int64_t cents = 0; exec::amount_of(finding, cents))
    made.cents = cents;
  const hir::RelationId lines = schema::line_relation(block.program.schema).value_or(0);
  for (const exec::FindingLine& line : finding.lines) {
    DescribedLine& described = made.lines.emplace_back();
    described.id = cell_text(block, lines, schema::Role::key, line.row);
    const std::uint32_t visit = owner_of(block, lines, line.row);
    described.key = element_key(block, lines, visit, line.row);
    if (visit != finding.settlement || rule.subject.across)
      described.visit = cell_text(block, 0, schema::Role::visit_id, visit);
    described.role = line.role;
    if (line.amount_known)
      described.cents = line.amount;
    if (line.recoverable_known)
      described.recoverable = line.recoverable;
    described.taken_as_paid = line.paid_unknown;
    made.taken_as_paid = made.taken_as_paid || line.paid_unknown;
  }
  if (std::int64_t cents = 0; exec::recoverable_of(finding, cents))
    made.recoverable = cents;
  made.revision = revision_of(lines_and_amounts(made));
  made.trial = finding.trial;
  made.message = message_text(block, finding, options);
  made.evidence = finding.evidence;
  return made;
}

std::string value_text(const Value& value, const Type& type, const schema::Schema& schema,
                       Language language) {
  std::string_view name;
  if (const auto* listed = std::get_if<EnumValue>(&value); listed != nullptr && listed->id != 0)
    name = schema::enum_name(schema.enums[type.domain], listed->id, language == Language::zh);
  return to_text(value, type, language, name);
}

std::string_view severity_word(ast::Severity severity) {
  switch (severity) {
  case ast::Severity::violation:
    return "violation";
  case ast::Severity::suspected:
    return "suspected";
  case ast::Severity::reminder:
    return "reminder";
  case ast::Severity::lead:
    return "lead";
  case ast::Severity::indicator:
    return "indicator";
  }
  unreachable("a report has a severity");
}

std::string_view severity_text(ast::Severity severity, Language language) {
  if (language == Language::en)
    return severity_word(severity);
  switch (severity) {
  case ast::Severity::violation:
    return "明确违规";
  case ast::Severity::suspected:
    return "可疑";
  case ast::Severity::reminder:
    return "提醒";
  case ast::Severity::lead:
    return "线索";
  case ast::Severity::indicator:
    return "指标";
  }
  unreachable("a report has a severity");
}

const std::string& title_of(const hir::Rule& rule, Language language) {
  return language == Language::en && !rule.title_en.empty() ? rule.title_en : rule.title_zh;
}

} // namespace sanku::engine
