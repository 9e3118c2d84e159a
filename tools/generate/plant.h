// Violations and near misses. `draw_plans` decides what a settlement will carry before it has a
// date, a patient or a hospital, because most plans want something of these; `plant` puts one plan
// into the claim and records the findings that follow from it, exactly. Decoys are what is just
// outside a rule: they are planted alike and must stay silent. Each shape of rule has a file of its
// own, plant_<shape>.cpp. Tested by tests/unit/tools/generate_test.cpp: an independent checker
// recomputes every finding from the written output.
#pragma once

#include "tools/generate/claim.h"
#include "tools/generate/random.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sanku::generate {

// Where a patient's birthday has to lie for a plan.
enum class Birthday : std::uint8_t {
  any,             // no wish
  adult,           // 18 years or more on the first day
  on_first_day,    // 18 on the first day
  after_first_day, // 18 on the day after the first
  leap_day,        // born on 29 February, 18 on the first day, which is 28 February
  after_leap_day,  // born on 29 February, first day is 27 February
  third,           // 3 on the first day
  before_third,    // 3 on the day after the first
  newborn_over,    // 29 days old on the first day
  newborn_last,    // 28 days old on the first day
};

// What a plan wants of the visit. Nobody is forced: a planter looks at what it got.
struct Wish {
  Birthday birthday = Birthday::any;
  Sex sex = Sex::any;
  std::optional<int> level;       // of the hospital
  std::optional<bool> online;     // a visit over the internet
  std::string_view med_type = {}; // empty: no wish
  std::string_view insurance = {};
  bool unclear_sex = false; // a diagnosis of unclear sex
  int days = 0;             // at least
};

struct Plan {
  Rule rule = Rule::drug_sex;
  bool decoy = false;
  bool self_paid = false; // the patient pays for the planted lines
  Wish wish;
};

std::vector<Plan> draw_plans(Random& random, VisitKind kind, double violation_rate);

// May add nothing when no fitting row is found.
void plant(const Catalogue& catalogue, Claim& claim, Random& random, const Plan& plan);

// What is only known when all lines are there: operations of one incision, and the lines charged as
// surgery that findings about operations name.
void complete_findings(const Catalogue& catalogue, Claim& claim);

// A moment between 8 and 18 o'clock of the given day of the visit; on an outpatient's day soon
// after its opening.
Moment usual_moment(const Claim& claim, Random& random, int day);

} // namespace sanku::generate
