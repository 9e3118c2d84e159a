// See coverage_text.h.
#include "tools/measure/coverage_text.h"

#include "tools/engine/layout.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::measure {
namespace {

using engine::Align;
using engine::padded;
using engine::words;

constexpr std::string_view green = "\x1b[32m", yellow = "\x1b[33m", red = "\x1b[31m",
                           plain = "\x1b[0m", faint = "\x1b[2m";

struct Writer {
  const Rules& rules;
  const Coverage& coverage;
  engine::ReportStyle style;
  std::string out = {};

  std::string_view pick(std::string_view zh, std::string_view en) const {
    return words(style.language, zh, en);
  }
  std::string coloured(std::string_view colour, std::string_view text) const {
    return style.colour ? fmt::format("{}{}{}", colour, text, plain) : std::string(text);
  }
  std::string_view colour_of(const Tally& tally) const {
    const std::uint32_t share = per_cent(tally);
    return share >= 9'000 ? green : share >= 6'000 ? yellow : red;
  }
  std::string bar(const Tally& tally) const {
    constexpr std::size_t cells = 20;
    const std::size_t full = per_cent(tally) * cells / 10'000;
    std::string text;
    for (std::size_t i = 0; i < cells; ++i)
      text += i < full ? "█" : "░";
    return text;
  }
  std::string place(source::Span span) const {
    return fmt::format("{}:{}", rules.map.files[span.file].path,
                       source::place_of(rules.map, span.file, span.begin).line);
  }

  void figure(std::string_view name, const Tally& tally, std::string_view note) {
    out +=
        fmt::format("  {} {} {} {}{}\n", padded(name, 20), coloured(colour_of(tally), bar(tally)),
                    padded(per_cent_text(per_cent(tally)), 8, Align::right),
                    padded(fmt::format("{} / {}", engine::count_text(tally.reached),
                                       engine::count_text(tally.all)),
                           18, Align::right),
                    note.empty() ? "" : "  " + coloured(faint, note));
  }

  void figures() {
    out += fmt::format("{}\n", pick("覆盖", "Coverage"));
    for (std::size_t i = 0; i < measure_count; ++i) {
      const auto measure = static_cast<Measure>(i);
      if (coverage.tallies[i].all == 0)
        continue;
      const MeasureWords& name = words_of(measure);
      figure(words(style.language, name.zh, name.en), coverage.tallies[i],
             counts(measure) ? "" : pick("不计入合计", "not in the whole"));
    }
    figure(pick("合计", "whole"), coverage.whole, "");
  }

  void rule(const RuleCover& cover, const std::vector<const Goal*>& missed) {
    const hir::Rule& of = engine::program(rules).rules[cover.rule];
    out += fmt::format(
        "\n{} {}  {}\n", of.id, words(style.language, of.title_zh, of.title_en),
        coloured(faint,
                 fmt::format(fmt::runtime(pick(
                                 "{} 项测试：触发 {} 未触发 {} 不适用 {} 无法判定 {}",
                                 "{} tests: fired {} clear {} not applicable {} indeterminate {}")),
                             cover.tests.size(), cover.fired, cover.clear, cover.not_applicable,
                             cover.indeterminate)));
    for (const Goal* goal : missed)
      line(*goal);
  }

  void line(const Goal& goal) {
    const MeasureWords& name = words_of(goal.measure);
    const std::string seen =
        goal.tests == 0
            ? std::string(pick("没有测试到过", "in no test"))
            : fmt::format(
                  fmt::runtime(pick("{} 项测试中如此，但都未起决定作用",
                                    goal.tests == 1 ? "so in {} test, and decided nothing"
                                                    : "so in {} tests, and decided in none")),
                  goal.tests);
    const bool is_condition =
        goal.measure == Measure::conditions || goal.measure == Measure::unknowns;
    out += fmt::format("  {} {} {}{}{}{}  {}\n", coloured(red, "✗"),
                       padded(words(style.language, name.zh, name.en), 18),
                       engine::fitted(words(style.language, goal.zh, goal.en), 70),
                       pick("：", ": "), words(style.language, goal.way_zh, goal.way_en),
                       is_condition ? fmt::format(fmt::runtime(pick("（{}）", " ({})")), seen) : "",
                       coloured(faint, place(goal.span)));
  }

  void missed() {
    std::map<std::uint32_t, std::vector<const Goal*>> of_rules;
    std::vector<const Goal*> of_pack;
    for (const Goal& goal : coverage.goals) {
      if (goal.reached)
        continue;
      if (goal.rule)
        of_rules[*goal.rule].push_back(&goal);
      else
        of_pack.push_back(&goal);
    }
    for (const RuleCover& cover : coverage.rules)
      rule(cover, of_rules[cover.rule]);
    if (!of_pack.empty())
      out += fmt::format("\n{}\n", pick("全包", "The pack"));
    for (const Goal* goal : of_pack)
      line(*goal);
  }

  void unused() {
    if (coverage.unused.empty())
      return;
    out += fmt::format("\n{}\n", pick("没有规则引用的来源", "Sources that no rule names"));
    for (const UnusedSource& each : coverage.unused)
      out += fmt::format("  {}  {}\n", each.title, coloured(faint, place(each.span)));
  }

  void shares() {
    if (coverage.shares.empty())
      return;
    out += fmt::format("\n{}\n", pick("知识表与模型", "Tables and models"));
    for (const Share& share : coverage.shares) {
      const std::string given =
          share.given == 0
              ? std::string()
              : fmt::format(fmt::runtime(pick("测试另给 {} 行", "{} rows given by tests")),
                            engine::count_text(share.given));
      figure(words(style.language, share.names.zh, share.names.en),
             {.all = share.all, .reached = share.reached}, given);
    }
  }
};

} // namespace

std::string per_cent_text(std::uint32_t hundredths) {
  return fmt::format("{}.{:02}%", hundredths / 100, hundredths % 100);
}

std::string coverage_text(const Rules& rules, const Coverage& coverage, engine::ReportStyle style) {
  Writer writer{.rules = rules, .coverage = coverage, .style = style};
  writer.missed();
  writer.unused();
  writer.shares();
  writer.out += '\n';
  writer.figures();
  return std::move(writer.out);
}

} // namespace sanku::measure
