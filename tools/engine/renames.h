// Rules that have another id than before: a rule says so itself, `was OLD_ID`. What compares packs,
// or keeps a record of rules over the years, takes both for one rule. Entries: renames, rename.
// Tested by tests/unit/tools/renames_test.cpp.
#pragma once

#include "tools/engine/rules.h"

#include <functional>
#include <map>
#include <string>

namespace sanku::engine {

using Renames = std::map<std::string, std::string, std::less<>>; // from the old id to the new one

// All that the rules of a pack say.
[[nodiscard]] Renames renames(const Rules& rules);
// Those of rules that `before` has by the old id alone, and `now` by the new one alone.
[[nodiscard]] Renames renames(const Rules& before, const Rules& now);
// Gives the rules their new ids, in the order of these.
void rename(Rules& rules, const Renames& renames);

} // namespace sanku::engine
