// Keys that sign pack files: Ed25519, or SM2 with SM3 and the standard's own user id, by OpenSSL.
// A key is known by the SHA-256 of its public half as X.509 writes it. Entries: make_key, read_key,
// sign, verifies. Tested by tests/unit/tools/pack_trust_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "tools/pack/digest.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace sanku::pack {

enum class Algorithm : std::uint8_t { ed25519, sm2 };
[[nodiscard]] std::string_view algorithm_name(Algorithm algorithm);
[[nodiscard]] std::optional<Algorithm> algorithm_named(std::string_view name);

struct FreeKey {
  void operator()(evp_pkey_st* key) const;
};

struct PublicKey {
  Algorithm algorithm = Algorithm::ed25519;
  std::string spki; // SubjectPublicKeyInfo, DER
  std::string id;   // SHA-256 of that, 64 hexadecimal digits
};
struct PrivateKey {
  PublicKey open;
  std::unique_ptr<evp_pkey_st, FreeKey> key;
};

[[nodiscard]] PrivateKey make_key(Algorithm algorithm);
[[nodiscard]] std::string private_pem(const PrivateKey& key);
[[nodiscard]] std::string public_pem(const PublicKey& key);
// `name` is for messages.
[[nodiscard]] std::optional<PrivateKey> read_private(std::string_view pem, std::string_view name,
                                                     source::Span place,
                                                     diag::Diagnostics& diagnostics);
[[nodiscard]] std::optional<PublicKey> read_public(std::string_view pem, std::string_view name,
                                                   source::Span place,
                                                   diag::Diagnostics& diagnostics);
[[nodiscard]] std::optional<PublicKey> public_of(std::string_view spki);

// The first sixteen digits: enough for people.
[[nodiscard]] inline std::string_view short_id(std::string_view id) { return id.substr(0, 16); }

[[nodiscard]] std::string sign(const PrivateKey& key, std::string_view message);
[[nodiscard]] bool verifies(const PublicKey& key, std::string_view message,
                            std::string_view signature);

} // namespace sanku::pack
