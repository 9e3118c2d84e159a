// The cache of machine code on disk. An entry is code, so only its owner may write the folder, each
// entry carries a keyed digest over its name and its bytes, and nothing is used before that was
// verified. Anything else is as if it were not there: one warning, and the code is made anew.
// Entries: open_cache, fetch, keep, forget. Tested by tests/unit/tools/object_cache_test.cpp.
#pragma once

#include "runtime/types/result.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sanku::engine {

struct CacheOptions {
  std::filesystem::path folder;
  std::uint64_t most_bytes = std::uint64_t{256} << 20; // of all entries; the oldest go first
};

// What is wrong with the cache is never a reason to stop.
using Warn = std::function<void(const Error&)>;

struct ObjectCache {
  CacheOptions options;
  std::array<unsigned char, 32> key{}; // kept in the folder, readable by its owner only
};

// Makes the folder if need be. Empty: it cannot be trusted or used, which was told.
[[nodiscard]] std::optional<ObjectCache> open_cache(const CacheOptions& options, const Warn& warn);

// `name` as name_of gives it. Empty: there is no entry, or none that is whole and ours.
[[nodiscard]] std::optional<std::string> fetch(const ObjectCache& cache, const std::string& name,
                                               const Warn& warn);
// Whole or not at all, also when others read and write at the same time.
void keep(const ObjectCache& cache, const std::string& name, std::string_view bytes,
          const Warn& warn);

// Nothing of it is needed any more; no matter if it was not there.
void forget(const ObjectCache& cache, const std::string& name);

// The name for what was made of those parts: different parts, different name.
[[nodiscard]] std::string name_of(std::initializer_list<std::string_view> parts);

// Where the cache lies unless something else is asked for: SANKU_CACHE, else the user's cache
// folder (XDG_CACHE_HOME, HOME). Empty: nowhere, or SANKU_CACHE is set to nothing.
[[nodiscard]] std::optional<std::filesystem::path> cache_folder();

} // namespace sanku::engine
