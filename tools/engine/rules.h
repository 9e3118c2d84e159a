// A pack's texts, read and checked: what every command starts from. Entries: read_rules, which
// tells all mistakes, and ready_rules, which insists that there are none. Tested by
// tests/unit/tools/engine_test.cpp.
#pragma once

#include "compiler/compile.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/source/source.h"
#include "runtime/types/result.h"
#include "tools/engine/pack.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sanku::engine {

// How a pack is read: overlays beside it, where claims are from that do not say, and which day
// counts (language reference, "Overlays" and "Publications").
struct ReadOptions {
  PackTrust trust = {}; // what pack files are verified against
  // Packs that overlays may lie on: the pack files of overlays where they are pinned, an overlay's
  // folder that is named on the first, in place of what its pack.toml says.
  std::vector<std::filesystem::path> bases = {};
  std::vector<std::filesystem::path> overlays = {}; // folders of overlays, or of such folders
  std::string region = {};                          // six digits
  std::optional<Date> as_of = std::nullopt;
  std::optional<Date> as_known = std::nullopt;
};

// Kept at one address: what is made of rules refers to them.
struct Rules {
  PackFiles files;                  // that layers are read from
  Pack pack;                        // that was named: an overlay, or what others lie on
  std::vector<Pack> layers;         // by hir::LayerId; the pack itself first
  std::vector<std::uint32_t> below; // by layer: the one that it lies on
  std::vector<std::uint32_t> named; // of the layers, those that were asked for
  source::SourceMap map;
  std::uint32_t schema_file = 0;
  diag::Diagnostics diagnostics;  // in source order
  std::optional<Checked> checked; // empty when pack.toml or the schema is wrong
};

// `place` as load_pack takes it. Errors are files that cannot be read.
[[nodiscard]] Result<std::unique_ptr<Rules>> read_rules(const std::filesystem::path& place,
                                                        const ReadOptions& options = {});
// Of a pack file that was opened already, and those that it may lie on.
[[nodiscard]] Result<std::unique_ptr<Rules>> read_rules(pack::PackFile file,
                                                        const std::filesystem::path& place,
                                                        std::vector<pack::PackFile> bases = {});

// The two halves of the first: the layers with what is wrong with them; and the rest, if nothing
// was.
[[nodiscard]] Result<std::unique_ptr<Rules>> load_rules(const std::filesystem::path& place,
                                                        const ReadOptions& options);
[[nodiscard]] Result<std::unique_ptr<Rules>> check_rules(std::unique_ptr<Rules> rules,
                                                         const ReadOptions& options);
// Whether a layer was asked for, rather than only lying below one that was.
[[nodiscard]] bool is_named(const Rules& rules, std::uint32_t layer);
// Reads the files that a text of the rules names: those of its layer.
[[nodiscard]] const ReadFile& reader_of(const Rules& rules, std::uint32_t file);
// How findings name what they were made by: the pack that was named, and overlays beside it.
[[nodiscard]] std::string label(const Rules& rules);

// Checked, without errors.
[[nodiscard]] bool is_ready(const Rules& rules);

// The program of rules that are ready.
[[nodiscard]] const hir::Program& program(const Rules& rules);

} // namespace sanku::engine
