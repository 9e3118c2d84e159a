// What every rule of a compilation sees: schema, names, knowledge tables, sources, rule ids. Filled
// first (tables.cpp, from_ast.cpp), then read only.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/hir/from_ast.h"
#include "compiler/hir/hir.h"
#include "compiler/hir/schema_from_ast.h"
#include "runtime/schema/code_form.h"
#include "runtime/types/match.h"

#include <array>
#include <map>
#include <optional>
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
  LayerId layer = 0;                  // that declares it
  std::vector<ParamValue> local = {}; // values of overlays, wider layers first
  std::optional<Value> least = std::nullopt, most = std::nullopt;
  std::optional<ast::Region> region = std::nullopt; // whose layer counts; none: as the rule says
};
// What rules may name, by layer: its own names and those of the layers that it lies on.
struct PackNames {
  NameMap table_names, source_names, set_names, param_names, function_names;
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
  LayerId layer = 0;       // that declares it
  std::size_t depth = 0;   // of the definitions that it uses, itself the last (nesting.cpp)
  std::size_t size = 0;    // its nodes, what it uses put in place; known once it was checked
  bool is_too_far = false; // it was told to be too deep or too large, and is not put in place
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

// An overlay's change of a parameter, until the parameter is declared.
struct NewValues {
  LayerId layer;
  const ast::NewValue* written;
  bool taken = false;
};

struct Declarations {
  schema::Schema schema;
  SchemaNames names; // the tables' spaces stand behind the schema's
  std::vector<Layer> layers;
  std::vector<const ast::Overlay*> overlays; // by layer; null: the pack, or told to be missing
  std::vector<PackNames> visible;            // by layer
  LayerId layer = 0;                         // that is being checked, whose names follow
  NameMap table_names, source_names, set_names, param_names, function_names;
  std::string regions;
  std::string home;
  std::optional<Date> as_of;
  std::vector<NewValues> new_values;
  std::map<std::string, std::vector<RuleChange>, std::less<>> rule_changes; // by rule id
  std::vector<LocalCode> local_codes;
  std::vector<Table> tables;
  std::vector<const ast::Source*> sources;
  KnowledgeFacts facts;
  Defaults defaults;
  std::array<std::uint32_t, regional_default_count> regional = {}; // by default: its parameter
  DecisionFiles decisions;
  std::vector<NamedSet> sets;
  std::vector<NamedParam> params;
  std::vector<NamedFunction> functions;
  std::vector<Model> models; // of the functions that are models, in their order
  // By skeleton (look_alike.h): names of tables, sets, parameters, functions, sources, rules.
  std::map<std::string, std::string, std::less<>> looks = {};
  schema::CodeForms code_forms;
};

[[nodiscard]] inline RelationId relation_of(const Declarations& pack, TableId table) {
  return static_cast<RelationId>(pack.schema.relations.size()) + table;
}
[[nodiscard]] inline const schema::Relation& relation(const Declarations& pack, RelationId id) {
  const auto lists = pack.schema.relations.size();
  return id < lists ? pack.schema.relations[id] : pack.tables[id - lists].shape.relation;
}

// The overlays of the layers' files, and where each counts (layers.cpp).
void add_layers(const Layers& layers, const Reading& reading, Declarations& pack,
                diag::Diagnostics& diagnostics);
// Six digits that name a province, or something in one.
[[nodiscard]] bool is_region(std::string_view code);
// Makes the names of that layer those that are looked up, or keeps them as its own.
void show_names(Declarations& pack, LayerId layer);
void keep_names(Declarations& pack);
// Whether what `lower` declares is seen by `upper`: it is the same layer, or one that it lies on.
[[nodiscard]] bool lies_on(const Declarations& pack, LayerId upper, LayerId lower);
// What overlays say of tables and enums, once these are declared.
void change_tables(Declarations& pack, diag::Diagnostics& diagnostics);
void change_codes(Declarations& pack, diag::Diagnostics& diagnostics);
// Of rules, by id; and of parameters that nobody declares.
struct DeclaredRule {
  const ast::Rule* rule;
  LayerId layer;
};
using DeclaredRules = std::map<std::string, DeclaredRule, std::less<>>;
void change_rules(const DeclaredRules& rules, Declarations& pack, diag::Diagnostics& diagnostics);
// Two changes that no order decides between: both places are told.
void report_conflict(const Declarations& pack, Span second, LayerId second_layer, Span first,
                     LayerId first_layer, std::string_view what, diag::Diagnostics& diagnostics);

// Knowledge declarations into tables; one that is wrong is left out and its names stay unknown.
void add_tables(const std::vector<const ast::File*>& files, Declarations& pack,
                diag::Diagnostics& diagnostics);
// Sets, parameters, definitions and decision tables, in this order.
void add_values(const std::vector<const ast::File*>& files, Declarations& pack,
                diag::Diagnostics& diagnostics);
// The manifest's defaults that regions may decide otherwise as parameters (regional.cpp); behind
// the values of the pack, whose own names come first.
void add_defaults(const Layers& layers, Declarations& pack, diag::Diagnostics& diagnostics);
// A name of the pack, and what it stands for.
void add_function(NamedFunction made, Declarations& pack, diag::Diagnostics& diagnostics);
// Models behind them: `files` holds what they were trained to; it is taken from there.
void add_models(const std::vector<const ast::File*>& files, ModelFiles& trained, Declarations& pack,
                diag::Diagnostics& diagnostics);
// All of them, each behind those that it uses; what is too deep is told and marked.
[[nodiscard]] std::vector<std::uint32_t> functions_in_order(Declarations& pack,
                                                            diag::Diagnostics& diagnostics);
// Each definition once by itself, so that a wrong one is told where it stands.
void check_functions(Declarations& pack, diag::Diagnostics& diagnostics);
// Names of the layer that look alike, or like names below it; fills Declarations::looks.
void check_looks(Declarations& pack, diag::Diagnostics& diagnostics);
void add_sources(const std::vector<const ast::File*>& files, Declarations& pack,
                 diag::Diagnostics& diagnostics);

} // namespace sanku::hir
