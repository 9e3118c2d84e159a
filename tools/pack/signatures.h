// Signatures of a pack file or a delta. Each covers: what it is for ‖ the manifest's digests ‖ role
// ‖ key id ‖ edition ‖ time, one a line, so that none serves elsewhere. They stand in the order of
// role and key. Entries: make_signature, parse_signatures, verify_signatures and the two of the
// policy. Tested
// by tests/unit/tools/pack_trust_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "tools/pack/digest.h"
#include "tools/pack/keys.h"
#include "tools/pack/manifest.h"
#include "tools/pack/trust.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::pack {

struct Signature {
  std::string role, key, edition;
  Moment time;
  std::string bytes;
};

[[nodiscard]] std::string signatures_text(const std::vector<Signature>& signatures);
// `most`: how many there may be.
[[nodiscard]] std::optional<std::vector<Signature>>
parse_signatures(std::string_view text, std::uint64_t most, source::Span place,
                 diag::Diagnostics& diagnostics);

struct Signed {
  FileKind kind = FileKind::pack;
  Digests manifest; // of its text
};

[[nodiscard]] Signature make_signature(const Signed& what, std::string_view role,
                                       std::string_view edition, Moment time,
                                       const PrivateKey& key);

// The time of a signature is what its signer says. A store knows better: what it had in force at
// some moment was signed before.
struct When {
  Moment now;
  // When the store first had it in force; now, of what comes. None: no store is asked.
  std::optional<Moment> first = std::nullopt;
};

// Every one is by a key of the root, in a role of the key, at a time when the key held and that is
// not of the future, and verifies. Where a store is asked, the key held as well when the pack came.
[[nodiscard]] bool verify_signatures(const std::vector<Signature>& signatures, const Signed& what,
                                     const TrustRoot& root, const When& when, source::Span place,
                                     diag::Diagnostics& diagnostics);
// What the root demands beside; all that is missing is told. First of who has signed, for which
// nothing that is signed is read, and then of what the manifest says of the pack.
[[nodiscard]] bool meets_signing_policy(const std::vector<Signature>& signatures,
                                        const TrustRoot& root, source::Span place,
                                        diag::Diagnostics& diagnostics);
[[nodiscard]] bool meets_figures_policy(const Manifest& manifest, const TrustRoot& root,
                                        source::Span place, diag::Diagnostics& diagnostics);

} // namespace sanku::pack
