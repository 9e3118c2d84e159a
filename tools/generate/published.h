// Reads the published tables of a pack and the code registers into a catalogue: items with what the
// national rules say of them, pairs, diagnoses, operations. One entry: read_published. Prices,
// popularity and invented items are added by load_catalogue. Tested by
// tests/unit/tools/generate_test.cpp (a missing table is named; what is planted is what the tables
// say).
#pragma once

#include "tools/generate/catalogue.h"

namespace sanku::generate {

Result<Catalogue> read_published(const CatalogueFiles& files);

} // namespace sanku::generate
