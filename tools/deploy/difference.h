// What differs between two packs, for people: rules, rows of tables, figures, files. Entry:
// difference. Tested by tests/unit/tools/delta_test.cpp.
#pragma once

#include "runtime/types/value.h"
#include "tools/pack/container.h"

#include <string>

namespace sanku::deploy {

// Empty: they hold the same.
[[nodiscard]] std::string difference(const pack::PackFile& old_one, const pack::PackFile& new_one,
                                     Language language);

} // namespace sanku::deploy
