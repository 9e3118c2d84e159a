// The invented part of the catalogue: items that stand in no published table, and institutions with
// their doctors. Always the same, whatever the seed of a run. Entries: add_invented_items,
// invented_institutions. Tested by tests/unit/tools/generate_test.cpp (the brute-force checker
// finds nothing on their account).
#pragma once

#include "tools/generate/catalogue.h"

#include <set>
#include <string>
#include <vector>

namespace sanku::generate {

inline constexpr std::uint64_t catalogue_seed = 20250701;

// Appends a few thousand items whose codes have the national form and are not in `taken`; names
// them in the catalogue's pools.
void add_invented_items(Catalogue& catalogue, std::set<std::string>& taken);

struct Institutions {
  std::vector<Institution> hospitals, pharmacies;
};
Institutions invented_institutions();

// A person's name: surname and one or two characters.
std::string invented_name(Random& random, Sex sex);

// Dose form, pack and unit of a published drug, after the end of its name.
void describe_published_drug(Item& item);

// The same of a medicinal piece.
void describe_piece(Item& item);

// Price of an item by its kind, whole cents, spread over the scale that the kind is billed at.
Cents invented_price(Random& random, ItemKind kind);

} // namespace sanku::generate
