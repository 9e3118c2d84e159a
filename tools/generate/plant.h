// Violations and near misses. `draw_plans` decides what a settlement will carry before it has a
// date or a patient, because some plans want a certain birthday; `plant` puts one plan into the
// claim and records the findings that follow from it, exactly. Decoys are what is just outside a
// rule: they are planted alike and must stay silent. Tested by tests/unit/tools/generate_test.cpp:
// an independent checker recomputes every finding from the written output.
#pragma once

#include "tools/generate/claim.h"
#include "tools/generate/random.h"

#include <cstdint>
#include <vector>

namespace sanku::generate {

// Where a patient's 18th birthday has to lie for a plan.
enum class Birthday : std::uint8_t {
  any,             // no wish
  adult,           // 18 years or more on the first day
  on_first_day,    // 18 on the first day
  after_first_day, // 18 on the day after the first
  leap_day,        // born on 29 February, 18 on the first day, which is 28 February
  after_leap_day,  // born on 29 February, first day is 27 February
};

struct Plan {
  Rule rule = Rule::drug_sex;
  bool decoy = false;
  Birthday birthday = Birthday::any;
};

std::vector<Plan> draw_plans(Random& random, VisitKind kind, double violation_rate);

// May add nothing when no fitting row is found.
void plant(const Catalogue& catalogue, Claim& claim, Random& random, const Plan& plan);

// A moment between 8 and 18 o'clock of the given day of the visit; on an outpatient's day soon
// after its opening.
Moment usual_moment(const Claim& claim, Random& random, int day);

} // namespace sanku::generate
