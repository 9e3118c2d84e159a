// What the reports share: words, and which rows come first (report.h).
#include "tools/engine/layout.h"
#include "tools/impact/report.h"

#include <algorithm>
#include <array>

namespace sanku::impact {
namespace {

using engine::words;

struct Word {
  std::string_view machine, zh, en;
};
constexpr std::array<Word, 5> states = {{{"untouched", "未变", "the same"},
                                         {"reworded", "仅文字", "words only"},
                                         {"changed", "变化", "changed"},
                                         {"added", "新增", "new"},
                                         {"removed", "删除", "gone"}}};
constexpr std::array<Word, hir::part_count> parts = {{{"subject", "对象", "subject"},
                                                      {"conditions", "条件", "conditions"},
                                                      {"period", "有效期", "period"},
                                                      {"report", "明细与金额", "lines and amount"},
                                                      {"severity", "程度", "severity"},
                                                      {"message", "说明", "message"},
                                                      {"category", "类别", "category"},
                                                      {"words", "名称与依据", "title and basis"}}};
constexpr std::array<Word, what_count> whats = {{{"severity", "程度", "severity"},
                                                 {"trial", "试运行", "trial"},
                                                 {"amount", "金额", "amount"},
                                                 {"recoverable", "可追回", "recoverable"},
                                                 {"lines", "明细", "lines"},
                                                 {"message", "说明", "message"},
                                                 {"evidence", "知识行", "evidence"},
                                                 {"value", "指标值", "value"}}};

std::uint64_t touched(const Tally& tally) {
  return tally.added.findings + tally.removed.findings + tally.changed_before.findings;
}

Int128 size_of(Int128 number) { return number < 0 ? -number : number; }

} // namespace

std::string_view state_word(State state) { return states[static_cast<std::size_t>(state)].machine; }
std::string_view state_text(State state, Language language) {
  const Word& word = states[static_cast<std::size_t>(state)];
  return words(language, word.zh, word.en);
}
std::string_view part_word(hir::Part part) { return parts[static_cast<std::size_t>(part)].machine; }
std::string what_text(What what, Language language) {
  const Word& word = whats[static_cast<std::size_t>(what)];
  return std::string(words(language, word.zh, word.en));
}

std::string why_text(const RuleChange& change, Language language) {
  std::string text;
  const auto put = [&](std::string_view one) {
    text += text.empty() ? "" : language == Language::zh ? "、" : ", ";
    text += one;
  };
  for (const hir::Part part : change.parts) {
    const Word& word = parts[static_cast<std::size_t>(part)];
    put(words(language, word.zh, word.en));
  }
  for (const std::string& table : change.tables)
    put(std::string(words(language, "知识表 ", "table ")) + table);
  for (const std::string& model : change.models)
    put(std::string(words(language, "模型 ", "model ")) + model);
  return text;
}

std::string id_text(const RuleChange& change, Language language) {
  if (change.was.empty())
    return change.id;
  return fmt::format("{}{}{}{}", change.id, words(language, "（原 ", " (was "), change.was,
                     words(language, "）", ")"));
}

const std::string& title_of(const RuleChange& change, Language language) {
  return language == Language::en && !change.title_en.empty() ? change.title_en : change.title_zh;
}

Int128 money_gained(const Tally& tally) { return tally.after.cents - tally.before.cents; }

Ranked in_order(const ByName& tallies) {
  Ranked made;
  for (const auto& [name, tally] : tallies)
    if (differs(tally))
      made.rows.emplace_back(name, &tally);
  return made;
}

Ranked ranked(const ByName& tallies, std::size_t most) {
  Ranked made = in_order(tallies);
  std::ranges::stable_sort(made.rows, [](const auto& a, const auto& b) {
    return std::pair(size_of(money_gained(*a.second)), touched(*a.second)) >
           std::pair(size_of(money_gained(*b.second)), touched(*b.second));
  });
  if (made.rows.size() > most) {
    made.left_out = made.rows.size() - most;
    made.rows.resize(most);
  }
  return made;
}

std::string more_text(Int128 cents) {
  return cents > 0 ? "+" + engine::money_text(cents) : engine::money_text(cents);
}

std::vector<std::size_t> states_of(const Impact& impact) {
  std::vector<std::size_t> counts(states.size(), 0);
  for (const RuleChange& change : impact.joined.changes)
    ++counts[static_cast<std::size_t>(change.state)];
  return counts;
}

} // namespace sanku::impact
