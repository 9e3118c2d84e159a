// The reasons of a score as one text, so that a finding carries them like any other value: of each
// its name in both languages, the value it was read from, and how much it moved the score. Made by
// runtime/models, read for a person by to_text (value.h).
#pragma once

#include <string_view>

namespace sanku {

// No name or number has these characters: they are refused in texts of rules.
inline constexpr char reason_field = '\x1f'; // name zh, name en, value, contribution
inline constexpr char reason_end = '\x1e';
inline constexpr std::string_view reason_missing = "?";

} // namespace sanku
