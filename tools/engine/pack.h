// Rule packs on disk: a folder with pack.toml, rule files at any depth and a knowledge/ folder; or
// one file of all that, verified before anything in it is looked at (tools/pack).
// Entry: load_pack. Nothing is parsed here but pack.toml; the texts are read by rules.h. Tested by
// tests/unit/tools/engine_test.cpp and packs_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/hir/defaults.h"
#include "compiler/source/source.h"
#include "runtime/types/read_file.h"
#include "runtime/types/result.h"
#include "runtime/types/scalar.h"
#include "tools/engine/packed.h"
#include "tools/pack/pin.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sanku::engine {

// The language edition that this build reads.
inline constexpr std::string_view language_edition = "1";

struct Pack {
  std::filesystem::path folder;
  std::uint32_t file = 0; // pack.toml in the SourceMap
  std::string name, version, edition;
  std::filesystem::path base;   // of an overlay's folder: the pack below it, a folder or a file
  std::optional<pack::Pin> pin; // of an overlay's pack file: what it lies on
  std::optional<pack::Versions> base_versions; // of that, those that the overlay is meant for
  source::Span base_span;                      // where the manifest says so
  std::filesystem::path schema;                // of an overlay empty: it is that of the pack below
  std::optional<Date> test_date;               // of a test's settlement that has no date of its own
  std::vector<std::string> regions;
  std::string schema_version;        // the schema's edition that the pack is made for; empty: any
  hir::Defaults defaults;            // of the pack that overlays lie on
  hir::LocalDefaults local_defaults; // of an overlay: what it decides otherwise
  std::vector<std::filesystem::path> rule_files; // sorted by path
  std::filesystem::path knowledge_folder;
  std::filesystem::path models_folder;    // trained models
  const pack::PackFile* packed = nullptr; // null: a folder, which is for development
  ReadFile read;                          // the pack's files, and no others
};

// `place`: a pack's folder, a folder or rule file anywhere inside one. The nearest pack.toml
// counts, the place's own first. A file that begins as a pack file does is one. What is wrong in it
// goes to `diagnostics`, and the pack then has what could be read. A pack file is put to `files`,
// which outlives the pack. Errors are places that are in no pack, and files that cannot be read.
[[nodiscard]] Result<Pack> load_pack(const std::filesystem::path& place, source::SourceMap& map,
                                     diag::Diagnostics& diagnostics, const PackTrust& trust,
                                     PackFiles& files);
// The same for who needs the folder of a pack that is right: the first mistake is an error too.
[[nodiscard]] Result<Pack> load_pack(const std::filesystem::path& place);

// Of a pack file that was opened; `place` is what messages call it.
[[nodiscard]] Result<Pack> load_packed(pack::PackFile file, const std::filesystem::path& place,
                                       source::SourceMap& map, diag::Diagnostics& diagnostics,
                                       PackFiles& files);

// Adds a file of the pack to the texts; rule text is capped at 4 MiB.
[[nodiscard]] Result<std::uint32_t> add_text(source::SourceMap& map, const Pack& pack,
                                             const std::filesystem::path& file);

[[nodiscard]] inline bool is_overlay(const Pack& pack) { return !pack.base.empty() || pack.pin; }

// How a pack is named in findings and on screens: `national 2026.11`.
[[nodiscard]] std::string label(const Pack& pack);

} // namespace sanku::engine
