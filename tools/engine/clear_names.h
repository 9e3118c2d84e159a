// Names that look alike (SK2165) are told of a folder, for development. A pack file must not have
// them, nor a folder that becomes one: who reviews it would take one name for another. Entry:
// refuse_look_alikes. Tested by tests/unit/tools/pack_hostile_test.cpp.
#pragma once

#include "tools/engine/rules.h"

#include <cstdint>
#include <vector>

namespace sanku::engine {

// Makes them errors in the layers that are pack files, and in `layers`.
void refuse_look_alikes(Rules& rules, const std::vector<std::uint32_t>& layers = {});

} // namespace sanku::engine
