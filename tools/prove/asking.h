// What all questions of an analysis share: the rules, how claims are replayed, and the claims that
// were found so far. Entry: Asking. Tested by tests/unit/tools/prove_test.cpp.
#pragma once

#include "tools/prove/analyse.h"

#include <map>

namespace sanku::prove {

[[nodiscard]] std::string title_of(const hir::Rule& rule, bool chinese);

// A condition that the rule's author wrote there.
[[nodiscard]] bool is_written_in(source::Span condition, source::Span rule);

struct Asking {
  const Replayer& replayer;
  const Tables& tables;
  const Options& options;
  std::map<std::uint32_t, Claim> claims = {}; // by rule: it fires on this one
  std::map<std::uint32_t, Effort> efforts = {};
  // Of what is asked about by itself.
  Effort of_pair = {.steps = 0, .microseconds = 1, .by_time = false};
  bool by_time = false; // as Report::by_time

  // For a session that is about the rule, and others: what is left to be spent on it.
  [[nodiscard]] Limits limits(std::uint32_t rule) {
    Limits made = options.limits;
    made.left = &efforts.try_emplace(rule, effort_of(made)).first->second;
    return made;
  }
  [[nodiscard]] Limits alone() {
    note_time(of_pair);
    Limits made = options.limits;
    of_pair = effort_of(made);
    made.left = &of_pair;
    return made;
  }
  void note_time(const Effort& effort) {
    by_time = by_time || effort.by_time || effort.microseconds == 0;
  }
  void finish(Report& report) {
    note_time(of_pair);
    for (const auto& [rule, effort] : efforts)
      note_time(effort);
    report.by_time = report.by_time || by_time;
    report.with_witness = report.witnesses.size();
  }

  [[nodiscard]] const hir::Program& program() const { return engine::program(replayer.rules()); }
  void witness(std::uint32_t rule, Claim claim) { claims.emplace(rule, std::move(claim)); }
  // Judged by those rules; `zh`, `en`: what the test is called, behind the rules' titles.
  [[nodiscard]] std::optional<Replayed> replay(const Claim& claim,
                                               const std::vector<std::uint32_t>& rules,
                                               const std::string& zh, const std::string& en) const;
};

// All that is asked of one rule by itself (analyse.cpp).
void ask_rule(Asking& asking, std::uint32_t rule, Report& report);
// Only for a claim on which it fires; the effort is another than that of its other questions.
[[nodiscard]] std::optional<Claim> claim_of(Asking& asking, std::uint32_t rule);
// The rule may take more turns of its loops than Options::most_turns.
[[nodiscard]] bool is_too_large(const Asking& asking, std::uint32_t rule);

// Two rules that say the same, and such as take the same line (pairs.cpp).
void pairs(Asking& asking, Report& report);
// What every rule does on that claim, which makes the rule fire.
[[nodiscard]] std::vector<bool> on_claim(const Asking& asking, std::uint32_t rule,
                                         const Claim& claim);
// Two rules each of which fires on a claim of the other.
void ask_same(Asking& asking, std::uint32_t a, std::uint32_t b, Report& report);

} // namespace sanku::prove
