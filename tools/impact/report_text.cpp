// The comparison as tables for a terminal (report.h).
#include "tools/engine/layout.h"
#include "tools/impact/report.h"

#include <fmt/format.h>

namespace sanku::impact {
namespace {

using engine::Align;
using engine::count_text;
using engine::Heading;
using engine::money_text;
using engine::Rows;
using engine::table_text;
using engine::words;

constexpr std::size_t most_institutions = 20, most_regions = 40;

const std::vector<Heading> differences = {{"原", "before"},      {"新", "after"},
                                          {"增加", "added"},     {"减少", "removed"},
                                          {"改变", "changed"},   {"涉及金额(元)", "amount (yuan)"},
                                          {"差额", "difference"}};

std::vector<std::string> cells_of(const Tally& tally) {
  return {count_text(tally.before.findings),
          count_text(tally.after.findings),
          count_text(tally.added.findings),
          count_text(tally.removed.findings),
          count_text(tally.changed_before.findings),
          money_text(tally.after.cents),
          more_text(money_gained(tally))};
}

void put_named(std::string& out, const Heading& what, const Ranked& ranked, Language language,
               const std::map<std::string, std::string, std::less<>>* names = nullptr) {
  if (ranked.rows.empty())
    return;
  std::vector<Heading> headings{what};
  headings.insert(headings.end(), differences.begin(), differences.end());
  Rows rows;
  for (const auto& [name, tally] : ranked.rows) {
    std::string shown = name.empty() ? std::string(words(language, "未知", "not known")) : name;
    if (const auto found = names ? names->find(name) : decltype(names->find(name)){};
        names && found != names->end())
      shown += " " + engine::fitted(found->second, 24);
    std::vector<std::string> row{shown};
    for (std::string& cell : cells_of(*tally))
      row.push_back(std::move(cell));
    rows.push_back(std::move(row));
  }
  out += '\n';
  out += table_text(headings, rows, language);
  if (ranked.left_out != 0)
    out += language == Language::zh ? fmt::format("  另有 {} 个\n", ranked.left_out)
                                    : fmt::format("  and {} more\n", ranked.left_out);
}

std::string head_text(const Impact& impact, Language language) {
  const engine::RunSummary& summary = impact.summary;
  const std::vector<std::size_t> states = states_of(impact);
  std::string out = fmt::format("  {} → {}\n", impact.joined.labels[0], impact.joined.labels[1]);
  out +=
      language == Language::zh
          ? fmt::format("  结算单 {} 张，明细 {} 条，拒收 {} 条\n", count_text(summary.settlements),
                        count_text(summary.lines), count_text(summary.account.rejected))
          : fmt::format("  {} settlements, {} lines, {} records rejected\n",
                        count_text(summary.settlements), count_text(summary.lines),
                        count_text(summary.account.rejected));
  out += language == Language::zh ? "  规则：" : "  rules: ";
  for (std::size_t i = 0; i < states.size(); ++i)
    out += fmt::format("{}{} {}",
                       i == 0                     ? ""
                       : language == Language::zh ? "，"
                                                  : ", ",
                       state_text(static_cast<State>(i), language), states[i]);
  out += '\n';
  if (impact.apart)
    out += words(language, "  两者结构不同，各自读入和审核\n",
                 "  their schemas differ, so each read and judged the claims by itself\n");
  return out;
}

void put_total(std::string& out, const Tally& all, Language language) {
  const auto row = [&](std::string_view zh, std::string_view en, const Sum& sum) {
    return std::vector<std::string>{std::string(words(language, zh, en)), count_text(sum.findings),
                                    count_text(sum.lines), money_text(sum.cents),
                                    money_text(sum.recoverable)};
  };
  out += table_text({{"", "", Align::left},
                     {"疑点", "findings"},
                     {"明细", "lines"},
                     {"涉及金额(元)", "amount (yuan)"},
                     {"可追回(元)", "recoverable"}},
                    {row("原规则包", "before", all.before), row("新规则包", "after", all.after),
                     row("增加", "added", all.added), row("减少", "removed", all.removed),
                     row("改变，原", "changed, before", all.changed_before),
                     row("改变，新", "changed, after", all.changed_after)},
                    language);
}

void put_rules(std::string& out, const Impact& impact, Language language) {
  std::vector<Heading> headings{{"规则", "rule", Align::left}, {"名称", "name", Align::left}};
  headings.insert(headings.end(), differences.begin(), differences.end());
  headings.push_back({"规则变化", "the rule", Align::left});
  Rows rows;
  for (std::size_t i = 0; i < impact.joined.changes.size(); ++i) {
    const RuleChange& change = impact.joined.changes[i];
    const Tally& tally = impact.counter.tallies().rules[i];
    if (change.state == State::untouched && !differs(tally))
      continue;
    std::vector<std::string> row{id_text(change, language),
                                 engine::fitted(title_of(change, language), 30)};
    for (std::string& cell : cells_of(tally))
      row.push_back(std::move(cell));
    const std::string why = why_text(change, language);
    row.push_back(std::string(state_text(change.state, language)) + (why.empty() ? ""
                                                                     : language == Language::zh
                                                                         ? "：" + why
                                                                         : ": " + why));
    rows.push_back(std::move(row));
  }
  if (rows.empty())
    return;
  out += '\n';
  out += table_text(headings, rows, language);
}

} // namespace

std::string text(const Impact& impact, Language language) {
  const Tallies& tallies = impact.counter.tallies();
  std::string out = head_text(impact, language) + '\n';
  put_total(out, tallies.all, language);
  if (differs(tallies.all)) {
    std::string what;
    for (std::size_t i = 0; i < what_count; ++i)
      if (tallies.all.what[i] != 0)
        what +=
            fmt::format("{}{} {}", what.empty() ? "" : ", ",
                        what_text(static_cast<What>(i), language), count_text(tallies.all.what[i]));
    if (!what.empty())
      out += fmt::format("\n  {}{}\n", words(language, "改变的内容：", "what changed: "), what);
  } else {
    out += words(language, "\n  疑点没有差别\n", "\n  the findings are the same\n");
  }
  put_rules(out, impact, language);
  put_named(out, {"就医地区", "place of care", Align::left}, ranked(tallies.regions, most_regions),
            language);
  put_named(out, {"机构", "institution", Align::left},
            ranked(tallies.institutions, most_institutions), language, &tallies.names);
  put_named(out, {"月份", "month", Align::left}, in_order(tallies.months), language);
  return out;
}

} // namespace sanku::impact
