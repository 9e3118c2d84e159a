// The manifest of a pack file or a delta: what it is, and the size and digests of every member, as
// text with one way to write it. What is signed is this text. Entries: manifest_text,
// parse_manifest. Tested by tests/unit/tools/pack_file_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "tools/pack/digest.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::pack {

enum class FileKind : std::uint8_t { pack, delta };

// `name national`: a key of manifest.cpp's table, and the rest of the line.
struct Fact {
  std::string key, value;

  friend bool operator==(const Fact&, const Fact&) = default;
};

struct MemberEntry {
  std::string name;
  std::uint64_t size = 0;
  Digests digests;

  friend bool operator==(const MemberEntry&, const MemberEntry&) = default;
};

struct Manifest {
  std::vector<Fact> facts;          // in the order of the table
  std::vector<MemberEntry> members; // by name
};

[[nodiscard]] std::string manifest_text(const Manifest& manifest);
// Only what manifest_text writes is taken.
[[nodiscard]] std::optional<Manifest> parse_manifest(std::string_view text, FileKind kind,
                                                     source::Span place,
                                                     diag::Diagnostics& diagnostics);

// Empty where there is none.
[[nodiscard]] std::string_view fact(const Manifest& manifest, std::string_view key);

// Why a path can be no member's: leaves the pack, is hidden, or means another thing on another
// system. Empty: it can.
struct Fault {
  std::string_view zh, en;
};
[[nodiscard]] std::optional<Fault> name_fault(std::string_view name);
// What two names have in common that some system takes for one.
[[nodiscard]] std::string folded_name(std::string_view name);

} // namespace sanku::pack
