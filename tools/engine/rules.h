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

namespace sanku::engine {

// Kept at one address: what is made of rules refers to them.
struct Rules {
  Pack pack;
  source::SourceMap map;
  std::uint32_t schema_file = 0;
  diag::Diagnostics diagnostics;  // in source order
  std::optional<Checked> checked; // empty when pack.toml or the schema is wrong
};

// `place` as load_pack takes it. Errors are files that cannot be read.
[[nodiscard]] Result<std::unique_ptr<Rules>> read_rules(const std::filesystem::path& place,
                                                        const PackTrust& trust = {});
// Of a pack file that was opened already.
[[nodiscard]] Result<std::unique_ptr<Rules>> read_rules(pack::PackFile file,
                                                        const std::filesystem::path& place);

// With the pack loaded, and its mistakes in the diagnostics: the rest.
[[nodiscard]] Result<std::unique_ptr<Rules>> check_rules(std::unique_ptr<Rules> rules);

// Checked, without errors.
[[nodiscard]] bool is_ready(const Rules& rules);

// The program of rules that are ready.
[[nodiscard]] const hir::Program& program(const Rules& rules);

} // namespace sanku::engine
