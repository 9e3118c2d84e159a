// What every rule of a compilation sees: schema, names, knowledge tables, sources, rule ids. Filled
// first (tables.cpp, from_ast.cpp), then read only.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/hir/from_ast.h"
#include "compiler/hir/hir.h"
#include "compiler/hir/schema_from_ast.h"

#include <map>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace sanku::hir {

using NameMap = std::map<std::string, std::uint32_t, std::less<>>;

struct Declarations {
  schema::Schema schema;
  SchemaNames names; // the tables' spaces stand behind the schema's
  std::vector<Table> tables;
  NameMap table_names;
  std::vector<const ast::Source*> sources;
  NameMap source_names;
  KnowledgeFacts facts;
  std::vector<std::optional<std::regex>> code_forms; // by code system; empty: any text
};

[[nodiscard]] inline RelationId relation_of(const Declarations& pack, TableId table) {
  return static_cast<RelationId>(pack.schema.relations.size()) + table;
}
[[nodiscard]] inline const schema::Relation& relation(const Declarations& pack, RelationId id) {
  const auto lists = pack.schema.relations.size();
  return id < lists ? pack.schema.relations[id] : pack.tables[id - lists].shape.relation;
}

// Knowledge declarations into tables; one that is wrong is left out and its names stay unknown.
void add_tables(const std::vector<const ast::File*>& files, Declarations& pack,
                diag::Diagnostics& diagnostics);
void add_sources(const std::vector<const ast::File*>& files, Declarations& pack,
                 diag::Diagnostics& diagnostics);

} // namespace sanku::hir
