// A claim as text: one line of NDJSON in the shape of the `data` node of the national audit
// interface 3101/3102, and one line of the manifest for each planted finding. Entries:
// append_claim, append_manifest. Tested by tests/unit/tools/generate_test.cpp, which reads both
// back with simdjson.
#pragma once

#include "tools/generate/claim.h"

#include <string>

namespace sanku::generate {

// `compact` leaves out what no rule and no reader needs; about a third of the bytes remain.
void append_claim(std::string& out, const Catalogue& catalogue, const Claim& claim, bool compact);

// Findings in the order of the file: those of lines by the place of the (first) line, then those of
// operations; rules by identifier where they share a line.
void append_manifest(std::string& out, const Catalogue& catalogue, const Claim& claim);

} // namespace sanku::generate
