// Whether the bytes of a store are those that its last change left: their digest in a file beside
// them, and a mark that stands while a change is made. Entries: check_digest, begin_change,
// end_change. Tested by tests/unit/tools/history_test.cpp.
#pragma once

#include "runtime/types/result.h"

#include <filesystem>

namespace sanku::history {

enum class Rest : std::uint8_t {
  fresh,       // nothing was ever written
  whole,       // as the last change left it
  interrupted, // a change was begun and not ended: the database itself knows how far it came
  damaged,     // other bytes than the last change left
};
[[nodiscard]] Result<Rest> look(const std::filesystem::path& folder);

// Both last when they return.
[[nodiscard]] Result<void> begin_change(const std::filesystem::path& folder);
[[nodiscard]] Result<void> end_change(const std::filesystem::path& folder);

// The database's file in the folder.
[[nodiscard]] std::filesystem::path data_file(const std::filesystem::path& folder);

} // namespace sanku::history
