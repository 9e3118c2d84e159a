// What the pack file of an overlay lies on: the name of the pack below, the versions of it that the
// overlay is meant for, and the digests of the very manifest that it was built and tested on. It is
// taken on no other. Entries: parse_versions, pin_on, lies_on. Tested by
// tests/unit/tools/overlay_file_test.cpp.
#pragma once

#include "tools/pack/container.h"

#include <optional>
#include <string>
#include <string_view>

namespace sanku::pack {

// `2026.11`, `2026.11..2026.12` with both included, or `2026.11..` without an end.
struct Versions {
  std::string least, most; // most empty: whatever is newer

  friend bool operator==(const Versions&, const Versions&) = default;
};
[[nodiscard]] std::optional<Versions> parse_versions(std::string_view text);
[[nodiscard]] std::string versions_text(const Versions& versions);
[[nodiscard]] bool has_version(const Versions& versions, std::string_view version);

struct Pin {
  std::string name;
  Versions versions;
  Digests manifest;

  friend bool operator==(const Pin&, const Pin&) = default;
};

// The value of the manifest's `base`.
[[nodiscard]] std::string pin_text(const Pin& pin);
[[nodiscard]] std::optional<Pin> parse_pin(std::string_view text);
// None: it lies on no other.
[[nodiscard]] std::optional<Pin> pin_of(const Manifest& manifest);
[[nodiscard]] Pin pin_on(const PackFile& below, const Versions& versions);

[[nodiscard]] bool is_meant(const Pin& pin, const PackFile& below);
// The same, and says what is not as it was pinned; `above` is the name of what is pinned.
[[nodiscard]] bool lies_on(const Pin& pin, const PackFile& below, std::string_view above,
                           source::Span place, diag::Diagnostics& diagnostics);

} // namespace sanku::pack
