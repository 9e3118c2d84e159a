// Rules checked over the schema that ships and two small tables, for the tests of the checker.
#pragma once

#include "compiler/ast/from_parse_tree.h"
#include "compiler/hir/from_ast.h"
#include "tests/support/texts.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sanku::hir {

inline constexpr const char* knowledge_text =
    "knowledge drug_sex / 药品限性别 from \"a.csv\" { code / 编码 : DrugCode key  sex / 性别 : Sex "
    " max : int  rate : decimal(5,2) }\n"
    "knowledge pairs / 互斥 from \"b.csv\" { code : ServiceCode key  main : ServiceCode  window : "
    "window }\n";

struct Checked {
  source::SourceMap map;
  diag::Diagnostics diagnostics;
  std::vector<std::unique_ptr<ast::File>> files;
  std::optional<Program> program;
};

// Files as the one layer that there is.
inline Layers only(std::vector<const ast::File*> files) {
  Layers layers;
  layers.push_back({.name = "pack", .below = 0, .files = std::move(files), .place = {}});
  return layers;
}

// What is known of a table, by its name.
inline KnowledgeFacts facts_of(const std::string& table, const KeyFact& fact,
                               const ast::File* schema, const Layers& layers) {
  diag::Diagnostics ignored;
  const auto declared = tables_from_ast({schema}, layers, ignored);
  for (TableId id = 0; declared && id < declared->tables.size(); ++id)
    if (declared->tables[id].shape.relation.names.en == table)
      return {{id, fact}};
  return {};
}

// `repeated`: a table whose key is not unique.
inline Checked check(const std::string& rules, const std::pair<std::string, KeyFact>& repeated = {},
                     const Defaults& defaults = {}) {
  Checked made;
  const auto parse = [&](std::string name, std::string text) {
    const auto id = source::add(made.map, std::move(name), std::move(text));
    made.files.push_back(std::make_unique<ast::File>(ast::parse(made.map, id, made.diagnostics)));
    return made.files.back().get();
  };
  const ast::File* schema = parse("schema.sanku", testing::shipped_schema());
  const ast::File* file = parse("rules.sanku", std::string(knowledge_text) + rules);
  const Layers layers = only({file});
  made.program = from_ast(
      {schema}, layers,
      {.tables = facts_of(repeated.first, repeated.second, schema, layers), .defaults = defaults},
      made.diagnostics);
  return made;
}

inline std::string rule_text(const std::string& body) {
  return "rule R \"规则\" {\n" + body + "\n}\n";
}

inline std::string told(const Checked& checked) {
  std::string all;
  for (const diag::Diagnostic& one : checked.diagnostics.all)
    all += fmt::format("SK{} {}\n", one.number, one.en);
  return all;
}

} // namespace sanku::hir
