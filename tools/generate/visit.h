// Who, where and when: the patient, the hospital and its doctor, the days of a visit, as the plans
// wish them where that can be. Entries: wishes_of, then draw_dates, draw_patient, draw_institution
// in this order. Tested by tests/unit/tools/generate_test.cpp.
#pragma once

#include "tools/generate/plant.h"

namespace sanku::generate {

// What the plans want together; where two want the same thing the first gets it.
Wish wishes_of(const std::vector<Plan>& plans);

void draw_dates(Claim& claim, Random& random, const Wish& wish);
void draw_patient(Claim& claim, Random& random, std::uint64_t seed, const Wish& wish);
void draw_institution(const Catalogue& catalogue, Claim& claim, Random& random, const Wish& wish);

} // namespace sanku::generate
