// What became of findings, for people and programs (outcomes.h).
#include "runtime/io/json_text.h"
#include "tools/engine/layout.h"
#include "tools/outcomes/outcomes.h"

#include <fmt/format.h>

namespace sanku::outcomes {
namespace {

using engine::Align;
using engine::count_text;
using engine::Heading;
using engine::money_text;
using engine::Rows;
using engine::words;

constexpr std::size_t most_listed = 20;

const std::vector<Heading> figures = {{"疑点", "findings"},
                                      {"已复核", "reviewed"},
                                      {"成立", "confirmed"},
                                      {"部分成立", "partly"},
                                      {"驳回", "rejected"},
                                      {"准确率", "precision"},
                                      {"95% 区间", "95% interval"},
                                      {"涉及金额(元)", "found (yuan)"},
                                      {"成立金额(元)", "upheld (yuan)"}};

std::string percent(double share) { return fmt::format("{:.1f}%", share * 100); }

std::vector<std::string> cells_of(const Outcome& outcome) {
  const auto share = precision(outcome);
  const auto [low, high] = interval(outcome);
  return {count_text(outcome.findings),
          count_text(reviewed(outcome)),
          count_text(outcome.confirmed),
          count_text(outcome.partly),
          count_text(outcome.rejected),
          share ? percent(*share) : "-",
          share ? percent(low) + "–" + percent(high) : "-",
          money_text(outcome.found),
          money_text(outcome.upheld)};
}

std::string outcomes_text(std::vector<Heading> headings, const Rows& rows, Language language) {
  headings.insert(headings.end(), figures.begin(), figures.end());
  return engine::table_text(headings, rows, language);
}

std::vector<std::string> row_of(std::vector<std::string> names, const Outcome& outcome) {
  for (std::string& cell : cells_of(outcome))
    names.push_back(std::move(cell));
  return names;
}

void put_named(std::string& out, const Heading& heading,
               const std::map<std::string, Outcome>& outcomes, Language language) {
  Rows rows;
  for (const auto& [name, outcome] : outcomes)
    rows.push_back(
        row_of({name.empty() ? std::string(words(language, "未知", "not known")) : name}, outcome));
  out += '\n';
  out += outcomes_text({heading}, rows, language);
}

void put_list(std::string& out, std::string_view head, const std::set<std::string>& findings,
              Language language) {
  if (findings.empty())
    return;
  out += fmt::format("\n  {} {}\n", head, findings.size());
  std::size_t listed = 0;
  for (const std::string& each : findings) {
    if (++listed > most_listed) {
      out += words(language, "    …\n", "    …\n");
      break;
    }
    out += "    " + each + "\n";
  }
}

void put_demotions(std::string& out, const std::vector<Demotion>& all, Language language) {
  const bool zh = language == Language::zh;
  if (all.empty()) {
    out += words(language, "\n  没有规则低于其准确率要求\n",
                 "\n  no rule falls below the precision that its policy asks for\n");
    return;
  }
  out += words(language, "\n  建议由“明确违规”降为“可疑”：\n",
               "\n  to be demoted from violation to suspected:\n");
  for (const Demotion& each : all) {
    const auto [low, high] = interval(each.outcome);
    out += zh ? fmt::format("    {} {}：准确率 {} 低于要求的 {}（复核 {} 条，区间 {}–{}{}）\n",
                            each.rule, each.name, percent(*precision(each.outcome)),
                            percent(each.demand.precision), reviewed(each.outcome), percent(low),
                            percent(high), each.sure ? "" : "，复核数尚少")
              : fmt::format("    {} {}: precision {} is below {} ({} reviewed, interval {}–{}{})\n",
                            each.rule, each.name, percent(*precision(each.outcome)),
                            percent(each.demand.precision), reviewed(each.outcome), percent(low),
                            percent(high), each.sure ? "" : ", still few");
  }
}

// ---- JSON

std::string in_quotes(std::string_view text) {
  std::string out;
  io::append_json_string(out, text);
  return out;
}

std::string outcome_json(const Outcome& outcome) {
  const auto share = precision(outcome);
  const auto [low, high] = interval(outcome);
  return fmt::format(
      R"("findings":{},"reviewed":{},"confirmed":{},"partly":{},"rejected":{},"precision":{},)"
      R"("interval":{},"amount":"{}","upheld":"{}")",
      outcome.findings, reviewed(outcome), outcome.confirmed, outcome.partly, outcome.rejected,
      share ? fmt::format("{:.4f}", *share) : "null",
      share ? fmt::format("[{:.4f},{:.4f}]", low, high) : "null", decimal_text(outcome.found, 2, 2),
      decimal_text(outcome.upheld, 2, 2));
}

std::string named_json(std::string_view member, const std::map<std::string, Outcome>& outcomes) {
  std::string out = "[";
  for (const auto& [name, outcome] : outcomes)
    out += fmt::format("{}{{\"{}\":{},{}}}", out.size() == 1 ? "" : ",", member,
                       name.empty() ? "null" : in_quotes(name), outcome_json(outcome));
  return out + "]";
}

std::string list_json(const std::set<std::string>& findings) {
  std::string out = "[";
  for (const std::string& each : findings)
    out += (out.size() == 1 ? "" : ",") + in_quotes(each);
  return out + "]";
}

} // namespace

std::string report_text(const Told& told, Language language) {
  const Outcomes& outcomes = told.outcomes;
  std::string out =
      language == Language::zh
          ? fmt::format("  结论：新增 {} 条，重复 {} 条，被后来的取代 {} 条，拒收 {} 条\n\n",
                        told.added, told.repeated, told.superseded, told.rejected)
          : fmt::format("  verdicts: {} added, {} there already, {} superseded, {} refused\n\n",
                        told.added, told.repeated, told.superseded, told.rejected);
  Rows rows;
  for (const auto& [id, rule] : outcomes.rules)
    rows.push_back(row_of({id, engine::fitted(rule.name, 30)}, rule.all));
  rows.push_back(row_of({std::string(words(language, "合计", "total")), ""}, outcomes.all));
  out +=
      outcomes_text({{"规则", "rule", Align::left}, {"名称", "name", Align::left}}, rows, language);
  Rows versions;
  for (const auto& [id, rule] : outcomes.rules)
    for (const auto& [pack, outcome] : rule.packs)
      if (rule.packs.size() > 1)
        versions.push_back(row_of({id, pack}, outcome));
  put_named(out, {"规则包版本", "version", Align::left}, outcomes.packs, language);
  if (!versions.empty()) {
    out += '\n';
    out += outcomes_text({{"规则", "rule", Align::left}, {"规则包版本", "version", Align::left}},
                         versions, language);
  }
  put_named(out, {"地区", "place", Align::left}, outcomes.regions, language);
  put_list(out,
           words(language, "没有对应疑点的结论：", "verdicts on findings that no run reported:"),
           outcomes.unknown, language);
  put_list(out, words(language, "成立金额多于疑点金额：", "more upheld than the finding says:"),
           outcomes.above, language);
  put_demotions(out, demotions(outcomes, told.policy), language);
  return out;
}

std::string report_json(const Told& told) {
  const Outcomes& outcomes = told.outcomes;
  std::string out = fmt::format(
      "{{\"verdicts\":{{\"added\":{},\"repeated\":{},\"superseded\":{},\"refused\":{}}},\n"
      "\"total\":{{{}}},\n\"rules\":[",
      told.added, told.repeated, told.superseded, told.rejected, outcome_json(outcomes.all));
  bool first = true;
  for (const auto& [id, rule] : outcomes.rules) {
    const Demand& demand = demand_of(told.policy, id);
    out += fmt::format("{}\n{{\"rule\":{},\"name\":{},\"violation\":{},{},\"policy\":{{"
                       "\"precision\":{:.4f},\"least\":{}}},\"versions\":{},\"regions\":{}}}",
                       std::exchange(first, false) ? "" : ",", in_quotes(id), in_quotes(rule.name),
                       rule.violation, outcome_json(rule.all), demand.precision, demand.least,
                       named_json("pack", rule.packs), named_json("region", rule.regions));
  }
  out += "],\n\"versions\":" + named_json("pack", outcomes.packs) +
         ",\n\"regions\":" + named_json("region", outcomes.regions) +
         ",\n\"unknown\":" + list_json(outcomes.unknown) +
         ",\n\"above\":" + list_json(outcomes.above) + ",\n\"demote\":[";
  first = true;
  for (const Demotion& each : demotions(outcomes, told.policy))
    out += fmt::format("{}{{\"rule\":{},\"from\":\"violation\",\"to\":\"suspected\","
                       "\"precision\":{:.4f},\"policy\":{:.4f},\"reviewed\":{},\"sure\":{}}}",
                       std::exchange(first, false) ? "" : ",", in_quotes(each.rule),
                       *precision(each.outcome), each.demand.precision, reviewed(each.outcome),
                       each.sure);
  return out + "]}\n";
}

} // namespace sanku::outcomes
