// Digests of pack files, by OpenSSL: SHA-256 and SM3 together, because a national platform asks for
// the one and the world for the other, and what breaks one need not break both. Entry: digests_of.
// Tested by tests/unit/tools/pack_file_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sanku::pack {

using Digest = std::array<std::uint8_t, 32>;

struct Digests {
  Digest sha256{}, sm3{};

  friend bool operator==(const Digests&, const Digests&) = default;
};

[[nodiscard]] Digests digests_of(std::string_view bytes);
[[nodiscard]] Digest sha256_of(std::string_view bytes);
[[nodiscard]] Digest sm3_of(std::string_view bytes);

// In lower case; the other way nothing else is taken.
[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] std::string hex(const Digest& digest);
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);
[[nodiscard]] std::optional<Digest> digest_from_hex(std::string_view text);

} // namespace sanku::pack
