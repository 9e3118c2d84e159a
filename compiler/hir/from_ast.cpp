// The order of checking: schema, sources, tables, rules, tests. See from_ast.h.
#include "compiler/hir/from_ast.h"

#include "compiler/hir/look_alike.h"
#include "compiler/hir/scope.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::hir {
namespace {

using Files = std::vector<const ast::File*>;

std::optional<Declarations> declare_all(const Files& schema_files, const Layers& layers,
                                        const Defaults& defaults, const Reading& reading,
                                        diag::Diagnostics& diagnostics) {
  auto checked = check_schema(schema_files, diagnostics);
  if (!checked)
    return std::nullopt;
  Declarations pack;
  pack.defaults = defaults;
  pack.schema = std::move(checked->schema);
  pack.names = std::move(checked->names);
  pack.code_forms = schema::code_forms(pack.schema);
  add_layers(layers, reading, pack, diagnostics);
  for (LayerId layer = 0; layer < layers.size(); ++layer) {
    show_names(pack, layers[layer].below);
    pack.layer = layer;
    add_sources(layers[layer].files, pack, diagnostics);
    add_tables(layers[layer].files, pack, diagnostics);
    add_values(layers[layer].files, pack, diagnostics);
    if (layer == 0)
      add_defaults(layers, pack, diagnostics);
    keep_names(pack);
  }
  change_tables(pack, diagnostics);
  return pack;
}

// `was` names a rule that is no more: findings and reviews of one that is still here are its own.
void check_old_ids(const DeclaredRules& rules, diag::Diagnostics& diagnostics) {
  for (const auto& [id, declared] : rules) {
    if (!declared.rule->standing.was)
      continue;
    for (const ast::Name& old : declared.rule->standing.was->ids)
      if (const auto found = rules.find(old.text); found != rules.end())
        diag::report<"declared_twice">(diagnostics, old.span, old.text)
            .label(found->second.rule->id.span, "这条规则仍在；`was` 只写已不存在的编号，请去掉",
                   "this rule is still there; `was` names one that is no more: leave it out");
  }
}

// Every rule once, by its id; a second one of the same id is told and left out.
DeclaredRules declared_rules(const Layers& layers, diag::Diagnostics& diagnostics) {
  DeclaredRules rules;
  for (LayerId layer = 0; layer < layers.size(); ++layer)
    for (const ast::File* file : layers[layer].files)
      for (const ast::Decl& decl : file->decls) {
        const auto* rule = std::get_if<ast::Rule>(&decl);
        if (!rule)
          continue;
        const auto [at, added] = rules.emplace(rule->id.text, DeclaredRule{rule, layer});
        if (!added)
          diag::report<"declared_twice">(diagnostics, rule->id.span, rule->id.text)
              .label(at->second.rule->id.span, "第一次声明在此", "the first one");
      }
  check_old_ids(rules, diagnostics);
  return rules;
}

// Ids beside each other and beside the names of the pack.
void check_looks_of(const DeclaredRules& rules, Declarations& pack,
                    diag::Diagnostics& diagnostics) {
  for (const auto& [id, declared] : rules) {
    const auto [other, added] = pack.looks.try_emplace(skeleton(id), id);
    if (!added && other->second != id)
      diag::report<"look_alike_name">(diagnostics, declared.rule->id.span, id, other->second);
  }
}

// In the order of the text, layer by layer, so that mistakes come in that order.
void check_rules(const Layers& layers, const DeclaredRules& rules, Declarations& pack,
                 Program& program, diag::Diagnostics& diagnostics) {
  for (LayerId layer = 0; layer < layers.size(); ++layer) {
    show_names(pack, layer);
    for (const ast::File* file : layers[layer].files)
      for (const ast::Decl& decl : file->decls) {
        const auto* rule = std::get_if<ast::Rule>(&decl);
        if (!rule || rules.at(rule->id.text).rule != rule)
          continue;
        if (auto checked = check_rule(pack, *rule, diagnostics))
          program.rules.push_back(std::move(*checked));
      }
  }
  std::sort(program.rules.begin(), program.rules.end(),
            [](const Rule& a, const Rule& b) { return a.id < b.id; });
}

// The day on which insurance years begin is shown as the manifest writes it.
void show_first_day(Param& param) {
  param.type = {.kind = Kind::text};
  for (ParamValue& each : param.values) {
    const std::int64_t day = number_of(std::get<Window>(each.value));
    each.value = fmt::format("{:02}-{:02}", day / 100, day % 100);
  }
}

std::vector<Param> shown_params(Declarations& pack) {
  std::vector<Param> shown;
  for (NamedParam& each : pack.params) {
    Param param{.names = std::move(each.names),
                .type = each.type,
                .layer = each.layer,
                .values = {},
                .least = std::move(each.least),
                .most = std::move(each.most),
                .span = each.span};
    for (DatedValue& value : each.values)
      param.values.push_back({.value = std::move(value.value),
                              .from = value.from,
                              .layer = each.layer,
                              .span = each.span});
    for (ParamValue& value : each.local)
      param.values.push_back(std::move(value));
    shown.push_back(std::move(param));
  }
  show_first_day(shown[pack.regional[static_cast<std::size_t>(RegionalDefault::insurance_year)]]);
  return shown;
}

} // namespace

std::optional<Program> tables_from_ast(const Files& schema_files, const Layers& layers,
                                       diag::Diagnostics& diagnostics) {
  auto pack = declare_all(schema_files, layers, {}, {}, diagnostics);
  if (!pack)
    return std::nullopt;
  Program program;
  program.schema = std::move(pack->schema);
  program.layers = std::move(pack->layers);
  program.tables = std::move(pack->tables);
  return program;
}

std::optional<Program> from_ast(const Files& schema_files, const Layers& layers, PackFacts facts,
                                diag::Diagnostics& diagnostics) {
  auto pack = declare_all(schema_files, layers, facts.defaults, facts.reading, diagnostics);
  if (!pack)
    return std::nullopt;
  pack->facts = std::move(facts.tables);
  pack->decisions = std::move(facts.decisions);
  for (LayerId layer = 0; layer < layers.size(); ++layer) {
    show_names(*pack, layer);
    if (layer != 0)
      pack->function_names.merge(NameMap(pack->visible[layers[layer].below].function_names));
    add_models(layers[layer].files, facts.models, *pack, diagnostics);
    check_looks(*pack, diagnostics);
    keep_names(*pack);
  }
  change_codes(*pack, diagnostics);
  check_functions(*pack, diagnostics);
  const DeclaredRules rules = declared_rules(layers, diagnostics);
  check_looks_of(rules, *pack, diagnostics);
  change_rules(rules, *pack, diagnostics);
  Program program;
  check_rules(layers, rules, *pack, program, diagnostics);
  for (LayerId layer = 0; layer < layers.size(); ++layer) {
    show_names(*pack, layer);
    check_tests(layers[layer].files, *pack, rules, program, diagnostics);
  }
  program.schema = std::move(pack->schema);
  program.layers = std::move(pack->layers);
  program.regions = std::move(pack->regions);
  program.home = std::move(pack->home);
  program.params = shown_params(*pack);
  program.local_codes = std::move(pack->local_codes);
  program.tables = std::move(pack->tables);
  program.models = std::move(pack->models);
  return program;
}

} // namespace sanku::hir
