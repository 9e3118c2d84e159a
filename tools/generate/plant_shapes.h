// The planters, one for each shape of rule, and what they share. Each adds lines or operations to a
// claim and records what follows. Entries: plant_item .. plant_diagnosis, called by plant.cpp.
// Tested by tests/unit/tools/generate_test.cpp.
#pragma once

#include "tools/generate/plant.h"

namespace sanku::generate {

inline constexpr int attempts = 40; // at finding a row that fits

// A single line of a restricted item; all rules of that shape (limits.h).
void plant_item(const Catalogue& catalogue, Claim& claim, Random& random, const Plan& plan);

// More of an item on one day than it may have.
void plant_day(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy);

// A drug on more days of a stay than are paid.
void plant_course(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy);

// Two items that exclude each other.
void plant_pair(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy);

// Operations of one incision group on one day.
void plant_incision(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy);
void record_incisions(const Catalogue& catalogue, Claim& claim);

// Prescriptions of medicinal pieces.
void plant_alone(const Catalogue& catalogue, Claim& claim, Random& random, const Plan& plan);
void plant_piece_pair(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy);
void add_harmless_prescription(const Catalogue& catalogue, Claim& claim, Random& random);

// Operations against the patient's sex, and against the diagnoses.
void plant_operation(const Catalogue& catalogue, Claim& claim, Random& random);
void plant_diagnosis(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy);
// Whether a diagnosis would justify an operation that was planted for want of one.
bool would_justify(const Catalogue& catalogue, const Claim& claim, const Diagnosis& diagnosis);

// The lines in canonical order: time, code, unit price, quantity, key.
std::vector<Line> in_order(const Catalogue& catalogue, std::vector<Line> lines);

// The lines as offending ones with their amounts, which are summed.
Finding finding_of(Rule rule, std::uint32_t key, const std::vector<Line>& lines, std::string kind);

// What is bought at once: half a pack, one to four packs; grams of a piece; one service.
Hundredths usual_quantity(Random& random, const Item& item);

} // namespace sanku::generate
