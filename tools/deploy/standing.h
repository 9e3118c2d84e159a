// What serves in a store, what each lies on, and whether that holds once some of it is replaced: an
// overlay is used on what it was built and tested on, so neither goes without the other. Entries:
// standing_of, replace, stands. Tested by tests/unit/tools/overlay_install_test.cpp.
#pragma once

#include "tools/pack/pin.h"
#include "tools/pack/store.h"

#include <optional>
#include <string>
#include <vector>

namespace sanku::deploy {

struct Standing {
  pack::LogEntry entry;
  std::optional<pack::Pin> pin = {};
  bool is_new = false; // comes into force in this step
};

// By name and layer. Empty with diagnostics: a file of it is not what the log says.
[[nodiscard]] Result<std::optional<std::vector<Standing>>>
standing_of(const pack::Store& store, source::Span place, diag::Diagnostics& diagnostics);

// Takes the place of what has its name and layer, if anything has.
void replace(std::vector<Standing>& all, Standing next);

// What a pin means; null: it is not there.
[[nodiscard]] const Standing* found(const std::vector<Standing>& all, const pack::Pin& pin);

// Everything that is new, or lies on something of a name that is, lies on what it is pinned to.
[[nodiscard]] bool stands(const std::vector<Standing>& all, source::Span place,
                          diag::Diagnostics& diagnostics);

} // namespace sanku::deploy
