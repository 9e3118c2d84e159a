// See digest.h.
#include "tools/pack/digest.h"

#include "runtime/types/check.h"

#include <algorithm>
#include <openssl/evp.h>

namespace sanku::pack {
namespace {

Digest digest_by(const EVP_MD* algorithm, std::string_view bytes) {
  Digest digest{};
  unsigned size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr);
  check(done == 1 && size == digest.size(), "OpenSSL has SHA-256 and SM3, of 32 bytes each");
  return digest;
}

} // namespace

Digest sha256_of(std::string_view bytes) { return digest_by(EVP_sha256(), bytes); }

Digest sm3_of(std::string_view bytes) { return digest_by(EVP_sm3(), bytes); }

Digests digests_of(std::string_view bytes) {
  return {.sha256 = sha256_of(bytes), .sm3 = sm3_of(bytes)};
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string hex(const Digest& digest) {
  return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::optional<std::string> from_hex(std::string_view text) {
  const auto value = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  if (text.size() % 2 != 0)
    return std::nullopt;
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const int high = value(text[at]), low = value(text[at + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::optional<Digest> digest_from_hex(std::string_view text) {
  Digest digest{};
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != digest.size())
    return std::nullopt;
  std::ranges::copy(*bytes, digest.begin());
  return digest;
}

} // namespace sanku::pack
