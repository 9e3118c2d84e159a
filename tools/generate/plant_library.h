// Violations of the rest of the library, in visits that are otherwise clean: one rule a visit. What
// is planted changes nothing that another rule looks at. Rules for which nothing is planted, and
// why: `not_planted`. Entries: draw_library_plan, plant_in_lines, plant_at_close, keep_busy. Tested
// by tests/unit/tools/library_test.cpp, which runs all rules of the pack.
#pragma once

#include "tools/generate/claim.h"
#include "tools/generate/random.h"

#include <optional>

namespace sanku::generate {

// Which rule a visit without another plan gets; most of them none.
std::optional<Rule> draw_library_plan(const Catalogue& catalogue, const Claim& claim,
                                      Random& random);

// Lines and diagnoses, while times are still open. May add nothing.
void plant_in_lines(const Catalogue& catalogue, Claim& claim, Random& random, Rule rule);

// What is about the visit as it is closed: prescriptions, times, sums. May add nothing.
void plant_at_close(const Catalogue& catalogue, Claim& claim, Random& random, Rule rule);

// Whether the subject is the visit, one of its diagnoses or a prescription, rather than a line.
enum class SubjectOf : std::uint8_t { line, visit, diagnosis, prescription };
SubjectOf subject_kind(Rule rule);

// A stay in which something is done every few days, and more than examined; `idle`: let a pause
// stand if there is one, and record it.
void keep_busy(const Catalogue& catalogue, Claim& claim, Random& random, bool idle);

// A rule of the library, or several that are alike, and why nothing of it is planted.
struct NotPlanted {
  std::string_view rules; // ids, or what they begin with and a star, separated by blanks
  std::string_view why_zh, why_en;
};
[[nodiscard]] const std::vector<NotPlanted>& not_planted();

} // namespace sanku::generate
