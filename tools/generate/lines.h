// Adding lines to a claim without breaking a rule: `admissible` says whether a line would stay
// clean beside what is there, `add_line` adds it. The one place that knows what "clean" means;
// stricter than the rules where that is simpler (two items of an exclusive pair never meet
// unplanned, whatever the window; nor two operations of one incision group, whatever the day).
// Tested by tests/unit/tools/generate_test.cpp: the brute-force checker finds only what was
// planted.
#pragma once

#include "tools/generate/claim.h"

namespace sanku::generate {

struct Candidate {
  std::uint32_t item = 0;
  Moment at = 0;
  Hundredths quantity = 100;
  std::uint32_t prescription = 0; // 0: numbered with its neighbours when the visit is closed
  bool self_paid = false;
  Cents price = 0; // 0: the list price
};

// Whether an item is used nowhere yet and meets nothing that it must not meet.
bool is_unused(const Catalogue& catalogue, const Claim& claim, std::uint32_t item);

// Whether such an item also breaks no rule by itself, on any day of the visit: a planted line of it
// shows nothing but what the plan makes of it.
bool is_free(const Catalogue& catalogue, const Claim& claim, std::uint32_t item);

// For ordinary lines; pieces come in prescriptions of their own (plant_pieces.h).
bool admissible(const Catalogue& catalogue, const Claim& claim, const Candidate& candidate);

// Returns the line's key.
std::uint32_t add_line(const Catalogue& catalogue, Claim& claim, const Candidate& candidate);

// Adds a line of an item that nothing else in the claim may use or exclude.
std::uint32_t add_reserved_line(const Catalogue& catalogue, Claim& claim,
                                const Candidate& candidate);

// Whether an item is a code of the drug whose course is limited: another maker's is the same drug.
bool is_course_of(const Item& item, const Item& drug);

// Whether two items are operations of one incision group.
bool share_incision(const Item& a, const Item& b);

const Line& line_of(const Claim& claim, std::uint32_t key);

// price × quantity / 100, half away from zero: the exact product of cents and hundredths, rounded
// to cents once.
constexpr Cents amount_of(Cents price, Hundredths quantity) {
  return (price * quantity + 50) / 100;
}

// The canonical order of lines of one item: time, unit price, quantity, key.
bool earlier(const Line& a, const Line& b);

} // namespace sanku::generate
