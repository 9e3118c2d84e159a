// The comparison as one page of HTML (report.h): figures, charts by rule, month, institution and
// place, what differs in the packs, and the differences that move the most money.
#include "tools/engine/describe.h"
#include "tools/engine/layout.h"
#include "tools/html/chart.h"
#include "tools/html/page.h"
#include "tools/impact/report.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::impact {
namespace {

using engine::count_text;
using engine::money_text;
using engine::words;
using html::escaped;

constexpr std::size_t most_bars = 15, most_rows = 200;

std::int64_t fitting(Int128 number) {
  return static_cast<std::int64_t>(std::clamp<Int128>(number, 0, INT64_MAX));
}

// 123.4 万, 1.2 M: money beside a bar.
std::string short_money(Int128 cents, Language language) {
  const double yuan = static_cast<double>(cents) / 100;
  if (language == Language::zh)
    return yuan >= 1e8   ? fmt::format("{:.2f} 亿", yuan / 1e8)
           : yuan >= 1e4 ? fmt::format("{:.1f} 万", yuan / 1e4)
                         : money_text(cents);
  return yuan >= 1e6   ? fmt::format("{:.2f} M", yuan / 1e6)
         : yuan >= 1e4 ? fmt::format("{:.1f} k", yuan / 1e3)
                       : money_text(cents);
}

struct PageWriter {
  const Impact& impact;
  Language language;
  const Tallies& tallies = impact.counter.tallies();
  std::string body = {};

  [[nodiscard]] std::string say(std::string_view zh, std::string_view en) const {
    return std::string(words(language, zh, en));
  }
  void heading(std::string_view zh, std::string_view en) {
    body += fmt::format("<h2>{}</h2>\n", escaped(say(zh, en)));
  }

  [[nodiscard]] html::Difference by_count(std::string name, std::string hint,
                                          const Tally& tally) const {
    return {.name = std::move(name),
            .hint = std::move(hint),
            .up = static_cast<std::int64_t>(tally.added.findings),
            .down = static_cast<std::int64_t>(tally.removed.findings),
            .up_text = count_text(tally.added.findings),
            .down_text = count_text(tally.removed.findings),
            .note = tally.changed_before.findings == 0
                        ? std::string()
                        : say("改变 ", "changed ") + count_text(tally.changed_before.findings)};
  }
  // What came and what went, changed findings by what they have more or less.
  [[nodiscard]] html::Difference by_money(std::string name, std::string hint,
                                          const Tally& tally) const {
    const Int128 change = tally.changed_after.cents - tally.changed_before.cents;
    const Int128 up = tally.added.cents + std::max<Int128>(change, 0),
                 down = tally.removed.cents + std::max<Int128>(-change, 0);
    return {.name = std::move(name),
            .hint = std::move(hint),
            .up = fitting(up),
            .down = fitting(down),
            .up_text = short_money(up, language),
            .down_text = short_money(down, language)};
  }

  // Two charts side by side of the same rows.
  void bars(const std::vector<std::array<html::Difference, 2>>& rows, std::string_view zh,
            std::string_view en) {
    html::DifferenceChart count{.caption = say(zh, en) + say("：疑点数", ": findings"),
                                .up_name = say("增加", "added"),
                                .down_name = say("减少", "removed"),
                                .rows = {}};
    html::DifferenceChart money{.caption = say(zh, en) + say("：涉及金额（元）", ": amount (yuan)"),
                                .up_name = say("增加", "more"),
                                .down_name = say("减少", "less"),
                                .rows = {}};
    for (const auto& [of_count, of_money] : rows) {
      count.rows.push_back(of_count);
      money.rows.push_back(of_money);
    }
    body += "<div class=\"pair\">\n" + html::difference_bars(count) + html::difference_bars(money) +
            "</div>\n";
  }

  [[nodiscard]] std::vector<html::Fact> facts() const {
    const Tally& all = tallies.all;
    const auto fact = [&](std::string name, const Sum& sum, std::string_view tone) {
      return html::Fact{.name = std::move(name),
                        .value = count_text(sum.findings),
                        .hint = money_text(sum.cents) + say(" 元，", " yuan, ") +
                                count_text(sum.lines) + say(" 条明细", " lines"),
                        .tone = tone};
    };
    return {fact(say("原规则包的疑点", "findings before"), all.before, ""),
            fact(say("新规则包的疑点", "findings after"), all.after, ""),
            fact(say("增加", "added"), all.added, ""),
            fact(say("减少", "removed"), all.removed, ""),
            html::Fact{.name = say("改变", "changed"),
                       .value = count_text(all.changed_before.findings),
                       .hint = say("金额 ", "amount ") +
                               more_text(all.changed_after.cents - all.changed_before.cents)},
            html::Fact{.name = say("可追回", "recoverable"),
                       .value = more_text(all.after.recoverable - all.before.recoverable),
                       .hint = money_text(all.before.recoverable) + " → " +
                               money_text(all.after.recoverable)}};
  }

  [[nodiscard]] std::vector<html::Column> tally_columns() const {
    return {{say("原", "before"), true},      {say("新", "after"), true},
            {say("增加", "added"), true},     {say("减少", "removed"), true},
            {say("改变", "changed"), true},   {say("涉及金额（元）", "amount (yuan)"), true},
            {say("差额", "difference"), true}};
  }
  static std::vector<std::string> tally_cells(const Tally& tally) {
    return {count_text(tally.before.findings),
            count_text(tally.after.findings),
            count_text(tally.added.findings),
            count_text(tally.removed.findings),
            count_text(tally.changed_before.findings),
            money_text(tally.after.cents),
            more_text(money_gained(tally))};
  }

  void rules() {
    heading("按规则", "By rule");
    ByName by_rule;
    std::map<std::string, const RuleChange*> by_id;
    std::vector<html::Column> columns{{say("规则", "rule")}, {say("名称", "name")}};
    for (const html::Column& each : tally_columns())
      columns.push_back(each);
    columns.push_back({say("规则变化", "the rule")});
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < impact.joined.changes.size(); ++i) {
      const RuleChange& change = impact.joined.changes[i];
      by_rule.emplace(change.id, tallies.rules[i]);
      by_id.emplace(change.id, &change);
      if (change.state == State::untouched && !differs(tallies.rules[i]))
        continue;
      std::vector<std::string> row{id_text(change, language), title_of(change, language)};
      for (std::string& cell : tally_cells(tallies.rules[i]))
        row.push_back(std::move(cell));
      const std::string why = why_text(change, language);
      row.push_back(std::string(state_text(change.state, language)) +
                    (why.empty() ? "" : say("：", ": ") + why));
      rows.push_back(std::move(row));
    }
    std::vector<std::array<html::Difference, 2>> charted;
    for (const auto& [id, tally] : ranked(by_rule, most_bars).rows) {
      const std::string& title = title_of(*by_id.at(id), language);
      const std::string name = title.empty() ? id : title;
      charted.push_back(
          {by_count(name, id + " " + title, *tally), by_money(name, id + " " + title, *tally)});
    }
    if (!charted.empty())
      bars(charted, "规则", "rules");
    body += rows.empty()
                ? fmt::format("<p>{}</p>\n", escaped(say("没有规则有变化。", "No rule differs.")))
                : html::table(columns, rows);
  }

  void named(std::string_view zh, std::string_view en, const Ranked& shown, bool institutions) {
    if (shown.rows.empty())
      return;
    heading(zh, en);
    std::vector<std::array<html::Difference, 2>> charted;
    std::vector<html::Column> columns{
        {institutions ? say("机构", "institution") : say("地区", "place")}};
    if (institutions)
      columns.push_back({say("名称", "name")});
    for (const html::Column& each : tally_columns())
      columns.push_back(each);
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, tally] : shown.rows) {
      const auto found = tallies.names.find(name);
      const std::string title =
          institutions && found != tallies.names.end() ? found->second : std::string();
      const std::string id = name.empty() ? say("未知", "not known") : name;
      if (charted.size() < most_bars)
        charted.push_back({by_count(title.empty() ? id : title, id + " " + title, *tally),
                           by_money(title.empty() ? id : title, id + " " + title, *tally)});
      std::vector<std::string> row{id};
      if (institutions)
        row.push_back(title);
      for (std::string& cell : tally_cells(*tally))
        row.push_back(std::move(cell));
      rows.push_back(std::move(row));
    }
    bars(charted, zh, en);
    body += fmt::format("<details><summary>{}</summary>\n{}{}</details>\n",
                        escaped(say("全部数字", "all figures")), html::table(columns, rows),
                        shown.left_out == 0
                            ? std::string()
                            : fmt::format("<p class=\"note\">{} {}</p>",
                                          escaped(say("未列出：", "not listed:")), shown.left_out));
  }

  void months() {
    const Ranked shown = in_order(tallies.months);
    if (shown.rows.empty())
      return;
    heading("按月份", "By month");
    html::DifferenceChart chart{.caption = say("疑点数", "findings"),
                                .up_name = say("增加", "added"),
                                .down_name = say("减少", "removed"),
                                .rows = {}};
    for (const auto& [name, tally] : shown.rows)
      chart.rows.push_back(by_count(name.empty() ? say("未知", "not known") : name, {}, *tally));
    body += html::difference_columns(chart);
  }

  void packs() {
    const Joined& joined = impact.joined;
    if (joined.tables.empty() && joined.models.empty() && joined.params.empty())
      return;
    heading("知识、模型和参数", "Tables, models and parameters");
    std::vector<std::vector<std::string>> rows;
    const auto state = [&](State each) { return std::string(state_text(each, language)); };
    for (const DataChange& each : joined.tables)
      rows.push_back({say("知识表", "table"), each.name, state(each.state),
                      fmt::format("+{} −{} {}", count_text(each.rows_added),
                                  count_text(each.rows_removed), say("行", "rows"))});
    for (const DataChange& each : joined.models)
      rows.push_back({say("模型", "model"), each.name, state(each.state), ""});
    for (const ParamChange& each : joined.params)
      rows.push_back({say("参数", "parameter"), each.name,
                      state(each.before.empty()  ? State::added
                            : each.after.empty() ? State::removed
                                                 : State::changed),
                      fmt::format("{} → {}", each.before.empty() ? "–" : each.before,
                                  each.after.empty() ? "–" : each.after)});
    body += html::table(
        {{say("种类", "what")}, {say("名称", "name")}, {say("变化", "change")}, {""}}, rows);
  }

  // With what can be had back where that is what differs.
  [[nodiscard]] std::string side(const std::optional<Told>& told, bool recoverable) const {
    if (!told)
      return "–";
    if (recoverable)
      return say("可追回 ", "recoverable ") +
             (told->recoverable ? money_text(*told->recoverable) : "–");
    return std::string(engine::severity_text(told->severity, language)) + " " +
           (told->cents ? money_text(*told->cents) : say("待核", "open")) +
           (told->trial ? say(" 试运行", " trial") : "");
  }

  void largest() {
    const std::vector<Example>& all = impact.counter.examples().all();
    if (all.empty())
      return;
    heading("金额最大的差别", "The differences that move the most money");
    std::vector<std::vector<std::string>> rows;
    for (const Example& each : all) {
      const Told& shown = each.after ? *each.after : *each.before;
      std::string what = !each.before ? say("增加", "added") : say("减少", "removed");
      bool recoverable = false;
      if (each.before && each.after) {
        what.clear();
        const std::vector<What> differing = what_differs(*each.before, *each.after);
        recoverable = differing == std::vector{What::recoverable};
        for (const What one : differing)
          what += (what.empty() ? "" : say("、", ", ")) + what_text(one, language);
      }
      rows.push_back({shown.rule, shown.settlement.empty() ? shown.visit : shown.settlement,
                      shown.place.institution, what, side(each.before, recoverable),
                      side(each.after, recoverable), shown.message});
      if (rows.size() == most_rows)
        break;
    }
    body += html::table({{say("规则", "rule")},
                         {say("结算单", "settlement")},
                         {say("机构", "institution")},
                         {say("差别", "difference")},
                         {say("原", "before"), true},
                         {say("新", "after"), true},
                         {say("说明", "message")}},
                        rows);
  }

  void about() {
    const std::vector<std::size_t> states = states_of(impact);
    std::string text;
    for (std::size_t i = 0; i < states.size(); ++i)
      text += fmt::format("{}{} {}", i == 0 ? "" : say("，", ", "),
                          state_text(static_cast<State>(i), language), states[i]);
    body += fmt::format(
        "<p class=\"note\">{}</p>\n",
        escaped(
            say("规则：", "Rules: ") + text + say("。", ". ") +
            (impact.apart
                 ? say("两者的结算单结构不同，各自读入和审核。",
                       "The packs' schemas differ, so each read and judged the claims by itself.")
                 : say("未变的规则经比对其条件、知识和模型确认，只审核一次；可追回金额在两侧分别计"
                       "算。",
                       "Rules that are the same, by their conditions, tables and models, were "
                       "judged once; what can be had back was worked out for each side."))));
  }
};

} // namespace

std::string page(const Impact& impact, Language language) {
  PageWriter writer{.impact = impact, .language = language};
  writer.about();
  writer.rules();
  writer.months();
  writer.named("按机构", "By institution", ranked(writer.tallies.institutions, most_rows), true);
  writer.named("按就医地区", "By place of care", ranked(writer.tallies.regions, most_rows), false);
  writer.packs();
  writer.largest();
  return html::page(
      {.language = language,
       .title = std::string(words(language, "规则包替换的影响", "What replacing the pack changes")),
       .subtitle = fmt::format("{} → {}{}{}{}", impact.joined.labels[0], impact.joined.labels[1],
                               words(language, "；", "; "), count_text(impact.summary.settlements),
                               words(language, " 张结算单", " settlements")),
       .facts = writer.facts(),
       .body = std::move(writer.body)});
}

} // namespace sanku::impact
