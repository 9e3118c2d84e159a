// What the files of mutants.h share. Entries: other_values, add_rows.
#pragma once

#include "tools/measure/mutants.h"

#include <utility>
#include <vector>

namespace sanku::measure {

// What could have been written in the place of a literal: the next ones of its kind.
[[nodiscard]] std::vector<std::pair<MutantKind, Value>> other_values(const Value& value,
                                                                     const Type& type);
// Rows that the rule's tests look up, told apart by what they say: each left out, and each cell
// that the rule reads changed.
void add_rows(const Rules& rules, std::uint32_t rule, Trials& trials, std::vector<Mutant>& mutants);

} // namespace sanku::measure
