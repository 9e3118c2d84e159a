// What a comparison counts: findings, lines and money of both sides, and what of them came, went
// and differs; by rule, place, institution and month. Plain sums, so that parts may be added in any
// order. Entries: Tallies, add. Tested by tests/unit/tools/impact_test.cpp.
#pragma once

#include "compiler/ast/ast.h"
#include "runtime/types/scalar.h"
#include "tools/engine/place.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sanku::impact {

// What of a finding that both sides have may differ.
enum class What : std::uint8_t {
  severity,
  trial,
  amount,
  recoverable,
  lines,
  message,
  evidence,
  value, // of an indicator
};
inline constexpr std::size_t what_count = 8;
inline constexpr std::size_t severity_count = 5;

// Findings together. Money of trials counts nowhere.
struct Sum {
  std::uint64_t findings = 0, lines = 0;
  std::uint64_t not_computed = 0, trial = 0;
  Int128 cents = 0, recoverable = 0;
  friend bool operator==(const Sum&, const Sum&) = default;
};
inline void add(Sum& to, const Sum& of) {
  to.findings += of.findings;
  to.lines += of.lines;
  to.not_computed += of.not_computed;
  to.trial += of.trial;
  to.cents += of.cents;
  to.recoverable += of.recoverable;
}

struct Tally {
  Sum before, after;                 // all findings
  Sum added, removed;                // that only one side has
  Sum changed_before, changed_after; // that both have and that differ
  std::array<std::uint64_t, what_count> what{};
  std::array<std::uint64_t, severity_count> severity_before{}, severity_after{}; // of all
  std::uint64_t undecided_before = 0, undecided_after = 0;                       // of rules alone
};
inline void add(Tally& to, const Tally& of) {
  for (const auto part : {&Tally::before, &Tally::after, &Tally::added, &Tally::removed,
                          &Tally::changed_before, &Tally::changed_after})
    add(to.*part, of.*part);
  for (std::size_t i = 0; i < what_count; ++i)
    to.what[i] += of.what[i];
  for (std::size_t i = 0; i < severity_count; ++i) {
    to.severity_before[i] += of.severity_before[i];
    to.severity_after[i] += of.severity_after[i];
  }
  to.undecided_before += of.undecided_before;
  to.undecided_after += of.undecided_after;
}
[[nodiscard]] inline bool differs(const Tally& tally) {
  return tally.added.findings != 0 || tally.removed.findings != 0 ||
         tally.changed_before.findings != 0;
}

using engine::Place;

using ByName = std::map<std::string, Tally, std::less<>>;
struct Tallies {
  Tally all;
  std::vector<Tally> rules; // by Joined::changes
  ByName regions, institutions, months;
  std::map<std::string, std::string, std::less<>> names; // of institutions; of several the least
};
void add(Tallies& to, const Tallies& of);

} // namespace sanku::impact
