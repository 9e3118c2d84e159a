// Visits that follow another one of the same person: what rules over a person's past find. Visit
// 2n may follow visit 2n - 1, which follows none, so that each still follows from the seed and its
// number alone. Entries: draw_sequel, begin_sequel, end_sequel. Tested by
// tests/unit/tools/library_test.cpp.
#pragma once

#include "tools/generate/compose.h"

#include <optional>

namespace sanku::generate {

struct Sequel {
  Rule rule = Rule::two_stays;
  Claim before;
};

// Whether a visit whose kind and days are drawn follows the one before; that is composed again.
std::optional<Sequel> draw_sequel(const Catalogue& catalogue, const Settings& settings,
                                  const Claim& claim, Random& random);

// Person, place, days and main diagnosis, before anything else is put into the visit.
void begin_sequel(const Catalogue& catalogue, Claim& claim, Random& random, const Sequel& sequel);

// What follows, when the visit is closed.
void end_sequel(const Catalogue& catalogue, Claim& claim, Random& random, const Sequel& sequel);

} // namespace sanku::generate
