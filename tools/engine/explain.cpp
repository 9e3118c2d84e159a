// The text of an explanation (explain.h).
#include "tools/engine/explain.h"

#include "compiler/evaluate/trace.h"
#include "tools/engine/describe.h"
#include "tools/engine/explain_page.h"
#include "tools/engine/flips_text.h"
#include "tools/engine/layout.h"
#include "tools/engine/reasons.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

namespace sanku::engine {
namespace {

using abi::Outcome;
using evaluate::Trace;

constexpr std::size_t most_compared = 200; // subjects among which the nearest is looked for
constexpr std::size_t most_subjects = 20;  // of one rule and outcome that are told one by one
constexpr std::size_t most_visits = 8;     // of a group across visits

struct Teller {
  const Rules& rules;
  const hir::Program& program;
  const FoundSettlement& found;
  const ExplainOptions& options;
  Page page;
  const exec::PeersOfRules* peers = nullptr; // of groups across visits; none: they are not told
  const evaluate::GroupOfSettlement* group = nullptr; // that is told now
  std::uint64_t findings = 0;

  Teller(const Rules& all, const FoundSettlement& settlement, const ExplainOptions& how,
         const exec::PeersOfRules* of_groups = nullptr)
      : rules(all), program(engine::program(all)), found(settlement), options(how),
        page(program, settlement, how), peers(of_groups) {}

  // ---- one subject

  void element_row(hir::RelationId relation, std::uint32_t at) {
    const schema::Names& each = hir::relation(program, relation).each;
    page.row(each.zh, each.en, page.element(relation, at));
  }

  // Of a group across visits its keys, and which visits are in it.
  void group_across(const hir::Rule& rule) {
    std::string keys;
    for (std::size_t i = 0; i < rule.subject.keys.size(); ++i) {
      const hir::GroupKey& key = rule.subject.keys[i];
      keys += fmt::format("{}{} {}", i == 0 ? "" : ", ", page.pick(key.name_zh, key.name_en),
                          is_known(group->keys[i]) ? page.text(group->keys[i], key.value.type)
                                                   : std::string(page.pick("不明", "unknown")));
    }
    page.row("分组", "group", keys);
    std::vector<std::uint32_t> visits;
    for (const std::uint32_t element : group->elements) {
      const std::uint32_t visit = rule.subject.relation == 0
                                      ? element
                                      : owner_of(page.block, rule.subject.relation, element);
      if (std::ranges::find(visits, visit) == visits.end())
        visits.push_back(visit);
    }
    std::string count =
        rule.subject.relation == 0
            ? fmt::format(fmt::runtime(page.pick("{} 次", "{}")), visits.size())
            : fmt::format(fmt::runtime(page.pick("{} 次，{} 个{}", "{}, {} {}")), visits.size(),
                          group->elements.size(),
                          page.pick(hir::relation(program, rule.subject.relation).each.zh,
                                    hir::relation(program, rule.subject.relation).names.en));
    page.row("就诊", "visits", count);
    for (std::size_t i = 0; i < visits.size() && i < most_visits; ++i)
      page.row("", "", page.visit(visits[i]));
    if (visits.size() > most_visits)
      page.row("", "",
               fmt::format(fmt::runtime(page.pick("另有 {} 次", "{} more")),
                           visits.size() - most_visits));
  }
  void subject(const hir::Rule& rule, const Trace& trace) {
    if (group != nullptr)
      return group_across(rule);
    if (rule.subject.kind == hir::SubjectKind::settlement)
      return;
    element_row(rule.subject.relation, trace.outcome.subject);
    if (!trace.outcome.finding || rule.subject.kind != hir::SubjectKind::group)
      return;
    std::string keys;
    for (std::size_t i = 0; i < rule.subject.keys.size(); ++i) {
      const hir::GroupKey& key = rule.subject.keys[i];
      keys += fmt::format("{}{} {}", i == 0 ? "" : ", ", page.pick(key.name_zh, key.name_en),
                          page.text(trace.outcome.finding->keys[i], key.value.type));
    }
    page.row("分组", "group", keys);
  }

  void conditions(const evaluate::Node& node) {
    for (const Reason& reason : reasons(node, program.schema, rules.map, options.language)) {
      std::string held(truth_text(reason.truth, options.language));
      if (!reason.distance.empty())
        held += fmt::format(" ({})", reason.distance);
      page.row(
          "条件", "condition",
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
    page.row("模型", "model",
             fmt::format("{}{}  {}", page.pick(used.names.zh, used.names.en),
                         used.title.empty() ? "" : " " + used.title,
                         page.text(node.value, node.type)));
    std::string inputs;
    for (std::size_t i = 0; used.trained && i < used.inputs.size(); ++i)
      page.add_cell(inputs, fmt::format("{} {}", page.pick(used.inputs[i].zh, used.inputs[i].en),
                                        page.text(node.operands[i].value, node.operands[i].type)));
    if (!inputs.empty())
      page.row("输入", "inputs", inputs.substr(1, inputs.size() - 2));
    page.row("因素", "reasons", page.text(node.reasons, {.kind = Kind::reasons}));
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
        page.row("提示", "note",
                 std::string(page.pick("涉及的明细均为全自费，支付限制不适用",
                                       "the patient alone paid for all lines concerned: a payment "
                                       "limit does not apply")));
    }
  }

  void knowledge(const std::vector<exec::EvidenceRow>& evidence) {
    for (const exec::EvidenceRow& used : evidence) {
      const hir::Table& table = program.tables[used.table];
      const knowledge::Table& loaded = rules.checked->tables[used.table];
      const std::string line = count_text(loaded.lines[used.row]);
      std::string shown = fmt::format(fmt::runtime(page.pick("{} 第 {} 行 ", "{} line {} ")),
                                      table.shape.relation.names.en, line);
      for (std::size_t i = 0; i < table.shape.relation.columns.size(); ++i) {
        const schema::Column& column = table.shape.relation.columns[i];
        if (is_known(loaded.rows[used.row][i]))
          page.add_cell(shown, fmt::format("{} {}", page.pick(column.names.zh, column.names.en),
                                           page.text(loaded.rows[used.row][i], column.type)));
      }
      page.row("知识", "knowledge", shown.substr(0, shown.size() - 1));
    }
  }

  void lines(const hir::Rule& rule, const Trace& trace, const Described& described) {
    const hir::RelationId relation = schema::line_relation(program.schema).value_or(0);
    const exec::Finding& finding = *trace.outcome.finding;
    const bool own_line =
        rule.subject.kind == hir::SubjectKind::element && rule.subject.relation == relation;
    // A group may have any number of lines.
    const std::size_t most = group != nullptr ? most_subjects : finding.lines.size();
    for (std::size_t i = 0; i < finding.lines.size(); ++i) {
      if (i == most) {
        page.row("", "",
                 fmt::format(fmt::runtime(page.pick("另有 {} 条明细", "{} more lines")),
                             finding.lines.size() - most));
        break;
      }
      const exec::FindingLine& line = finding.lines[i];
      const bool offending = line.role == exec::LineRole::offending;
      // Told already, with the amount at the head.
      if (own_line && offending && line.row == finding.subject)
        continue;
      std::string what = page.element(relation, line.row);
      if (offending)
        what +=
            fmt::format("  {} {}", page.pick("涉及", "amount"),
                        described.lines[i].cents ? money_text(*described.lines[i].cents)
                                                 : std::string(page.pick("待核", "not computed")));
      if (offending)
        page.row("违规", "offending", what);
      else
        page.row("相关", "involved", what);
    }
  }

  void basis(const hir::Rule& rule) {
    for (const hir::Basis& each : rule.bases)
      page.row("依据", "basis",
               each.place.empty() ? each.source_title : each.source_title + " " + each.place);
  }

  void notes(const hir::Rule& rule, const Described& described) {
    if (described.trial)
      page.row("提示", "note",
               fmt::format(fmt::runtime(page.pick("规则试运行至 {}，结果不作为处理依据",
                                                  "on trial until {}: nobody acts on it")),
                           rule.trial_until));
    if (described.taken_as_paid)
      page.row("提示", "note",
               std::string(page.pick(
                   "记录未说明是否全自费，按基金已支付处理",
                   "the record does not say whether the patient alone paid: taken as paid by "
                   "the fund")));
    if (rule.mandatory)
      page.row("提示", "note",
               std::string(page.pick("强制规则，地方不得停用或放宽",
                                     "mandatory: no region may disable or soften it")));
    if (rule.region == ast::Region::insured)
      page.row("提示", "note",
               std::string(page.pick("按参保地的知识和参数判断",
                                     "judged by the knowledge of the insured area")));
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
    page.written += text + '\n';
  }

  void fired(const hir::Rule& rule, const Trace& trace) {
    const Described described =
        describe(page.block, *trace.outcome.finding,
                 {.language = options.language, .identities = options.identities});
    const std::string amount = described.cents ? fmt::format("{} {}", money_text(*described.cents),
                                                             page.pick("元", "yuan"))
                                               : std::string(page.pick("金额待核", "amount open"));
    rule_head(
        "●", "\x1b[31m", rule,
        fmt::format("{}  {}", severity_text(described.report->severity, options.language), amount));
    page.row("说明", "message", described.message);
    subject(rule, trace);
    lines(rule, trace, described);
    notes(rule, described);
    judged(trace, false);
    knowledge(trace.outcome.finding->evidence);
    basis(rule);
    ++findings;
  }

  void undecided(const hir::Rule& rule, const Trace& trace) {
    rule_head("?", "\x1b[33m", rule, std::string(page.pick("无法判定", "cannot be decided")));
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
    page.row("缺少", "missing", missing);
    const auto lacks = [&](std::uint32_t what) {
      return std::ranges::find(trace.outcome.missing_names, what,
                               &evaluate::MissingName::relation) !=
             trace.outcome.missing_names.end();
    };
    if (lacks(evaluate::no_relation))
      how_to_answer();
    if (lacks(exec::the_budget))
      page.row("计算量", "budget",
               std::string(page.pick(
                   "其条件所需的步数超过上限，未作计算；sanku check --plan 列出步数及减少的办法",
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
      page.row("答复", "answer",
               fmt::format(fmt::runtime(
                               page.pick("逐字照写该问题：请求中的 {}（{}、{}），或 --answers 文件",
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
    rule_head("○", {}, rule, std::string(page.pick("未触发", "clear")));
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
        page.row("差在", "to fire", lines[i]);
      else
        page.row("或者", "or", lines[i]);
    for (const evaluate::BranchTrace& branch : shown.branches)
      knowledge(branch.rows);
    for (const evaluate::GuardTrace& guard : shown.guards)
      if (guard.row)
        knowledge({*guard.row});
    if (traces.size() > 1)
      page.written += fmt::format(
          fmt::runtime(page.pick("    另有 {} 个同样未触发\n", "    {} more likewise\n")),
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
        return fmt::format(fmt::runtime(page.pick("知识表 {} 无此编码", "no row in table {}")),
                           program.tables[*guard.table].shape.relation.names.en);
      if (guard.condition)
        return fmt::format(fmt::runtime(page.pick("前提不成立: {}", "does not hold: {}")),
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

  // The groups across visits in which the settlement is, or something of it.
  void tell_groups(const hir::Rule& rule, std::uint32_t number) {
    const auto groups = evaluate::trace_groups(
        {program, rules.checked->tables, found.batch, page.none, peers}, found.settlement, number);
    if (groups.empty()) {
      rule_head("–", "\x1b[2m", rule, std::string(page.pick("不适用", "not applicable")));
      page.row("分组", "groups",
               std::string(page.pick("没有分组含本次就诊", "no group has anything of this visit")));
    }
    std::map<Outcome, std::size_t> told;
    std::vector<const Trace*> excluded;
    for (const evaluate::GroupOfSettlement& each : groups) {
      const Outcome outcome = each.trace.outcome.outcome;
      if (outcome == Outcome::not_applicable)
        excluded.push_back(&each.trace);
      if (outcome == Outcome::not_applicable || ++told[outcome] > most_subjects)
        continue;
      group = &each;
      if (outcome == Outcome::fired)
        fired(rule, each.trace);
      else if (outcome == Outcome::indeterminate)
        undecided(rule, each.trace);
      else
        clear(rule, {&each.trace});
      group = nullptr;
    }
    for (const auto& [outcome, count] : told)
      if (count > most_subjects)
        page.written +=
            fmt::format(fmt::runtime(page.pick("    另有 {} 组相同\n", "    {} more alike\n")),
                        count - most_subjects);
    if (excluded.size() == groups.size() && !groups.empty())
      rule_head("–", "\x1b[2m", rule, std::string(page.pick("不适用", "not applicable")));
    if (!excluded.empty())
      page.written += "    " + excluded_text(rule, excluded) + '\n';
  }

  void tell(std::uint32_t number) {
    const hir::Rule& rule = program.rules[number];
    if (rule.subject.across && peers != nullptr)
      return tell_groups(rule, number);
    if (rule.subject.across) {
      rule_head("–", "\x1b[2m", rule, std::string(page.pick("未解释", "not explained")));
      page.row(
          "分组", "groups",
          std::string(page.pick("按跨就诊的分组判断，加 --groups 或 --rule 解释",
                                "judged on groups across visits: --groups or --rule explains it")));
      return;
    }
    const std::vector<Trace> traces = evaluate::trace(
        {program, rules.checked->tables, found.batch, page.none}, found.settlement, number);
    std::map<Outcome, std::vector<const Trace*>> by_outcome;
    for (const Trace& trace : traces)
      by_outcome[trace.outcome.outcome].push_back(&trace);
    const auto one_by_one = [&](Outcome outcome, auto told) {
      const std::vector<const Trace*>& all = by_outcome[outcome];
      for (std::size_t i = 0; i < all.size() && i < most_subjects; ++i)
        told(*all[i]);
      if (all.size() > most_subjects)
        page.written +=
            fmt::format(fmt::runtime(page.pick("    另有 {} 条相同\n", "    {} more alike\n")),
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
      page.written +=
          fmt::format(fmt::runtime(page.pick("    {} 个{}未触发\n", "    {} {} clear\n")),
                      passed.size(), page.pick(each.zh, each.en));
    else if (!spoke)
      rule_head("–", "\x1b[2m", rule, std::string(page.pick("不适用", "not applicable")));
    if (const auto& excluded = by_outcome[Outcome::not_applicable]; !excluded.empty())
      page.written += "    " + excluded_text(rule, excluded) + '\n';
    else if (traces.empty())
      page.written += fmt::format(
          fmt::runtime(page.pick("    结算单中没有{}\n", "    the settlement has no {}\n")),
          page.pick(hir::relation(program, rule.subject.relation).names.zh,
                    hir::relation(program, rule.subject.relation).names.en));
  }
};

} // namespace

// Each rule in what it looks at; what was not put together, as if it were not asked for.
Explanation explain(const Rules& rules, const std::vector<Surrounding>& parts,
                    const ExplainOptions& options) {
  std::vector<std::unique_ptr<Teller>> tellers;
  for (const Surrounding& part : parts)
    tellers.push_back(std::make_unique<Teller>(rules, part.found, options, &part.peers));
  Teller plain(rules, parts.front().found, options);
  plain.page.head();
  Explanation all{.text = std::move(plain.page.written)};
  for (std::uint32_t rule = 0; rule < plain.program.rules.size(); ++rule) {
    if (!options.rule.empty() && plain.program.rules[rule].id != options.rule)
      continue;
    Teller* teller = &plain;
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (parts[i].rules[rule])
        teller = tellers[i].get();
    teller->page.written.clear();
    teller->findings = 0;
    teller->tell(rule);
    all.text += teller->page.written;
    all.findings += teller->findings;
  }
  return all;
}

Explanation explain(const Rules& rules, const FoundSettlement& found,
                    const ExplainOptions& options) {
  Teller teller(rules, found, options);
  teller.page.head();
  for (std::uint32_t rule = 0; rule < teller.program.rules.size(); ++rule)
    if (options.rule.empty() || teller.program.rules[rule].id == options.rule)
      teller.tell(rule);
  return {.text = std::move(teller.page.written), .findings = teller.findings};
}

} // namespace sanku::engine
