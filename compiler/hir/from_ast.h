// From the Ast to the Hir: names resolved, types inferred, every rule of the language checked. A
// declaration that is wrong is told and left out, the others go on, so that one run shows all
// mistakes. Tested by tests/unit/compiler/check_test.cpp and tests/cases/errors.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/hir/defaults.h"
#include "compiler/hir/hir.h"
#include "runtime/types/read_file.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sanku::hir {

// What is known of a table's rows: whether its key is unique, and if not, two lines of its file
// that share a key.
struct KeyFact {
  bool unique = true;
  std::string first_line, second_line; // `drug_sex.csv:17` where a table has several files
};
// By table; one that is absent is taken as unique.
using KnowledgeFacts = std::map<TableId, KeyFact>;

// The file of a decision table as it was read: headers, and rows with their lines.
struct DecisionFile {
  struct Row {
    std::uint64_t line = 0;
    std::vector<std::string> cells;
  };
  std::vector<std::string> headers;
  std::vector<Row> rows;
};
// By declaration; one that is absent could not be read, which was told.
using DecisionFiles = std::map<const ast::Decide*, DecisionFile>;

// The files that decision tables name, out of the pack's folder `knowledge`.
[[nodiscard]] DecisionFiles read_decision_files(const std::vector<const ast::File*>& rule_files,
                                                const std::filesystem::path& folder,
                                                diag::Diagnostics& diagnostics,
                                                const ReadFile& read = {});

// What trained models hold, by declaration; one that is absent could not be loaded, which was told.
using ModelFiles = std::map<const ast::ModelDecl*, std::unique_ptr<models::Model>>;

// Out of the pack's folder `models`.
[[nodiscard]] ModelFiles read_model_files(const std::vector<const ast::File*>& rule_files,
                                          const std::filesystem::path& folder,
                                          diag::Diagnostics& diagnostics,
                                          const ReadFile& read = {});

// The files of one layer: those of the pack, or of an overlay's folder.
struct LayerFiles {
  std::string name;  // as its manifest says
  LayerId below = 0; // of an overlay: what it lies on, which stands before it
  std::vector<const ast::File*> files;
  Span place;                  // the manifest
  LocalDefaults defaults = {}; // of an overlay, what it decides otherwise
};
using Layers = std::vector<LayerFiles>; // the pack first

// What the rules are checked against beside their texts.
struct PackFacts {
  KnowledgeFacts tables = {};
  Defaults defaults = {};
  Reading reading = {};
  DecisionFiles decisions = {};
  ModelFiles models = {};
};

// The program of all declarations that are right. Empty when the schema is wrong. The files outlive
// the program: its tests point into them. The caller decides what errors mean (diag::has_errors).
[[nodiscard]] std::optional<Program> from_ast(const std::vector<const ast::File*>& schema_files,
                                              const Layers& layers, PackFacts facts,
                                              diag::Diagnostics& diagnostics);

// Schema and knowledge declarations only: what is needed to load the tables, whose facts the full
// check then takes.
[[nodiscard]] std::optional<Program>
tables_from_ast(const std::vector<const ast::File*>& schema_files, const Layers& layers,
                diag::Diagnostics& diagnostics);

} // namespace sanku::hir
