// What a pack may be called: a name is a word of manifests and a place in a store, so it has a
// strict form. Header only. Tested by tests/unit/tools/pack_hostile_test.cpp.
#pragma once

#include <string_view>

namespace sanku::pack {

// Small letters and digits, with single `-`, `_` or `.` between them.
[[nodiscard]] inline bool is_pack_name(std::string_view name) {
  bool was_plain = false;
  for (const char c : name) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!is_plain && (!was_plain || (c != '-' && c != '_' && c != '.')))
      return false;
    was_plain = is_plain;
  }
  return was_plain && name.size() <= 60;
}

} // namespace sanku::pack
