// What the reader of a pack file holds to the one form that the builder writes: which members there
// are, pack.toml, rule texts as the formatter lays them out. What is signed is then what anybody
// would have built of it, and nothing lies in a file that nobody looks at. Entries: check_members,
// check_layouts. Tested by tests/unit/tools/pack_hostile_test.cpp.
#pragma once

#include "tools/engine/rules.h"

#include <string_view>

namespace sanku::engine {

// Whether members of such a name are written by the builder at all.
[[nodiscard]] bool is_member_kind(std::string_view name);
// Names and pack.toml, of a pack.
void check_members(const pack::PackFile& file, source::Span place, diag::Diagnostics& diagnostics);
// The rule texts of the layers that are pack files, of rules that were checked.
void check_layouts(Rules& rules);

} // namespace sanku::engine
