// A pack as one file, or a delta of one: a head of fixed size, the manifest, the signatures, the
// members' bytes; nothing compressed, nothing left over. What is in it is looked at only after what
// vouches for it: length, signatures, declared sizes, digests, and then the texts. Entries: write,
// open. Tested by tests/unit/tools/pack_file_test.cpp and pack_hostile_test.cpp, and by
// tests/fuzz.
#pragma once

#include "tools/pack/limits.h"
#include "tools/pack/manifest.h"
#include "tools/pack/signatures.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::pack {

// `SANKU PACK 1` or `SANKU DIFF 1` and the three lengths.
inline constexpr std::size_t head_bytes = 13 + 44;

struct PackFile {
  FileKind kind = FileKind::pack;
  std::unique_ptr<const std::string> bytes; // all of the file; the views below lie in it
  std::string_view manifest_text;
  Manifest manifest;
  std::vector<Signature> signatures;
  std::map<std::string, std::string_view, std::less<>> members;
};

// The signatures' own place in the bytes, so they can be replaced without a change elsewhere.
[[nodiscard]] std::string write(FileKind kind, std::string_view manifest,
                                const std::vector<Signature>& signatures, std::string_view payload);
// Members by name; sizes and digests are filled in.
[[nodiscard]] std::string write(FileKind kind, std::vector<Fact> facts,
                                const std::map<std::string, std::string, std::less<>>& members);
// The same file with other signatures.
[[nodiscard]] std::string with_signatures(const PackFile& file,
                                          const std::vector<Signature>& signatures);

// By a manifest's SHA-256 in hex: when a store first had it in force.
using FirstSeen = std::map<std::string, Moment, std::less<>>;

// Against what a file is verified. Without a root: is it whole, is it in its one form.
struct Trust {
  const TrustRoot* root = nullptr;
  Moment now;
  Limits limits = {};
  const FirstSeen* seen = nullptr; // null: no store is asked
  bool texts = true;               // false: only what vouches for them, not what they look like
};

[[nodiscard]] std::optional<PackFile> open(std::string bytes, const Trust& trust,
                                           source::Span place, diag::Diagnostics& diagnostics);

// Whether those vouch for it that the root demands: the first part of opening it, for which no
// member is looked at.
[[nodiscard]] bool is_vouched_for(std::string_view bytes, const Trust& trust, source::Span place,
                                  diag::Diagnostics& diagnostics);

// Only its manifest, whose members nobody has looked at: for who knows its digest.
[[nodiscard]] std::optional<Manifest> manifest_of(std::string_view bytes, source::Span place,
                                                  diag::Diagnostics& diagnostics);

// SHA-256 of the whole file, by which a store and a delta know it.
[[nodiscard]] Digests identity(const PackFile& file);
// A member's bytes; none: it has no such member.
[[nodiscard]] std::optional<std::string_view> member(const PackFile& file, std::string_view name);

// What the table of columns beside a table's CSV is called.
[[nodiscard]] std::string columns_name(std::string_view csv_name);

} // namespace sanku::pack
