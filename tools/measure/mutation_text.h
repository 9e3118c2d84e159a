// Mutation for people and for programs. Entries: mutation_text, mutation_json. Tested by
// tests/unit/tools/mutation_test.cpp.
#pragma once

#include "tools/engine/run_tests.h"
#include "tools/measure/mutation.h"

#include <string>

namespace sanku::measure {

// What survived, by rule, each with a claim that would tell; then the figures.
[[nodiscard]] std::string mutation_text(const Rules& rules, const Mutation& mutation,
                                        engine::ReportStyle style);
[[nodiscard]] std::string_view fate_key(Fate fate); // noticed, survived, unreached, equal
// The same in both languages.
[[nodiscard]] std::string mutation_json(const Rules& rules, const Mutation& mutation);

} // namespace sanku::measure
