// The page of one rule (rule_page.h).
#include "tools/handbook/rule_page.h"

#include "compiler/ast/choices.h"
#include "compiler/ast/print.h"
#include "compiler/plan/reach.h"
#include "runtime/types/match.h"
#include "tools/engine/describe.h"
#include "tools/handbook/example.h"
#include "tools/handbook/knowledge.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::handbook {
namespace {

using html::escaped;

struct Teller {
  const Book& book;
  const std::size_t number;
  const hir::Rule& rule = book.program.rules[number];
  const RuleFacts& facts = book.facts[number];
  std::string out = {};

  [[nodiscard]] std::string_view pick(std::string_view zh, std::string_view en) const {
    return book.pick(zh, en);
  }
  [[nodiscard]] ast::Spelling spelling() const {
    return book.zh() ? ast::Spelling::zh : ast::Spelling::en;
  }
  void head(std::string_view zh, std::string_view en) {
    out += fmt::format("<h2>{}</h2>\n", escaped(pick(zh, en)));
  }
  void paragraph(const std::string& text) { out += fmt::format("<p>{}</p>\n", escaped(text)); }
  void items(const std::vector<std::string>& html_items) {
    out += "<ul>\n";
    for (const std::string& each : html_items)
      out += fmt::format("<li>{}</li>\n", each);
    out += "</ul>\n";
  }

  // ---- what it is

  void tags() {
    out += "<p class=\"tags\">";
    for (const ast::Severity each : rule.written)
      out += tag(ast::word_for(ast::severities, each, book.zh()), tone_of(each)) + " ";
    out += tag(category_of(book, rule)) + " ";
    out += tag(ast::word_for(ast::behaviours, rule.behaviour, book.zh())) + " ";
    for (const ast::Stage each : rule.stages)
      out += tag(ast::word_for(ast::stages, each, book.zh())) + " ";
    if (rule.layer != 0)
      out += tag(layer_of(book, rule.layer)) + " ";
    if (rule.mandatory)
      out += tag(pick("强制", "mandatory"), "bad") + " ";
    out += "</p>\n";
  }
  void summary() {
    const Summary made = summary_of(book, number);
    out += fmt::format("<div class=\"sum\"><p>{}</p><p>{}</p></div>\n", escaped(made.zh),
                       escaped(made.en));
    const std::string& more = book.zh() ? made.more_zh : made.more_en;
    if (const std::string& note = more.empty() ? made.more_en : more; !note.empty())
      out += fmt::format("<p class=\"note\">{}</p>\n", escaped(note));
  }
  void standing() {
    std::vector<std::string> lines;
    const auto add = [&](const std::string& text) { lines.push_back(escaped(text)); };
    if (rule.effective_from || rule.effective_until)
      add(fmt::format("{} {} — {}", pick("生效", "in force"),
                      rule.effective_from ? date_text(*rule.effective_from) : "…",
                      rule.effective_until ? date_text(*rule.effective_until) : "…"));
    if (!rule.trial_until.empty())
      add(fmt::format(fmt::runtime(pick("试运行至 {}：结果不作为处理依据",
                                        "on trial until {}: nobody acts on what it finds")),
                      rule.trial_until));
    for (const hir::RuleChange& change : rule.changes) {
      std::string text =
          change.severity
              ? fmt::format(
                    "{}：{}", layer_of(book, change.layer),
                    fmt::format(fmt::runtime(pick("程度改为{}", "severity becomes {}")),
                                ast::word_for(ast::severities, *change.severity, book.zh())))
              : fmt::format("{}：{}", layer_of(book, change.layer), pick("停用", "disabled"));
      if (change.from || change.until)
        text += fmt::format(" {} — {}", change.from ? date_text(*change.from) : "…",
                            change.until ? date_text(*change.until) : "…");
      if (!change.reason.empty())
        text += fmt::format("（{}）", change.reason);
      add(text);
    }
    if (lines.empty())
      return;
    head("何时何地生效", "When and where it counts");
    items(lines);
  }

  // ---- what it reports

  [[nodiscard]] std::string marked(const std::string& message) const {
    std::string text = escaped(message);
    for (std::size_t at = 0; (at = text.find("‹", at)) != std::string::npos;) {
      const std::size_t end = text.find("›", at);
      if (end == std::string::npos)
        break;
      const std::string inner = text.substr(at + 3, end - at - 3);
      const std::string made = fmt::format("<span class=\"hole\">{}</span>", inner);
      text.replace(at, end + 3 - at, made);
      at += made.size();
    }
    return text;
  }
  void condition(std::string_view label, const ast::Expr& expr) {
    out +=
        fmt::format("<li>{} <code>{}</code></li>\n", escaped(label), escaped(in_words(book, expr)));
  }
  void looks_at() {
    head("看什么", "What it looks at");
    out += fmt::format("<ul>\n<li>{} <b>{}</b></li>\n", pick("逐一判断：", "decides on"),
                       escaped(subject_of(book, rule, book.language)));
    for (const ast::Clause& clause : facts.written->clauses)
      std::visit(
          match{[&](const ast::Let& let) {
                  condition(fmt::format("{} {} =", pick("其中", "let"), let.name.text), *let.value);
                },
                [&](const ast::With& with) {
                  out += fmt::format(
                      "<li>{} <code>{}{}</code></li>\n", pick("与之相关：", "together with"),
                      escaped(in_words(book, *with.source)),
                      with.where ? escaped(" … " + in_words(book, *with.where)) : std::string());
                },
                [&](const ast::Provided& each) {
                  condition(pick("前提：", "only if"), *each.condition);
                },
                [&](const ast::Unless& each) {
                  condition(each.exemption.empty()
                                ? std::string(pick("除外：", "not if"))
                                : fmt::format(fmt::runtime(pick("除外（{}）：", "exempt ({}):")),
                                              each.exemption),
                            *each.condition);
                }},
          clause);
    out += "</ul>\n";
  }
  void reports() {
    head("报告什么", "What it reports");
    out += fmt::format("<div class=\"wide\"><table><thead><tr><th>{}</th><th>{}</th><th>{}</th>"
                       "<th>{}</th></tr></thead><tbody>\n",
                       pick("程度", "severity"), pick("说明", "message"), pick("条件", "when"),
                       pick("金额", "amount"));
    std::size_t at = 0;
    for (const ast::Branch& written : facts.written->branches) {
      const bool unknown = written.when_unknown;
      const hir::Report* report = unknown ? rule.when_unknown ? &*rule.when_unknown : nullptr
                                  : at < rule.branches.size() ? &rule.branches[at++].report
                                                              : nullptr;
      if (report == nullptr)
        continue;
      const std::string when =
          unknown        ? std::string(pick("无法判定时", "where it cannot be decided"))
          : written.when ? fmt::format("<code>{}</code>", escaped(in_words(book, *written.when)))
                         : std::string(pick("凡符合前提", "wherever the above holds"));
      out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                         tag(ast::word_for(ast::severities, report->severity, book.zh()),
                             tone_of(report->severity)),
                         marked(message_of(book, rule, *report, book.language)), when,
                         amount(written.report));
    }
    out += "</tbody></table></div>\n";
  }
  [[nodiscard]] std::string amount(const ast::Report& report) const {
    if (report.amount_unknown)
      return std::string(pick("待核", "not computed"));
    if (report.amount)
      return fmt::format("<code>{}</code>", escaped(in_words(book, *report.amount)));
    if (report.value)
      return std::string(pick("指标值", "the indicator's value"));
    return std::string(pick("违规明细的金额", "that of the lines"));
  }

  // ---- the law

  void law() {
    head("依据", "The law behind it");
    std::vector<html::Column> columns{{std::string(pick("来源", "source"))},
                                      {std::string(pick("位置", "place"))},
                                      {std::string(pick("发布日期", "issued"))}};
    std::vector<std::vector<std::string>> rows;
    for (const hir::Basis& basis : rule.bases) {
      const ast::Source* source = source_of(basis.source_title);
      rows.push_back({basis.source_title +
                          (source && !source->url.empty() ? "  " + source->url : std::string()),
                      basis.place,
                      source && !source->issued.empty() ? source->issued : std::string("—")});
    }
    if (rows.empty())
      paragraph(std::string(pick("规则没有注明依据。", "The rule names no source.")));
    else
      out += html::table(columns, rows);
  }
  [[nodiscard]] const ast::Source* source_of(const std::string& title) const {
    for (const auto& file : book.rules.checked->files)
      for (const ast::Decl& decl : file->decls)
        if (const auto* source = std::get_if<ast::Source>(&decl); source && source->title == title)
          return source;
    return nullptr;
  }

  // ---- parameters

  void params() {
    if (facts.params.empty())
      return;
    head("参数", "Parameters");
    std::vector<html::Column> columns{{std::string(pick("参数", "parameter"))},
                                      {std::string(pick("地区（层）", "layer (region)"))},
                                      {std::string(pick("自", "from"))},
                                      {std::string(pick("值", "value")), true},
                                      {std::string(pick("允许范围", "bounds")), true}};
    std::vector<std::vector<std::string>> rows;
    for (const std::size_t each : facts.params) {
      const hir::Param& param = book.program.params[each];
      const std::string bounds = param.least
                                     ? fmt::format("{} – {}", book.value(*param.least, param.type),
                                                   book.value(*param.most, param.type))
                                     : std::string("—");
      for (const hir::ParamValue& value : param.values)
        rows.push_back({book.of(param.names), layer_of(book, value.layer),
                        value.from ? date_text(*value.from) : std::string("—"),
                        book.value(value.value, param.type), bounds});
    }
    out += html::table(columns, rows);
  }

  // ---- knowledge

  void knowledge() {
    if (facts.tables.empty() && facts.models.empty() && facts.sets.empty())
      return;
    head("知识", "Knowledge");
    for (const auto& [table, columns] : facts.tables)
      out += knowledge_of(book, table, columns);
    for (const ast::SetDecl* set : facts.sets) {
      const auto& elements = std::get_if<ast::SetLiteral>(&set->literal->form);
      out += fmt::format(
          "<h3>{} {}</h3>\n<p><code>{}</code></p>\n", pick("集合", "set"),
          escaped(set->names.second && book.zh() ? set->names.second->text : set->names.first.text),
          elements ? escaped(ast::print(*set->literal, spelling())) : std::string());
    }
    for (const std::size_t each : facts.models)
      model(book.program.models[each]);
  }
  void model(const hir::Model& model) {
    out += fmt::format("<h3>{} {}</h3>\n<p>{}</p>\n", pick("模型", "model"),
                       escaped(book.of({model.names.en, model.names.zh})), escaped(model.title));
    std::vector<std::vector<std::string>> rows;
    for (const models::InputNames& input : model.inputs)
      rows.push_back({book.zh() ? input.zh : input.en});
    if (!rows.empty())
      out += html::table({{std::string(pick("输入", "input"))}}, rows);
  }

  // ---- what to check

  void checks() {
    head("机构应核对什么", "What an institution should check");
    fields(facts.decides, pick("决定结果的字段", "Fields that decide"), true);
    fields(facts.reports, pick("只用于金额和说明的字段", "Fields for amount and message only"),
           false);
    std::vector<std::string> notes;
    for (const Question& each : facts.questions)
      notes.push_back(question(each));
    past(notes);
    for (const ast::Clause& clause : facts.written->clauses)
      if (const auto* unless = std::get_if<ast::Unless>(&clause);
          unless && !unless->exemption.empty())
        notes.push_back(escaped(fmt::format(
            fmt::runtime(pick("不适用的情形：{}", "does not apply to: {}")), unless->exemption)));
    const bool limit = std::ranges::any_of(
        rule.branches, [](const hir::Branch& each) { return each.report.self_paid.has_value(); });
    if (limit)
      notes.emplace_back(
          pick("支付限制：患者全自费的明细不算；记录没有说明时按基金已支付处理",
               "A limit of payment: lines that the patient alone paid for do not count; where "
               "the record does not say, the fund is taken to have paid"));
    else if (rule.even_self_paid)
      notes.emplace_back(
          pick("自费明细同样适用", "Lines that the patient alone paid for count as well"));
    if (rule.region == ast::Region::insured)
      notes.emplace_back(pick("按参保地的知识和参数判断",
                              "Judged by the knowledge and parameters of the insured area"));
    if (!notes.empty())
      items(notes);
  }
  void fields(const std::set<ColumnRef>& columns, std::string_view title, bool decide) {
    if (columns.empty())
      return;
    std::vector<html::Column> head{{std::string(title)},
                                   {std::string(pick("上传字段", "sent as"))},
                                   {std::string(pick("类型", "type"))}};
    if (decide)
      head.push_back({std::string(pick("缺失时", "where it is missing"))});
    std::vector<std::vector<std::string>> rows;
    for (const ColumnRef& each : columns) {
      const schema::Column& column =
          hir::relation(book.program, each.relation).columns[each.column];
      std::string name = path_of(book, each, book.language);
      if (book.zh())
        name += fmt::format("  {}", path_of(book, each, Language::en));
      rows.push_back(
          {name, fmt::format("{}", fmt::join(column.wire, ", ")), type_of(book, column.type)});
      if (decide)
        rows.back().emplace_back(column.optional ? pick("可能无法判定", "may leave it undecided")
                                                 : pick("记录被拒收", "the record is refused"));
    }
    out += html::table(head, rows);
  }
  [[nodiscard]] std::string question(const Question& each) const {
    if (!each.column)
      return escaped(
          fmt::format(fmt::runtime(pick("结算单说不清、要由病历证明的事：{}",
                                        "What no claim says and the record has to show: {}")),
                      each.text));
    return escaped(fmt::format(
        fmt::runtime(
            pick("要由病历证明的事按行写在知识表“{}”的“{}”列，未证明前无法判定",
                 "What the record has to show stands row by row in the table “{}”, column “{}”; "
                 "until then it is undecided")),
        book.of(hir::relation(book.program, each.column->relation).names),
        path_of(book, *each.column, book.language)));
  }
  void past(std::vector<std::string>& notes) const {
    const plan::RuleReach reach = plan::reach_of(book.program, rule);
    if (reach.reach == plan::Reach::population)
      notes.push_back(std::string(pick("事后对送审的全部结算单一起判断",
                                       "Judged over all settlements that are handed in")));
    if (reach.reach != plan::Reach::person)
      return;
    if (reach.days_back)
      notes.push_back(fmt::format(
          fmt::runtime(pick(
              "要看本人此前 {} 天的就诊；不知从何日起齐全时无法判定（known_since）",
              "Looks at the person's visits of {} days before; undecided unless it is known since "
              "when they are complete (known_since)")),
          *reach.days_back));
    else
      notes.push_back(std::string(pick("要看本人的全部就诊", "Looks at all visits of the person")));
  }

  // ---- examples and text

  void examples() {
    head("示例（规则的测试）", "Examples (the rule's tests)");
    if (facts.tests.empty())
      paragraph(std::string(pick("规则没有测试。", "The rule has no test.")));
    for (const std::size_t each : facts.tests)
      out += example(book, book.program.tests[each]);
  }
  void text() {
    head("规则原文", "The rule as written");
    for (const ast::Spelling each :
         {spelling(), book.zh() ? ast::Spelling::en : ast::Spelling::zh}) {
      const bool first = each == spelling();
      std::string printed;
      for (const ast::Decl& decl : facts.file->decls)
        if (const auto* written = std::get_if<ast::Rule>(&decl); written == facts.written)
          printed = ast::print(*facts.file, decl, each);
      out += fmt::format(
          "<details{}><summary>{}</summary><pre>{}</pre></details>\n", first ? " open" : "",
          each == ast::Spelling::zh ? "中文写法" : "English spelling", escaped(printed));
    }
    const source::File& file = book.rules.map.files[rule.span.file];
    const std::filesystem::path path =
        std::filesystem::path(file.path).lexically_relative(book.rules.layers[rule.layer].folder);
    out += fmt::format("<p class=\"note\">{}  {}</p>\n", escaped(engine::label(book.rules)),
                       escaped(path.string()));
  }
};

} // namespace

std::string rule_page(const Book& book, std::size_t number) {
  Teller teller{.book = book, .number = number};
  teller.tags();
  teller.summary();
  teller.looks_at();
  teller.reports();
  teller.law();
  teller.standing();
  teller.params();
  teller.knowledge();
  teller.checks();
  teller.examples();
  teller.text();
  const hir::Rule& rule = book.program.rules[number];
  return html::page(
      {.language = book.language,
       .title = fmt::format("{} {}", rule.id, engine::title_of(rule, book.language)),
       .subtitle = book.zh() ? rule.title_en : rule.title_zh,
       .body = std::move(teller.out),
       .style = std::string(style),
       .nav =
           nav(book, {.up = "../",
                      .here = "rules/" + book.page_names[number],
                      .crumbs = {{std::string(book.pick("规则手册", "Handbook")), "../index.html"},
                                 {rule.id, ""}}})});
}

} // namespace sanku::handbook
