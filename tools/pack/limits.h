// What a pack file may be at most: one of unknown origin must use up neither memory nor time.
// Header only. Tested by tests/unit/tools/pack_hostile_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sanku::pack {

struct Limits {
  std::uint64_t bytes = std::uint64_t{1} << 30;
  std::uint64_t manifest = 8u << 20;
  std::uint64_t signatures = 64;
  std::uint64_t members = 20'000;
  std::uint64_t member = std::uint64_t{256} << 20;
};

inline constexpr std::size_t most_name_bytes = 240;
inline constexpr std::size_t most_proof_claims = 500'000; // a thousand rules, each with each other

} // namespace sanku::pack
