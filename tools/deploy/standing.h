// What serves in a store, what each lies on, and whether that holds once some of it is replaced: an
// overlay is used on what it was built and tested on, so neither goes without the other. Entries:
// standing_of, are_whole, are_taken, replace, stands. Tested by
// tests/unit/tools/overlay_install_test.cpp.
#pragma once

#include "tools/pack/pin.h"
#include "tools/pack/store.h"

#include <optional>
#include <string>
#include <vector>

namespace sanku::deploy {

// Whether its file is there, byte for byte.
enum class FileState : std::uint8_t { whole, damaged, lost };

struct Standing {
  pack::LogEntry entry;
  std::optional<pack::Pin> pin = {};
  bool is_new = false;                // comes into force in this step
  FileState state = FileState::whole; // if it is not, nobody knows what it lies on
};

// By name and layer.
[[nodiscard]] Result<std::vector<Standing>> standing_of(const pack::Store& store);
// Whether all files are whole; those that are not are told, with what puts them back.
[[nodiscard]] bool are_whole(const std::vector<Standing>& all, source::Span place,
                             diag::Diagnostics& diagnostics);
// Whether the store's trust root takes each; of one that it refuses both is told, why and that it
// serves. Those whose file is not whole are passed over.
[[nodiscard]] Result<bool> are_taken(const pack::Store& store, const std::vector<Standing>& all,
                                     pack::Moment now, source::Span place,
                                     diag::Diagnostics& diagnostics);

// Takes the place of what has its name and layer, if anything has.
void replace(std::vector<Standing>& all, Standing next);

// What a pin means; null: it is not there.
[[nodiscard]] const Standing* found(const std::vector<Standing>& all, const pack::Pin& pin);

// Everything that is new, or lies on something of a name that is, lies on what it is pinned to.
[[nodiscard]] bool stands(const std::vector<Standing>& all, source::Span place,
                          diag::Diagnostics& diagnostics);

} // namespace sanku::deploy
