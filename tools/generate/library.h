// What the rest of the national library says of items and diagnoses, for a pack that has it: which
// items other rules than the first ones speak of, so that ordinary lines leave them out, and what
// their violations are planted from. A table that the pack does not have is one whose rule nothing
// is planted for. Entry: read_library. Tested by tests/unit/tools/library_test.cpp, which runs all
// rules of the pack.
#pragma once

#include "tools/generate/catalogue.h"
#include "tools/generate/published_read.h"

#include <string>
#include <string_view>

namespace sanku::generate {

// A cell such as `E10..E14;O24.4`: whether a code is one of them or lies below one.
bool holds(std::string_view set, std::string_view code);

// Reads the tables of the pack, marks items and diagnoses as `apart`, and appends the items that
// are known by name only. After the items and the registers.
Result<std::monostate> read_library(Draft& draft, const CatalogueFiles& files);

} // namespace sanku::generate
