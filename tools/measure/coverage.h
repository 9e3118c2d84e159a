// What a pack's tests have shown of its rules, as goals that were reached or not. The README of
// this folder defines each measure. Entry: coverage; listings and files are made of it by
// coverage_text.h, coverage_files.h and coverage_html.h. Tested by
// tests/unit/tools/coverage_test.cpp.
#pragma once

#include "tools/measure/trial.h"

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::measure {

enum class Measure : std::uint8_t {
  outcomes,   // a rule fired, was clear, did not apply, could not be decided
  branches,   // each branch spoke
  conditions, // each condition decided, holding and not holding
  unknowns,   // each condition decided, not being known
  parameters, // each value stood at its bound
  dates,      // both sides of each day on which something begins or ends
  models,     // each line of a scorecard gave points, and gave others
  articles,   // of registered sources, with a rule that fired
  leaves,     // of trained models' trees
  rows,       // of the pack's tables
};
inline constexpr std::size_t measure_count = 10;
// Those that make up the one figure: what authors write. Rows and leaves are data, of which tests
// try samples; that a condition is not known shows in the outcome alone.
[[nodiscard]] constexpr bool counts(Measure measure) {
  return measure != Measure::unknowns && measure != Measure::leaves && measure != Measure::rows;
}
struct MeasureWords {
  std::string_view key, zh, en;
};
[[nodiscard]] const MeasureWords& words_of(Measure measure);

struct Goal {
  Measure measure = Measure::outcomes;
  std::optional<std::uint32_t> rule; // none: of the pack as a whole
  source::Span span;
  std::string zh, en;         // of what: a condition, a parameter, an article
  std::string way_zh, way_en; // which way: holds, does not hold, fired …
  std::uint64_t tests = 0;    // in how many it came about, whether or not it decided
  bool reached = false;
  const hir::Test* by = nullptr; // the first test that did; null where no single one
};

struct RuleCover {
  std::uint32_t rule = 0;
  std::vector<const hir::Test*> tests;
  // In how many of them some subject came out so.
  std::uint64_t fired = 0, clear = 0, not_applicable = 0, indeterminate = 0;
};

// Parts of something large, of which goals would say too much: a table's rows, a model's leaves.
struct Share {
  Measure measure = Measure::rows;
  source::Span span;
  schema::Names names;
  std::uint64_t all = 0, reached = 0;
  std::uint64_t given = 0; // other rows, which tests gave and looked up
};

// A registered source that no rule of the pack names as its basis.
struct UnusedSource {
  source::Span span;
  std::string title;
};

struct Tally {
  std::uint64_t all = 0, reached = 0;
};
// In hundredths of a per cent, rounded down; nothing to reach is all of it.
[[nodiscard]] std::uint32_t per_cent(const Tally& tally);

struct Coverage {
  std::vector<RuleCover> rules;
  std::vector<Goal> goals; // by place
  std::vector<Share> shares;
  std::vector<UnusedSource> unused;         // listed, no goals
  std::array<Tally, measure_count> tallies; // by measure
  Tally whole;                              // of all that counts
  std::uint64_t unread = 0; // tests whose claim could not be had; they fail where tests are run
};

// `files`: rules and tests that stand in these; empty: all that were asked for.
[[nodiscard]] Coverage coverage(const Rules& rules, const std::set<std::uint32_t>& files);

} // namespace sanku::measure
