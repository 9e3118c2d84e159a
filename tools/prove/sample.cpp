// Some of a pack's rules, asked about as analyse asks about all (analyse.h): who is told what a
// pack is proved to be asks a few again. What is asked of a rule depends on no other, so it comes
// out the same; whether two rules always fire together is asked of every rule that fires beside one
// of the sample. Tested by tests/unit/tools/prove_test.cpp.
#include "tools/prove/asking.h"

#include <algorithm>

namespace sanku::prove {
namespace {

struct Sampling {
  Asking& asking;
  const Sample& which;
  Report& report;
  Effort spent = {}; // of pairs and of claims of rules beside the sample

  // Of the last that was asked by itself.
  void charge() {
    const Effort all = effort_of(asking.options.limits);
    spent.steps += all.steps - asking.of_pair.steps;
    spent.microseconds += all.microseconds - asking.of_pair.microseconds;
  }
  // Where it is time that ends it, the sample is smaller than it has to be.
  bool is_spent() {
    const Effort all = effort_of(asking.options.limits);
    Effort sum = spent;
    for (const auto& [rule, left] : asking.efforts) {
      sum.steps += all.steps - left.steps;
      sum.microseconds += all.microseconds - left.microseconds;
    }
    const bool by_time = sum.microseconds >= which.most_milliseconds * 1000;
    report.by_time = report.by_time || by_time;
    return by_time || sum.steps >= which.most_steps;
  }

  // Whether all rules that fire on its claim were asked about.
  bool pairs_of(std::uint32_t rule) {
    const auto found = asking.claims.find(rule);
    if (found == asking.claims.end())
      return true;
    const std::vector<bool> beside = on_claim(asking, rule, found->second);
    for (std::uint32_t other = 0; other < beside.size(); ++other) {
      const bool is_asked = asking.options.rules.empty() || asking.options.rules.contains(other);
      if (!beside[other] || other == rule || !is_asked)
        continue;
      if (is_spent())
        return false;
      const bool is_known = asking.claims.contains(other);
      const auto claim = claim_of(asking, other);
      if (!is_known)
        charge();
      if (!claim || !on_claim(asking, other, *claim)[rule])
        continue;
      if (report.examined.contains(other))
        continue;
      ask_same(asking, std::min(rule, other), std::max(rule, other), report);
      charge();
    }
    return true;
  }
};

} // namespace

Report sample(const Replayer& replayer, const Options& options, const Sample& which) {
  const Tables tables(engine::program(replayer.rules()), replayer.rules().checked->tables);
  Report report;
  report.limits = options.limits;
  Asking asking{.replayer = replayer, .tables = tables, .options = options};
  Sampling sampling{.asking = asking, .which = which, .report = report};
  for (const std::uint32_t rule : which.order) {
    if (sampling.is_spent())
      break;
    ask_rule(asking, rule, report);
    if (sampling.pairs_of(rule))
      report.examined.insert(rule);
  }
  asking.finish(report);
  return report;
}

} // namespace sanku::prove
