// The whole way of a rule on one screen: texts → Ast → Schema and Hir → Plan → ProgramImage. A
// stage is a free function from one structure to the next; this file only puts them in order.
// Everything a caller may want to look at stays in the result.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/hir/defaults.h"
#include "compiler/hir/hir.h"
#include "compiler/plan/plan.h"
#include "compiler/source/source.h"
#include "runtime/exec/image.h"
#include "runtime/knowledge/table.h"
#include "runtime/types/read_file.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sanku {

// A pack's texts, already in the SourceMap: which files are schema, which are rules, and where the
// knowledge tables lie.
struct LayerSources {
  std::string name;                                     // as its manifest says
  std::uint32_t below = 0;                              // layer that it lies on
  std::optional<std::uint32_t> manifest = std::nullopt; // in the SourceMap
  std::vector<std::uint32_t> rule_files = {};
  std::filesystem::path knowledge_folder = {};
  std::filesystem::path models_folder = {}; // trained models
  ReadFile read = {};                       // tables and models
  hir::LocalDefaults defaults = {};         // of an overlay's manifest
};
struct PackSources {
  std::vector<std::uint32_t> schema_files;
  std::vector<std::uint32_t> rule_files;
  std::filesystem::path knowledge_folder;
  std::filesystem::path models_folder = {}; // trained models
  hir::Defaults defaults = {};              // of the manifest
  ReadFile read = {};                       // tables, registries and models
  std::string name = {};                    // likewise
  // On the pack, which is layer 0; each behind what it lies on.
  std::vector<LayerSources> overlays = {};
  hir::Reading reading = {};
  std::optional<Date> as_known = std::nullopt; // leave out what was published later
};

// Read, checked, with its tables loaded: what both executions start from. Ast files are kept
// because tests and messages point into them.
struct Checked {
  std::vector<std::unique_ptr<ast::File>> files;
  hir::Program program;
  std::vector<knowledge::Table> tables; // by hir::Program::tables
  std::string beside; // what the program was made of beside its texts: facts of tables, decisions
};

// Parses and checks; loads and checks every table. Nothing stops at the first error: `diags` has
// them all. Empty only if no schema could be made; otherwise the declarations that are right, even
// when others are not.
[[nodiscard]] std::optional<Checked>
check_pack(const source::SourceMap& map, const PackSources& sources, diag::Diagnostics& diags);

} // namespace sanku
