// An analysis for people, in two languages, and for programs. Entries: text, json. Tested by
// tests/unit/tools/prove_test.cpp.
#pragma once

#include "tools/prove/analyse.h"

#include <string>
#include <string_view>

namespace sanku::prove {

// How a kind of finding is called in JSON: `never_fires`.
[[nodiscard]] std::string_view name_of(Kind kind);
// Whether it contradicts what rules are for; two rules that take the same line may both be right,
// versions may differ, and what was only not found up to some size may be found in a larger claim.
[[nodiscard]] bool is_conflict(const Finding& finding);
[[nodiscard]] std::uint64_t conflicts(const Report& report);

[[nodiscard]] std::string text(const Report& report, const engine::Rules& rules, Language language);
// One object: counts, findings with their tests, what is open, and the limits. Places are below the
// pack's folder, so that it is the same wherever the pack lies.
[[nodiscard]] std::string json(const Report& report, const engine::Rules& rules);

} // namespace sanku::prove
