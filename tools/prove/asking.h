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

  // For a session that is about the rule, and others: what is left to be spent on it.
  [[nodiscard]] Limits limits(std::uint32_t rule) {
    Limits made = options.limits;
    made.left = &efforts.try_emplace(rule, effort_of(made)).first->second;
    return made;
  }

  [[nodiscard]] const hir::Program& program() const { return engine::program(replayer.rules()); }
  void witness(std::uint32_t rule, Claim claim) { claims.emplace(rule, std::move(claim)); }
  // Judged by those rules; `zh`, `en`: what the test is called, behind the rules' titles.
  [[nodiscard]] std::optional<Replayed> replay(const Claim& claim,
                                               const std::vector<std::uint32_t>& rules,
                                               const std::string& zh, const std::string& en) const;
};

// Two rules that say the same, and such as take the same line (pairs.cpp).
void pairs(Asking& asking, Report& report);

} // namespace sanku::prove
