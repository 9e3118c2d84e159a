// What a solver found of a pack's rules, as a member of its file: a line a claim, sorted, with one
// way to write each. It names rules, branches and conditions by number, so it says the same however
// the texts are laid out, and no claim of a person. Made by tools/deploy; here only its form and
// its words. Entries: proofs_text, read_proofs. Tested by tests/unit/tools/pack_proofs_test.cpp.
#pragma once

#include "runtime/types/value.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::pack {

inline constexpr const char* proofs_report = "reports/proofs.txt";

struct ProofLine {
  enum class State : std::uint8_t {
    proved,  // for claims of any size
    shown,   // by a claim that was replayed
    bounded, // no claim up to a size shows otherwise, which is no proof
    unknown, // nobody knows
  };
  State state = State::unknown;
  std::string rule, kind;                  // `never_fires`
  std::string other = {};                  // of two rules
  std::uint64_t branch = 0, condition = 0; // from 1; 0: none
  std::uint64_t lines = 0, visits = 0;     // of `bounded`: of claims that were looked at
  std::string without = {};                // likewise: what was left out, `texts,codes`
  std::string because = {};                // of `unknown`: why

  friend auto operator<=>(const ProofLine&, const ProofLine&) = default;
};

// What a claim says against what rules are for: proved, or an overlay that loosens a mandatory
// rule.
[[nodiscard]] bool is_conflict(const ProofLine& line);
// Nobody knows whether there is one.
[[nodiscard]] bool is_open(const ProofLine& line);

struct Proofs {
  std::string solver;                             // `z3 4.8.12`
  std::uint64_t lines = 0, visits = 0, steps = 0; // how far it looked
  std::vector<ProofLine> claims;                  // by their text

  [[nodiscard]] std::uint64_t conflicts() const;
  [[nodiscard]] std::uint64_t unknown() const;
};

[[nodiscard]] std::string line_text(const ProofLine& line);
// Claims in any order, and twice, become one text.
[[nodiscard]] std::string proofs_text(const Proofs& proofs);
// Only what proofs_text writes; none: it is no such report.
[[nodiscard]] std::optional<Proofs> read_proofs(std::string_view text);

// For people.
[[nodiscard]] std::string told(const ProofLine& line, Language language);
[[nodiscard]] std::string told(const Proofs& proofs, Language language); // counts, a line

} // namespace sanku::pack
