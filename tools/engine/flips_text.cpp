// See flips_text.h.
#include "tools/engine/flips_text.h"

#include "tools/engine/layout.h"
#include "tools/engine/reasons.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::engine {
namespace {

constexpr std::size_t most_flips = 3; // single conditions that are told

struct Teller {
  const Rules& rules;
  const hir::Rule& rule;
  const evaluate::Trace& trace;
  Language language;
  const hir::Program& program;
  std::vector<std::string> lines = {};

  [[nodiscard]] std::string_view pick(std::string_view zh, std::string_view en) const {
    return words(language, zh, en);
  }

  // patient.age >= 18岁 (差 1天); of a list the one element that nearly did.
  std::string flip_text(const Flip& flip) const {
    const evaluate::Node& node = *flip.condition;
    std::string text = written_text(rules.map, node.span);
    if (!flip.to)
      text = fmt::format(fmt::runtime(pick("“{}”不成立", "`{}` did not hold")), text);
    else
      text = fmt::format(fmt::runtime(pick("“{}”成立", "`{}` held")), text);
    if (const std::string away = distance_of(node, program.schema, language); !away.empty())
      return text + in_brackets(away);
    if (truth_of(node.value) == Tri::unknown)
      return text + in_brackets(std::string(pick("现在不明", "unknown now")));
    if (node.fold && node.sure != 0)
      return text + in_brackets(fmt::format(fmt::runtime(pick("现有 {} 个", "now {} of them")),
                                            count_text(node.sure)));
    std::string failing;
    for (const evaluate::Node& part : node.nearest)
      for (const Reason& reason : reasons(part, program.schema, rules.map, language))
        if (reason.truth != Tri::yes)
          failing += (failing.empty() ? "" : std::string(pick("、", ", "))) + reason.written +
                     (reason.distance.empty() ? "" : in_brackets(reason.distance));
    if (failing.empty())
      return text;
    return text +
           in_brackets(fmt::format(
               fmt::runtime(pick("最接近的一个不满足 {}", "the nearest one lacks {}")), failing));
  }
  std::string in_brackets(const std::string& text) const {
    return fmt::format(fmt::runtime(pick("（{}）", " ({})")), text);
  }

  void tell(const Flips& least) {
    if (!least.single.empty())
      return tell_single(least.single);
    if (std::ranges::any_of(trace.branches, &evaluate::BranchTrace::self_paid))
      return;
    std::string all;
    for (const Flip& flip : least.together)
      all += (all.empty() ? "" : std::string(pick("，且", ", and "))) + flip_text(flip);
    if (!all.empty())
      all = fmt::format(fmt::runtime(pick("没有单独一个条件能使其触发，须 {} 个同时：{}",
                                          "no single condition would do; {} together: if {}")),
                        least.together.size(), all);
    else if (!rule.matches.empty() && std::ranges::none_of(trace.branches, [](const auto& branch) {
               return branch.condition.has_value();
             }))
      all = nothing_matches();
    else
      all = pick("由知识决定，改变结算单中的条件不会触发",
                 "knowledge decides: no condition of the claim would change it");
    lines.push_back(all);
  }

  // Each by itself; a condition that stands in several branches once.
  void tell_single(const std::vector<Flip>& single) {
    std::vector<std::string> all;
    for (const Flip& flip : single)
      if (std::string text = flip_text(flip); std::ranges::find(all, text) == all.end())
        all.push_back(std::move(text));
    for (std::size_t i = 0; i < std::min(all.size(), most_flips); ++i)
      lines.push_back(
          fmt::format(fmt::runtime(i == 0 ? pick("只差一个条件：若{}", "one condition: if {}")
                                          : pick("若{}", "if {}")),
                      all[i]));
    if (all.size() > most_flips)
      lines.push_back(fmt::format(fmt::runtime(pick("另有 {} 个条件，改变其一即触发",
                                                    "{} more conditions, each by itself")),
                                  all.size() - most_flips));
  }

  // There is no element at all to be held against the subject.
  std::string nothing_matches() const {
    const hir::Binding& binding = rule.matches.front().binding;
    const schema::Names& names =
        hir::relation(program, rule.binder_relations[binding.binder]).names;
    const bool visits = std::holds_alternative<hir::VisitsSource>(binding.source);
    const std::string_view what = visits ? pick("窗口内的其他就诊", "other visit in the window")
                                         : pick(names.zh.empty() ? names.en : names.zh, names.en);
    return fmt::format(fmt::runtime(pick("没有可对照的{}（{}）", "there is no {} for `{}`")), what,
                       rule.binder_names[binding.binder]);
  }
};

} // namespace

std::vector<std::string> flip_lines(const Rules& rules, const hir::Rule& rule,
                                    const evaluate::Trace& trace, const Flips& least,
                                    Language language) {
  Teller teller{.rules = rules,
                .rule = rule,
                .trace = trace,
                .language = language,
                .program = program(rules)};
  teller.tell(least);
  return std::move(teller.lines);
}

} // namespace sanku::engine
