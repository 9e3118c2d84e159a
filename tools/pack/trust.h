// The trust root: which keys there are, whose, in which roles, how long, and what a pack must have
// to be taken. A text with one form, signed by k of its n root keys; each version is signed by the
// keys of the one before as well. Entries: read_root, follows. Tested by
// tests/unit/tools/pack_trust_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "tools/pack/keys.h"
#include "tools/pack/moment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::pack {

inline constexpr std::string_view root_role = "root";

struct TrustedKey {
  PublicKey key;
  std::string holder;             // a person or an office, one word
  std::vector<std::string> roles; // sorted
  Moment from, until;             // days, both included
  std::optional<Moment> revoked;  // a day; then nothing that it signed counts
  // A day; then what it signed before counts on what a store had in force before, and nowhere else.
  std::optional<Moment> revoked_since = std::nullopt;

  // Whether its signature on a trust root, which has no time, counts.
  [[nodiscard]] bool signs_roots() const { return !revoked && !revoked_since; }
};

// One line of the policy.
struct Demand {
  enum class Kind : std::uint8_t {
    role,      // somebody has signed in it
    distinct,  // the two roles were signed by different holders
    algorithm, // one signature at least is by it
    coverage,  // at least so many per cent, as the manifest says and this machine finds
    mutation,
    conflicts, // no more than so many, as its report of proofs says
    unknown,   // questions of that without an answer, likewise
    report,    // it has a report of that kind
  };
  Kind kind = Kind::role;
  std::string one, other; // roles, an algorithm or a number

  friend bool operator==(const Demand&, const Demand&) = default;
};

struct RootSignature {
  std::string key; // id
  std::string bytes;
};

struct TrustRoot {
  std::uint64_t version = 1;
  Moment expires; // a day, included
  std::uint64_t threshold = 1;
  std::vector<TrustedKey> keys; // by id
  std::vector<Demand> policy;
  std::vector<RootSignature> signatures; // by key
};

// All that is signed, and the whole with its signatures.
[[nodiscard]] std::string signed_text(const TrustRoot& root);
[[nodiscard]] std::string root_text(const TrustRoot& root);
// In its one form, and signed by enough of its own root keys.
[[nodiscard]] std::optional<TrustRoot> read_root(std::string_view text, source::Span place,
                                                 diag::Diagnostics& diagnostics);
// Signs, or signs again.
void sign_root(TrustRoot& root, const PrivateKey& key);

// Whether `next` may take the place of `root`: the next version, signed by enough keys of both.
[[nodiscard]] bool follows(const TrustRoot& root, const TrustRoot& next, source::Span place,
                           diag::Diagnostics& diagnostics);
[[nodiscard]] bool is_current(const TrustRoot& root, Moment now, source::Span place,
                              diag::Diagnostics& diagnostics);

[[nodiscard]] const TrustedKey* find_key(const TrustRoot& root, std::string_view id);
[[nodiscard]] bool has_role(const TrustedKey& key, std::string_view role);

} // namespace sanku::pack
