// See coverage_html.h.
#include "tools/measure/coverage_html.h"

#include "tools/engine/layout.h"
#include "tools/html/page.h"
#include "tools/measure/coverage_text.h"
#include "tools/measure/lines.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::measure {
namespace {

using engine::words;
using html::escaped;

constexpr std::string_view style = R"(
.src{border:1px solid var(--line);border-radius:6px;overflow-x:auto;margin:10px 0 24px}
.src table{font:13px/1.6 "Sarasa Mono SC","Noto Sans Mono CJK SC","Source Han Mono SC",ui-monospace,"SFMono-Regular","Noto Sans Mono",Menlo,Consolas,monospace}
.src td{border:0;padding:0 10px;white-space:pre}
.src td.n{color:#98a2ae;width:1%;user-select:none}
.src tr.full td.n{background:#e3f3e8;color:var(--good)}
.src tr.part td.n{background:#fdf1d6;color:#8a5a00}
.src tr.none td.n{background:#fbe3e1;color:var(--bad)}
.src b{font-weight:inherit;border-radius:2px}
.src b.full{background:#e3f3e8}.src b.part{background:#fdf1d6}.src b.none{background:#fbe3e1}
.src .miss{font:12.5px/1.6 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;color:#8a5a00;white-space:normal}
.meter{display:inline-block;width:120px;height:9px;border-radius:5px;background:#fbe3e1;overflow:hidden;vertical-align:middle}
.meter i{display:block;height:100%;background:#4c9f70}
td.short{white-space:nowrap}
td.short a{color:var(--accent);text-decoration:none}
)";

std::string_view class_of(const Tally& tally) {
  return tally.reached == tally.all ? "full" : tally.reached == 0 ? "none" : "part";
}

struct Writer {
  const Rules& rules;
  const Coverage& coverage;
  Language language;
  std::vector<FileCover> files;
  std::string body = {};

  std::string_view pick(std::string_view zh, std::string_view en) const {
    return words(language, zh, en);
  }
  std::string meter(const Tally& tally) const {
    const std::uint32_t share = per_cent(tally);
    return fmt::format("<span class=\"meter\"><i style=\"width:{}.{:02}%\"></i></span>",
                       share / 100, share % 100);
  }
  std::string cells(const Tally& tally) const {
    return fmt::format("<td class=\"n\">{}</td><td class=\"n\">{} / {}</td><td>{}</td>",
                       per_cent_text(per_cent(tally)), engine::count_text(tally.reached),
                       engine::count_text(tally.all), meter(tally));
  }
  std::string head(std::initializer_list<std::string_view> names) const {
    std::string out = "<div class=\"wide\"><table><thead><tr>";
    for (const std::string_view name : names)
      out += fmt::format("<th{}>{}</th>", name.starts_with('#') ? " class=\"n\"" : "",
                         escaped(name.starts_with('#') ? name.substr(1) : name));
    return out + "</tr></thead><tbody>\n";
  }

  void measures() {
    body += fmt::format("<h2>{}</h2>\n", pick("度量", "Measures"));
    body +=
        head({pick("度量", "measure"), pick("#比例", "#share"), pick("#达到", "#reached"), "", ""});
    for (std::size_t i = 0; i < measure_count; ++i) {
      const auto measure = static_cast<Measure>(i);
      if (coverage.tallies[i].all == 0)
        continue;
      body += fmt::format("<tr><td>{}</td>{}<td class=\"quiet\">{}</td></tr>\n",
                          words(language, words_of(measure).zh, words_of(measure).en),
                          cells(coverage.tallies[i]),
                          counts(measure) ? "" : pick("不计入合计", "not in the whole"));
    }
    body += "</tbody></table></div>\n";
  }

  std::string anchor(source::Span span) const {
    return fmt::format("f{}l{}", span.file,
                       source::place_of(rules.map, span.file, span.begin).line);
  }

  void rule_table() {
    body += fmt::format("<h2>{}</h2>\n", pick("规则", "Rules"));
    body += head({pick("规则", "rule"), pick("名称", "title"), pick("#测试", "#tests"),
                  pick("#触发", "#fired"), pick("#未触发", "#clear"),
                  pick("#不适用", "#not applicable"), pick("#无法判定", "#indeterminate"),
                  pick("#目标", "#goals"), ""});
    std::map<std::uint32_t, Tally> tallies;
    for (const Goal& goal : coverage.goals)
      if (goal.rule && counts(goal.measure)) {
        ++tallies[*goal.rule].all;
        tallies[*goal.rule].reached += goal.reached;
      }
    for (const RuleCover& cover : coverage.rules) {
      const hir::Rule& rule = engine::program(rules).rules[cover.rule];
      const Tally& tally = tallies[cover.rule];
      body += fmt::format(
          "<tr><td class=\"short\"><a href=\"#{}\">{}</a></td><td>{}</td><td class=\"n\">{}</td>"
          "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
          "<td class=\"n\">{}</td><td class=\"n\">{} / {}</td><td>{}</td></tr>\n",
          anchor(written(rules, rule).id.span), escaped(rule.id),
          escaped(words(language, rule.title_zh, rule.title_en)), cover.tests.size(), cover.fired,
          cover.clear, cover.not_applicable, cover.indeterminate, tally.reached, tally.all,
          meter(tally));
    }
    body += "</tbody></table></div>\n";
  }

  void shares() {
    if (coverage.shares.empty())
      return;
    body += fmt::format("<h2>{}</h2>\n", pick("知识表与模型", "Tables and models"));
    body += head({pick("名称", "name"), pick("#比例", "#share"), pick("#达到", "#reached"), "",
                  pick("#测试另给的行", "#rows given by tests")});
    for (const Share& share : coverage.shares)
      body += fmt::format("<tr><td>{}</td>{}<td class=\"n\">{}</td></tr>\n",
                          escaped(language == Language::zh ? share.names.zh : share.names.en),
                          cells({.all = share.all, .reached = share.reached}),
                          engine::count_text(share.given));
    body += "</tbody></table></div>\n";
  }

  // ---- sources

  // A line's text with its conditions marked; narrower ones stand out of wider ones.
  std::string marked(std::uint32_t file, std::uint32_t line,
                     const std::vector<std::pair<source::Span, Tally>>& spans) const {
    const source::File& source = rules.map.files[file];
    const std::uint32_t begin = source.line_starts[line - 1];
    const std::string_view text = source::line_text(rules.map, file, line);
    std::vector<std::string_view> classes(text.size());
    for (const auto& [span, tally] : spans)
      for (std::uint32_t at = std::max(span.begin, begin);
           at < std::min<std::size_t>(span.end, begin + text.size()); ++at)
        classes[at - begin] = class_of(tally);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = at + 1;
      while (end < text.size() && classes[end] == classes[at])
        ++end;
      const std::string part = escaped(text.substr(at, end - at));
      out += classes[at].empty() ? part : fmt::format("<b class=\"{}\">{}</b>", classes[at], part);
      at = end;
    }
    return out;
  }

  // Of the conditions and outcomes that begin or go on in the file, wider ones first.
  std::vector<std::pair<source::Span, Tally>> spans_of(std::uint32_t file) const {
    std::map<std::pair<std::uint32_t, std::uint32_t>, Tally> found;
    for (const Goal& goal : coverage.goals)
      if (goal.span.file == file && goal.measure == Measure::conditions) {
        Tally& tally = found[{goal.span.begin, goal.span.end}];
        ++tally.all;
        tally.reached += goal.reached;
      }
    std::vector<std::pair<source::Span, Tally>> spans;
    for (const auto& [span, tally] : found)
      spans.emplace_back(source::Span{file, span.first, span.second}, tally);
    std::ranges::stable_sort(spans, std::greater(),
                             [](const auto& each) { return each.first.end - each.first.begin; });
    return spans;
  }

  std::string missed(const LineCover& line) const {
    std::string out;
    for (const Goal* goal : line.goals) {
      if (goal->reached)
        continue;
      out += fmt::format("{}{} <b class=\"none\">{}</b>{}{}", out.empty() ? "✗ " : "<br>✗ ",
                         words(language, words_of(goal->measure).zh, words_of(goal->measure).en),
                         escaped(words(language, goal->zh, goal->en)), pick("：", ": "),
                         words(language, goal->way_zh, goal->way_en));
      if (goal->measure == Measure::conditions && goal->tests > 0)
        out += fmt::format(fmt::runtime(pick("（{} 项测试中如此，未起决定作用）",
                                             " (so in {} tests, deciding in none)")),
                           goal->tests);
    }
    return out;
  }

  void source_of(const FileCover& file) {
    const source::File& source = rules.map.files[file.file];
    body += fmt::format("<h3>{} <span class=\"quiet\">{}</span></h3>\n<div class=\"src\"><table>\n",
                        escaped(source.path), per_cent_text(per_cent(file.branch)));
    const auto spans = spans_of(file.file);
    for (std::uint32_t line = 1; line <= source.line_starts.size(); ++line) {
      const auto found = file.lines.find(line);
      Tally tally;
      if (found != file.lines.end())
        for (const Goal* goal : found->second.goals) {
          ++tally.all;
          tally.reached += goal->reached;
        }
      const bool shown = tally.all > 0;
      body += fmt::format("<tr id=\"f{}l{}\"{}><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}"
                          "</td></tr>\n",
                          file.file, line,
                          shown ? fmt::format(" class=\"{}\"", class_of(tally)) : std::string(),
                          line, shown ? fmt::format("{}/{}", tally.reached, tally.all) : "",
                          marked(file.file, line, spans));
      if (shown && tally.reached < tally.all)
        body += fmt::format("<tr><td class=\"n\"></td><td class=\"n\"></td><td class=\"miss\">{}"
                            "</td></tr>\n",
                            missed(found->second));
    }
    body += "</table></div>\n";
  }
};

html::Fact fact_of(std::string_view name, const Tally& tally) {
  const std::uint32_t share = per_cent(tally);
  return {.name = std::string(name),
          .value = per_cent_text(share),
          .hint = fmt::format("{} / {}", engine::count_text(tally.reached),
                              engine::count_text(tally.all)),
          .tone = share >= 8'500  ? "good"
                  : share < 6'000 ? "bad"
                                  : ""};
}

} // namespace

std::string coverage_html(const Rules& rules, const Coverage& coverage, Language language) {
  Writer writer{.rules = rules,
                .coverage = coverage,
                .language = language,
                .files = files_of(rules, coverage)};
  writer.measures();
  writer.rule_table();
  writer.shares();
  writer.body += fmt::format(
      "<h2>{}</h2>\n<p class=\"note\">{}</p>\n", writer.pick("源文", "Sources"),
      writer.pick("行首两栏为行号与该行达到的目标数。绿：全部达到；黄：部分；红：无。条件两向都起过"
                  "决定作用才算全部达到。",
                  "Before each line its number and the goals reached on it. Green: all; yellow: "
                  "some; red: none. A condition is whole when it has decided both ways."));
  for (const FileCover& file : writer.files)
    writer.source_of(file);
  html::Page page{.language = language,
                  .title = std::string(writer.pick("测试覆盖", "Test coverage")),
                  .subtitle = engine::label(rules),
                  .body = std::move(writer.body),
                  .style = std::string(style)};
  page.facts.push_back(fact_of(writer.pick("合计", "Whole"), coverage.whole));
  for (const Measure measure : {Measure::outcomes, Measure::branches, Measure::conditions})
    page.facts.push_back(fact_of(words(language, words_of(measure).zh, words_of(measure).en),
                                 coverage.tallies[static_cast<std::size_t>(measure)]));
  return html::page(page);
}

} // namespace sanku::measure
