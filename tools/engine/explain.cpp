// The text of an explanation (explain.h).
#include "tools/engine/explain.h"

#include "compiler/evaluate/trace.h"
#include "tools/engine/describe.h"
#include "tools/engine/flips_text.h"
#include "tools/engine/layout.h"
#include "tools/engine/reasons.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace sanku::engine {
namespace {

using abi::Outcome;
using evaluate::Trace;

constexpr std::size_t line_cells = 100;    // of all others
constexpr std::size_t page_cells = 84;     // where the amount of a rule's line ends
constexpr std::size_t most_compared = 200; // subjects among which the nearest is looked for
constexpr std::size_t most_subjects = 20;  // of one rule and outcome that are told one by one

struct Teller {
  const Rules& rules;
  const hir::Program& program;
  const FoundSettlement& found;
  const ExplainOptions& options;
  batch::Dictionaries none;
  Block block;
  Explanation made;

  Teller(const Rules& all, const FoundSettlement& settlement, const ExplainOptions& how)
      : rules(all), program(engine::program(all)), found(settlement), options(how),
        none(program.schema.dictionaries), block{program, found.batch, none} {}

  std::string_view pick(std::string_view zh, std::string_view en) const {
    return words(options.language, zh, en);
  }

  // ---- values

  std::string text(const Value& value, const Type& type) const {
    return value_text(value, type, program.schema, options.language);
  }
  std::string at_path(hir::RelationId relation, std::string_view path, std::uint32_t row) const {
    const schema::Relation& list = hir::relation(program, relation);
    const auto column = column_at(list, path);
    if (!column || (list.columns[*column].identity && !options.identities))
      return {};
    const Value value = cell(block, relation, *column, row);
    return is_known(value) ? text(value, list.columns[*column].type) : std::string();
  }
  std::string with_role(hir::RelationId relation, schema::Role role, std::uint32_t row) const {
    const schema::Relation& list = hir::relation(program, relation);
    const auto column = schema::column_with(list, role);
    if (!column)
      return {};
    const Value value = cell(block, relation, *column, row);
    return is_known(value) ? text(value, list.columns[*column].type) : std::string();
  }

  void row(std::string_view zh, std::string_view en, const std::string& what) {
    const std::size_t label = options.language == Language::zh ? 4 : 9, indent = 4 + label + 2;
    // What has line breaks was laid out already.
    made.text += fmt::format(
        "    {}  {}\n", padded(pick(zh, en), label),
        what.find('\n') == std::string::npos ? folded(what, line_cells, indent, indent) : what);
  }

  // ---- the settlement

  std::string patient() const {
    std::string who = at_path(0, "patient.name", found.settlement);
    for (const std::string& part : {at_path(0, "patient.id", found.settlement),
                                    at_path(0, "patient.sex", found.settlement), age()})
      if (!part.empty())
        who += (who.empty() ? "" : " ") + part;
    return who.empty() ? std::string() : fmt::format("{} {}", pick("患者", "patient"), who);
  }
  // On the day that the settlement is dated.
  std::string age() const {
    const Value birth = cell(block, 0, "patient.birth", found.settlement);
    Value at = Unknown{};
    for (const std::string_view path : {"discharged", "settled", "admitted"})
      if (!is_known(at))
        at = cell(block, 0, path, found.settlement);
    const auto* born = std::get_if<Date>(&birth);
    const auto* moment = std::get_if<DateTime>(&at);
    if (born == nullptr || moment == nullptr)
      return {};
    const std::int64_t days =
        moment->seconds >= 0 ? moment->seconds / 86400 : (moment->seconds - 86399) / 86400;
    return text(make_age(*born, Date{static_cast<std::int32_t>(days)}), Type{.kind = Kind::age});
  }
  std::string day() const {
    for (const std::string_view path : {"discharged", "settled", "admitted"})
      if (const std::string date = at_path(0, path, found.settlement); !date.empty())
        return date.substr(0, 10);
    return {};
  }
  void head() {
    const std::string number = with_role(0, schema::Role::settlement_id, found.settlement);
    made.text += fmt::format("{} {}", pick("结算", "settlement"),
                             number.empty() ? with_role(0, schema::Role::visit_id, found.settlement)
                                            : number);
    for (const std::string& part : {day(), at_path(0, "provider.name", found.settlement),
                                    at_path(0, "kind", found.settlement), patient()})
      if (!part.empty())
        made.text += "  " + part;
    made.text += "\n\n";
  }

  // ---- one subject

  // 明细 L17  黄体酮软胶囊 XG03DAH014…  03-05 09:30  1 盒 × 12.50
  std::string element(hir::RelationId relation, std::uint32_t row) const {
    using schema::Role;
    std::string out = with_role(relation, Role::key, row);
    const auto add = [&](const std::string& part, std::string_view gap) {
      if (!part.empty())
        out += (out.empty() ? std::string() : std::string(gap)) + part;
    };
    add(at_path(relation, "name", row), "  ");
    add(with_role(relation, Role::code, row), " ");
    add(with_role(relation, Role::time, row), "  ");
    std::string bought = with_role(relation, Role::quantity, row);
    if (const std::string unit = at_path(relation, "unit", row); !bought.empty() && !unit.empty())
      bought += " " + unit;
    if (const std::string price = with_role(relation, Role::unit_price, row);
        !bought.empty() && !price.empty())
      bought += " × " + price;
    add(bought, "  ");
    return out;
  }

  void element_row(hir::RelationId relation, std::uint32_t at) {
    const schema::Names& each = hir::relation(program, relation).each;
    row(each.zh, each.en, element(relation, at));
  }

  void subject(const hir::Rule& rule, const Trace& trace) {
    if (rule.subject.kind == hir::SubjectKind::settlement)
      return;
    element_row(rule.subject.relation, trace.outcome.subject);
    if (!trace.outcome.finding || rule.subject.kind != hir::SubjectKind::group)
      return;
    std::string keys;
    for (std::size_t i = 0; i < rule.subject.keys.size(); ++i) {
      const hir::GroupKey& key = rule.subject.keys[i];
      keys += fmt::format("{}{} {}", i == 0 ? "" : ", ", pick(key.name_zh, key.name_en),
                          text(trace.outcome.finding->keys[i], key.value.type));
    }
    row("分组", "group", keys);
  }

  void conditions(const evaluate::Node& node) {
    for (const Reason& reason : reasons(node, program.schema, rules.map, options.language)) {
      std::string held(truth_text(reason.truth, options.language));
      if (!reason.distance.empty())
        held += fmt::format(" ({})", reason.distance);
      row("条件", "condition",
          fmt::format("{}  {}  {}", padded(reason.written, 34), padded(reason.values, 18), held));
    }
    models(node);
  }

  // Of every score that a condition asks for: the inputs with their values, and what moved it.
  void models(const evaluate::Node& node) {
    if (node.model)
      model(node);
    else
      for (const evaluate::Node& operand : node.operands)
        models(operand);
  }
  void model(const evaluate::Node& node) {
    const hir::Model& used = program.models[*node.model];
    row("模型", "model",
        fmt::format("{}{}  {}", pick(used.names.zh, used.names.en),
                    used.title.empty() ? "" : " " + used.title, text(node.value, node.type)));
    std::string inputs;
    for (std::size_t i = 0; used.trained && i < used.inputs.size(); ++i)
      add_cell(inputs, fmt::format("{} {}", pick(used.inputs[i].zh, used.inputs[i].en),
                                   text(node.operands[i].value, node.operands[i].type)));
    if (!inputs.empty())
      row("输入", "inputs", inputs.substr(1, inputs.size() - 2));
    row("因素", "reasons", text(node.reasons, {.kind = Kind::reasons}));
  }

  // Guards that held say nothing new, but those that bound a row name the knowledge.
  void judged(const Trace& trace, bool all_guards) {
    for (const evaluate::GuardTrace& guard : trace.guards)
      if (guard.condition && !guard.table && (all_guards || guard.truth != Tri::yes))
        conditions(*guard.condition);
    for (const evaluate::BranchTrace& branch : trace.branches) {
      for (const evaluate::Node& where : branch.where)
        conditions(where);
      if (branch.condition)
        conditions(*branch.condition);
      if (branch.self_paid)
        row("提示", "note",
            std::string(pick("涉及的明细均为全自费，支付限制不适用",
                             "the patient alone paid for all lines concerned: a payment "
                             "limit does not apply")));
    }
  }

  // Appends a cell and a comma, on a new line under the others where the page ends.
  void add_cell(std::string& shown, const std::string& cell) const {
    const std::size_t indent = options.language == Language::zh ? 10 : 15;
    const std::size_t line = shown.rfind('\n') == std::string::npos ? 0 : shown.rfind('\n') + 1;
    const std::size_t taken =
        source::display_width(std::string_view(shown).substr(line)) + (line == 0 ? indent : 0);
    if (taken + source::display_width(cell) + 2 > page_cells + 12)
      shown += '\n' + std::string(indent - 1, ' ');
    shown += ' ' + cell + ',';
  }

  void knowledge(const std::vector<exec::EvidenceRow>& evidence) {
    for (const exec::EvidenceRow& used : evidence) {
      const hir::Table& table = program.tables[used.table];
      const knowledge::Table& loaded = rules.checked->tables[used.table];
      const std::string line = count_text(loaded.lines[used.row]);
      std::string shown = fmt::format(fmt::runtime(pick("{} 第 {} 行 ", "{} line {} ")),
                                      table.shape.relation.names.en, line);
      for (std::size_t i = 0; i < table.shape.relation.columns.size(); ++i) {
        const schema::Column& column = table.shape.relation.columns[i];
        if (is_known(loaded.rows[used.row][i]))
          add_cell(shown, fmt::format("{} {}", pick(column.names.zh, column.names.en),
                                      text(loaded.rows[used.row][i], column.type)));
      }
      row("知识", "knowledge", shown.substr(0, shown.size() - 1));
    }
  }

  void lines(const hir::Rule& rule, const Trace& trace, const Described& described) {
    const hir::RelationId relation = schema::line_relation(program.schema).value_or(0);
    const exec::Finding& finding = *trace.outcome.finding;
    const bool own_line =
        rule.subject.kind == hir::SubjectKind::element && rule.subject.relation == relation;
    for (std::size_t i = 0; i < finding.lines.size(); ++i) {
      const exec::FindingLine& line = finding.lines[i];
      const bool offending = line.role == exec::LineRole::offending;
      // Told already, with the amount at the head.
      if (own_line && offending && line.row == finding.subject)
        continue;
      std::string what = element(relation, line.row);
      if (offending)
        what += fmt::format("  {} {}", pick("涉及", "amount"),
                            described.lines[i].cents ? money_text(*described.lines[i].cents)
                                                     : std::string(pick("待核", "not computed")));
      if (offending)
        row("违规", "offending", what);
      else
        row("相关", "involved", what);
    }
  }

  void basis(const hir::Rule& rule) {
    for (const hir::Basis& each : rule.bases)
      row("依据", "basis",
          each.place.empty() ? each.source_title : each.source_title + " " + each.place);
  }

  void notes(const hir::Rule& rule, const Described& described) {
    if (described.trial)
      row("提示", "note",
          fmt::format(fmt::runtime(pick("规则试运行至 {}，结果不作为处理依据",
                                        "on trial until {}: nobody acts on it")),
                      rule.trial_until));
    if (described.taken_as_paid)
      row("提示", "note",
          std::string(
              pick("记录未说明是否全自费，按基金已支付处理",
                   "the record does not say whether the patient alone paid: taken as paid by "
                   "the fund")));
    if (rule.mandatory)
      row("提示", "note",
          std::string(pick("强制规则，地方不得停用或放宽",
                           "mandatory: no region may disable or soften it")));
    if (rule.region == ast::Region::insured)
      row("提示", "note",
          std::string(
              pick("按参保地的知识和参数判断", "judged by the knowledge of the insured area")));
  }

  // ---- one rule

  void rule_head(std::string_view mark, std::string_view colour, const hir::Rule& rule,
                 const std::string& outcome) {
    const std::string left =
        fmt::format("{} {} {}", mark, rule.id, title_of(rule, options.language));
    const std::size_t room = page_cells - std::min(page_cells, source::display_width(outcome) + 1);
    std::string text = padded(left, room) + " " + outcome;
    if (options.colour && !colour.empty())
      text = fmt::format("{}{}\x1b[0m", colour, text);
    made.text += text + '\n';
  }

  void fired(const hir::Rule& rule, const Trace& trace) {
    const Described described =
        describe(block, *trace.outcome.finding,
                 {.language = options.language, .identities = options.identities});
    const std::string amount =
        described.cents ? fmt::format("{} {}", money_text(*described.cents), pick("元", "yuan"))
                        : std::string(pick("金额待核", "amount open"));
    rule_head(
        "●", "\x1b[31m", rule,
        fmt::format("{}  {}", severity_text(described.report->severity, options.language), amount));
    row("说明", "message", described.message);
    subject(rule, trace);
    lines(rule, trace, described);
    notes(rule, described);
    judged(trace, false);
    knowledge(trace.outcome.finding->evidence);
    basis(rule);
    ++made.findings;
  }

  void undecided(const hir::Rule& rule, const Trace& trace) {
    rule_head("?", "\x1b[33m", rule, std::string(pick("无法判定", "cannot be decided")));
    subject(rule, trace);
    std::string missing;
    for (const evaluate::MissingName& name : trace.outcome.missing_names) {
      missing += (missing.empty() ? "" : ", ") + evaluate::text(program, name, options.language);
      if (!name.column)
        continue;
      const std::vector<std::string>& wire =
          hir::relation(program, name.relation).columns[*name.column].wire;
      if (!wire.empty())
        missing += fmt::format(" ({})", fmt::join(wire, ", "));
    }
    row("缺少", "missing", missing);
    const auto lacks = [&](std::uint32_t what) {
      return std::ranges::find(trace.outcome.missing_names, what,
                               &evaluate::MissingName::relation) !=
             trace.outcome.missing_names.end();
    };
    if (lacks(evaluate::no_relation))
      how_to_answer();
    if (lacks(exec::the_budget))
      row("计算量", "budget",
          std::string(
              pick("其条件所需的步数超过上限，未作计算；sanku check --plan 列出步数及减少的办法",
                   "a condition would take more steps than the limit and was not computed; "
                   "sanku check --plan shows the steps and what would make them fewer")));
  }

  // What is asked is no field of the claim: where its answer may stand.
  void how_to_answer() {
    for (const schema::Relation& list : program.schema.relations) {
      const auto question = schema::column_with(list, schema::Role::question);
      const auto answer = schema::column_with(list, schema::Role::answer);
      if (!question || !answer)
        continue;
      const auto sent_as = [](const std::vector<std::string>& wire, const std::string& name) {
        return wire.empty() ? name : wire.front();
      };
      row("答复", "answer",
          fmt::format(fmt::runtime(pick("逐字照写该问题：请求中的 {}（{}、{}），或 --answers 文件",
                                        "the question letter by letter, in the claim's {} ({}, "
                                        "{}) or in a file with --answers")),
                      sent_as(list.wire, list.names.en),
                      sent_as(list.columns[*question].wire, list.columns[*question].names.en),
                      sent_as(list.columns[*answer].wire, list.columns[*answer].names.en)));
    }
  }

  // Of the subjects that are clear the one that came nearest: the fewest conditions away, with a
  // distance if one has it.
  void clear(const hir::Rule& rule, const std::vector<const Trace*>& traces) {
    rule_head("○", {}, rule, std::string(pick("未触发", "clear")));
    const Trace* nearest = traces.front();
    Flips least = flips(*nearest);
    for (std::size_t i = 1; i < std::min(traces.size(), most_compared); ++i)
      if (Flips own = flips(*traces[i]); distance_rank(own) < distance_rank(least)) {
        nearest = traces[i];
        least = std::move(own);
      }
    const Trace& shown = *nearest;
    subject(rule, shown);
    judged(shown, false);
    const std::vector<std::string> lines = flip_lines(rules, rule, shown, least, options.language);
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (i == 0)
        row("差在", "to fire", lines[i]);
      else
        row("或者", "or", lines[i]);
    for (const evaluate::BranchTrace& branch : shown.branches)
      knowledge(branch.rows);
    for (const evaluate::GuardTrace& guard : shown.guards)
      if (guard.row)
        knowledge({*guard.row});
    if (traces.size() > 1)
      made.text +=
          fmt::format(fmt::runtime(pick("    另有 {} 个同样未触发\n", "    {} more likewise\n")),
                      traces.size() - 1);
  }

  static std::pair<std::size_t, bool> distance_rank(const Flips& own) {
    if (!own.single.empty())
      return {1, !own.single.front().condition->distance.has_value()};
    return {own.together.empty() ? SIZE_MAX : own.together.size(), true};
  }

  // Why a rule does not look at a subject: the first guard that failed.
  std::string excluded_by(const Trace& trace) const {
    if (!trace.outcome.exemption.empty())
      return trace.outcome.exemption;
    for (const evaluate::GuardTrace& guard : trace.guards) {
      if (guard.truth != Tri::no)
        continue;
      if (guard.table)
        return fmt::format(fmt::runtime(pick("知识表 {} 无此编码", "no row in table {}")),
                           program.tables[*guard.table].shape.relation.names.en);
      if (guard.condition)
        return fmt::format(fmt::runtime(pick("前提不成立: {}", "does not hold: {}")),
                           written_text(rules.map, guard.condition->span));
    }
    return {};
  }

  std::string excluded_text(const hir::Rule& rule, const std::vector<const Trace*>& traces) const {
    std::map<std::string, std::size_t> reasons;
    for (const Trace* trace : traces)
      ++reasons[excluded_by(*trace)];
    const schema::Names& each = hir::relation(program, rule.subject.relation).each;
    std::string text;
    for (const auto& [reason, count] : reasons) {
      if (!text.empty())
        text += "; ";
      if (rule.subject.kind == hir::SubjectKind::settlement)
        text += reason;
      else if (options.language == Language::zh)
        text += fmt::format(
            "{} 个{}不适用({})", count,
            rule.subject.kind == hir::SubjectKind::group ? each.zh + "分组" : each.zh, reason);
      else
        text += fmt::format("{} {}{} not applicable ({})", count, each.en, count == 1 ? "" : "s",
                            reason);
    }
    return text;
  }

  void tell(std::uint32_t number) {
    const hir::Rule& rule = program.rules[number];
    if (rule.subject.across) {
      rule_head("–", "\x1b[2m", rule, std::string(pick("不在此解释", "not explained here")));
      row("分组", "groups",
          std::string(pick("按跨就诊的分组判断，要看全部就诊，见 sanku run 的结果",
                           "judged on groups of all visits; see what sanku run finds")));
      return;
    }
    const std::vector<Trace> traces = evaluate::trace(
        {program, rules.checked->tables, found.batch, none}, found.settlement, number);
    std::map<Outcome, std::vector<const Trace*>> by_outcome;
    for (const Trace& trace : traces)
      by_outcome[trace.outcome.outcome].push_back(&trace);
    const auto one_by_one = [&](Outcome outcome, auto told) {
      const std::vector<const Trace*>& all = by_outcome[outcome];
      for (std::size_t i = 0; i < all.size() && i < most_subjects; ++i)
        told(*all[i]);
      if (all.size() > most_subjects)
        made.text += fmt::format(fmt::runtime(pick("    另有 {} 条相同\n", "    {} more alike\n")),
                                 all.size() - most_subjects);
    };
    one_by_one(Outcome::fired, [&](const Trace& trace) { fired(rule, trace); });
    one_by_one(Outcome::indeterminate, [&](const Trace& trace) { undecided(rule, trace); });
    const bool spoke =
        !by_outcome[Outcome::fired].empty() || !by_outcome[Outcome::indeterminate].empty();
    const schema::Names& each = hir::relation(program, rule.subject.relation).each;
    if (const auto& passed = by_outcome[Outcome::clear]; !passed.empty() && !spoke)
      clear(rule, passed);
    else if (!passed.empty())
      made.text += fmt::format(fmt::runtime(pick("    {} 个{}未触发\n", "    {} {} clear\n")),
                               passed.size(), pick(each.zh, each.en));
    else if (!spoke)
      rule_head("–", "\x1b[2m", rule, std::string(pick("不适用", "not applicable")));
    if (const auto& excluded = by_outcome[Outcome::not_applicable]; !excluded.empty())
      made.text += "    " + excluded_text(rule, excluded) + '\n';
    else if (traces.empty())
      made.text +=
          fmt::format(fmt::runtime(pick("    结算单中没有{}\n", "    the settlement has no {}\n")),
                      pick(hir::relation(program, rule.subject.relation).names.zh,
                           hir::relation(program, rule.subject.relation).names.en));
  }
};

} // namespace

Explanation explain(const Rules& rules, const FoundSettlement& found,
                    const ExplainOptions& options) {
  Teller teller(rules, found, options);
  teller.head();
  for (std::uint32_t rule = 0; rule < teller.program.rules.size(); ++rule)
    if (options.rule.empty() || teller.program.rules[rule].id == options.rule)
      teller.tell(rule);
  return std::move(teller.made);
}

} // namespace sanku::engine
