// What every rule of a compilation sees: schema, names, knowledge tables, sources, rule ids. Filled
// first (tables.cpp, from_ast.cpp), then read only.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/hir/from_ast.h"
#include "compiler/hir/hir.h"
#include "compiler/hir/schema_from_ast.h"
#include "runtime/types/match.h"

#include <map>
#include <optional>
#include <regex>
#include <string>
#include <variant>
#include <vector>

namespace sanku::hir {

using NameMap = std::map<std::string, std::uint32_t, std::less<>>;

// A named set, or the one that a literal makes: elements as the author wrote them, typed.
struct SetElement {
  Value low;                 // unknown: none, in the file of a decision table
  std::optional<Value> high; // `low..high`, both included; unknown: none
};
struct ValueSet {
  Type type; // of an element
  std::vector<SetElement> elements;
};
struct NamedSet {
  schema::Names names;
  Span span;
  ValueSet set;
};
// A parameter: its values by the day from which each counts, the first from the beginning.
struct DatedValue {
  Value value;
  std::optional<Date> from;
};
struct NamedParam {
  schema::Names names;
  Span span;
  Type type;
  std::vector<DatedValue> values;
};
// `model`: by its number in the program, and what its file holds, null for a scorecard and for one
// that could not be loaded.
struct NamedModel {
  const ast::ModelDecl* written;
  ModelId id;
  const models::Model* trained; // owned by ModelFiles, later by the Program
  std::vector<ast::Parameter> parameters;
};
// `define`, `decide` and `model`: inlined where they are called.
struct NamedFunction {
  std::variant<const ast::Define*, const ast::Decide*, NamedModel> form;
  const ast::Names& names() const {
    return std::visit(
        match{
            [](const NamedModel& model) -> const ast::Names& { return model.written->names; },
            [](const auto* each) -> const ast::Names& { return each->names; },
        },
        form);
  }
  const std::vector<ast::Parameter>& parameters() const {
    return std::visit(match{
                          [](const NamedModel& model) -> const auto& { return model.parameters; },
                          [](const auto* each) -> const auto& { return each->parameters; },
                      },
                      form);
  }
  // What the author says that it gives; of a model, a score.
  std::optional<ast::ColumnType> type() const {
    using Type = std::optional<ast::ColumnType>;
    return std::visit(match{
                          [](const ast::Define* define) -> Type { return define->type; },
                          [](const ast::Decide* decide) -> Type { return decide->type; },
                          [](const NamedModel&) -> Type { return std::nullopt; },
                      },
                      form);
  }
};

struct Declarations {
  schema::Schema schema;
  SchemaNames names; // the tables' spaces stand behind the schema's
  std::vector<Table> tables;
  NameMap table_names;
  std::vector<const ast::Source*> sources;
  NameMap source_names;
  KnowledgeFacts facts;
  Defaults defaults;
  DecisionFiles decisions;
  std::vector<NamedSet> sets;
  NameMap set_names;
  std::vector<NamedParam> params;
  NameMap param_names;
  std::vector<NamedFunction> functions;
  NameMap function_names;
  std::vector<Model> models; // of the functions that are models, in their order
  // By skeleton (look_alike.h): the names of tables, sets, parameters and functions.
  std::map<std::string, std::string, std::less<>> looks = {};
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
// Sets, parameters, definitions and decision tables, in this order.
void add_values(const std::vector<const ast::File*>& files, Declarations& pack,
                diag::Diagnostics& diagnostics);
// A name of the pack, and what it stands for.
void add_function(NamedFunction made, Declarations& pack, diag::Diagnostics& diagnostics);
// Models behind them: `files` holds what they were trained to; it is taken from there.
void add_models(const std::vector<const ast::File*>& files, ModelFiles trained, Declarations& pack,
                diag::Diagnostics& diagnostics);
// Each definition once by itself, so that a wrong one is told where it stands.
void check_functions(const Declarations& pack, diag::Diagnostics& diagnostics);
// Names of the pack that look alike; fills Declarations::looks.
void check_looks(Declarations& pack, diag::Diagnostics& diagnostics);
void add_sources(const std::vector<const ast::File*>& files, Declarations& pack,
                 diag::Diagnostics& diagnostics);

} // namespace sanku::hir
