// See keys.h.
#include "tools/pack/keys.h"

#include "runtime/types/check.h"

#include <array>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace sanku::pack {
namespace {

using diag::report;
using diag::Words;

template <auto free_it> struct Free {
  template <class T> void operator()(T* what) const { free_it(what); }
};
using Key = std::unique_ptr<evp_pkey_st, FreeKey>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Context = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;

// The user id that GB/T 35276 gives where no other is agreed.
constexpr std::string_view sm2_user = "1234567812345678";
// Two integers of 32 bytes in DER.
constexpr std::size_t most_signature = 80;

struct AlgorithmRow {
  Algorithm algorithm;
  std::string_view name;
  const char* openssl;
};
constexpr std::array<AlgorithmRow, 2> algorithms = {
    {{Algorithm::ed25519, "ed25519", "ED25519"}, {Algorithm::sm2, "sm2", "SM2"}}};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string written(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Key key_of(std::string_view spki) {
  const unsigned char* at = bytes_of(spki);
  Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  if (key && at != bytes_of(spki) + spki.size())
    return nullptr;
  return key;
}

std::optional<PublicKey> described(const evp_pkey_st* key) {
  for (const AlgorithmRow& row : algorithms) {
    if (EVP_PKEY_is_a(key, row.openssl) != 1)
      continue;
    unsigned char* data = nullptr;
    const int size = i2d_PUBKEY(key, &data);
    check(size > 0, "a key of a known kind has a public half");
    PublicKey made{.algorithm = row.algorithm,
                   .spki = {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)},
                   .id = {}};
    OPENSSL_free(data);
    made.id = hex(sha256_of(made.spki));
    return made;
  }
  return std::nullopt;
}

// Ready to sign or to verify; `user` belongs to `context`.
struct Ready {
  Context context;
  KeyContext user;
};

std::optional<Ready> ready(evp_pkey_st* key, Algorithm algorithm, bool signing) {
  Ready made{.context = Context(EVP_MD_CTX_new()), .user = nullptr};
  const EVP_MD* digest = nullptr;
  if (algorithm == Algorithm::sm2) {
    digest = EVP_sm3();
    made.user.reset(EVP_PKEY_CTX_new(key, nullptr));
    if (!made.user || EVP_PKEY_CTX_set1_id(made.user.get(), sm2_user.data(),
                                           static_cast<int>(sm2_user.size())) != 1)
      return std::nullopt;
    EVP_MD_CTX_set_pkey_ctx(made.context.get(), made.user.get());
  }
  const int done = signing
                       ? EVP_DigestSignInit(made.context.get(), nullptr, digest, nullptr, key)
                       : EVP_DigestVerifyInit(made.context.get(), nullptr, digest, nullptr, key);
  if (done != 1)
    return std::nullopt;
  return made;
}

void unusable(std::string_view name, source::Span place, diag::Diagnostics& diagnostics) {
  report<"key_form">(diagnostics, place, name,
                     Words{"不是 PEM 格式的 Ed25519 或 SM2 密钥，或有口令",
                           "is no Ed25519 or SM2 key in PEM, or has a password"});
}

// Keys with passwords are not asked for one: a command that signs may have no terminal.
int no_password(char*, int, int, void*) { return -1; }

} // namespace

void FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

std::string_view algorithm_name(Algorithm algorithm) {
  for (const AlgorithmRow& row : algorithms)
    if (row.algorithm == algorithm)
      return row.name;
  unreachable("every algorithm has a name");
}

std::optional<Algorithm> algorithm_named(std::string_view name) {
  for (const AlgorithmRow& row : algorithms)
    if (row.name == name)
      return row.algorithm;
  return std::nullopt;
}

PrivateKey make_key(Algorithm algorithm) {
  PrivateKey made;
  for (const AlgorithmRow& row : algorithms)
    if (row.algorithm == algorithm)
      made.key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, row.openssl));
  check(made.key != nullptr, "OpenSSL makes Ed25519 and SM2 keys");
  auto open = described(made.key.get());
  check(open.has_value(), "a key that was made is of its kind");
  made.open = std::move(*open);
  return made;
}

std::string private_pem(const PrivateKey& key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_PKCS8PrivateKey(bio.get(), key.key.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) == 1,
        "a private key can be written");
  return written(bio.get());
}

std::string public_pem(const PublicKey& key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  const Key made = key_of(key.spki);
  check(made && PEM_write_bio_PUBKEY(bio.get(), made.get()) == 1, "a public key can be written");
  return written(bio.get());
}

std::optional<PrivateKey> read_private(std::string_view pem, std::string_view name,
                                       source::Span place, diag::Diagnostics& diagnostics) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  PrivateKey read;
  read.key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  auto open = read.key ? described(read.key.get()) : std::nullopt;
  if (!open) {
    unusable(name, place, diagnostics);
    return std::nullopt;
  }
  read.open = std::move(*open);
  return read;
}

std::optional<PublicKey> read_public(std::string_view pem, std::string_view name,
                                     source::Span place, diag::Diagnostics& diagnostics) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Key key(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr));
  auto open = key ? described(key.get()) : std::nullopt;
  if (!open)
    unusable(name, place, diagnostics);
  return open;
}

std::optional<PublicKey> public_of(std::string_view spki) {
  const Key key = key_of(spki);
  auto open = key ? described(key.get()) : std::nullopt;
  // One key, one way to write it, one id.
  if (!open || open->spki != spki)
    return std::nullopt;
  return open;
}

std::string sign(const PrivateKey& key, std::string_view message) {
  const auto made = ready(key.key.get(), key.open.algorithm, true);
  std::array<unsigned char, most_signature> signature{};
  std::size_t size = signature.size();
  check(made && EVP_DigestSign(made->context.get(), signature.data(), &size, bytes_of(message),
                               message.size()) == 1,
        "a key that was read can sign");
  return {reinterpret_cast<const char*>(signature.data()), size};
}

bool verifies(const PublicKey& key, std::string_view message, std::string_view signature) {
  const Key made = key_of(key.spki);
  if (!made)
    return false;
  const auto context = ready(made.get(), key.algorithm, false);
  return context && EVP_DigestVerify(context->context.get(), bytes_of(signature), signature.size(),
                                     bytes_of(message), message.size()) == 1;
}

} // namespace sanku::pack
