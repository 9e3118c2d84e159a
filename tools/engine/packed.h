// Packs that are files, or in a store: found, verified, opened. Entry: open_packed. Tested by
// tests/unit/tools/pack_file_test.cpp and store_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/source/source.h"
#include "runtime/types/result.h"
#include "tools/pack/container.h"
#include "tools/pack/pin.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace sanku::engine {

// What pack files are verified against; those in a store, against the store's own trust root.
struct PackTrust {
  std::filesystem::path root; // its file; empty: none, and then no pack file is taken
  pack::Moment now;
};

// The pack files that packs are read from, which outlive these.
using PackFiles = std::vector<std::unique_ptr<pack::PackFile>>;

// A file that begins as pack files do, or is in no pack's folder; a store with one pack in force,
// or STORE/NAME and STORE/NAME@LAYER.
[[nodiscard]] bool is_packed(const std::filesystem::path& place);

// Empty with diagnostics: refused. `map` holds the file by name, for messages.
[[nodiscard]] Result<std::optional<pack::PackFile>> open_packed(const std::filesystem::path& place,
                                                                source::SourceMap& map,
                                                                diag::Diagnostics& diagnostics,
                                                                const PackTrust& trust);

// Of a pack in a store: the place there of what serves under the pin's name, before others what it
// means. Empty: there is none, or the pack is in no store.
[[nodiscard]] Result<std::filesystem::path> below_in_store(const std::filesystem::path& place,
                                                           const pack::Pin& pin,
                                                           source::SourceMap& map,
                                                           diag::Diagnostics& diagnostics);

// The trust root in a file, if it is right and enough of its root keys hold now: a signature on a
// root has no time, so whoever takes a root from a file takes it up at that moment.
[[nodiscard]] std::optional<pack::TrustRoot> read_trust_root(const std::filesystem::path& file,
                                                             pack::Moment now,
                                                             source::SourceMap& map,
                                                             diag::Diagnostics& diagnostics);

} // namespace sanku::engine
