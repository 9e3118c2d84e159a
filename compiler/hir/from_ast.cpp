// The order of checking: schema, sources, tables, rules, tests. See from_ast.h.
#include "compiler/hir/from_ast.h"

#include "compiler/hir/scope.h"

#include <algorithm>

namespace sanku::hir {
namespace {

using Files = std::vector<const ast::File*>;

std::optional<Declarations> declare_all(const Files& schema_files, const Files& rule_files,
                                        const Defaults& defaults, diag::Diagnostics& diagnostics) {
  auto checked = check_schema(schema_files, diagnostics);
  if (!checked)
    return std::nullopt;
  Declarations pack;
  pack.defaults = defaults;
  pack.schema = std::move(checked->schema);
  pack.names = std::move(checked->names);
  pack.code_forms = code_forms(pack.schema);
  add_sources(rule_files, pack, diagnostics);
  add_tables(rule_files, pack, diagnostics);
  add_values(rule_files, pack, diagnostics);
  return pack;
}

// Every rule once, by its id; a second one of the same id is told and left out.
std::vector<const ast::Rule*> distinct_rules(const Files& files, NameMap& ids,
                                             diag::Diagnostics& diagnostics) {
  std::vector<const ast::Rule*> rules;
  for (const ast::File* file : files)
    for (const ast::Decl& decl : file->decls) {
      const auto* rule = std::get_if<ast::Rule>(&decl);
      if (!rule)
        continue;
      const auto [at, added] = ids.emplace(rule->id.text, static_cast<std::uint32_t>(rules.size()));
      if (added)
        rules.push_back(rule);
      else
        diag::report<"declared_twice">(diagnostics, rule->id.span, rule->id.text)
            .label(rules[at->second]->id.span, "第一次声明在此", "the first one");
    }
  return rules;
}

} // namespace

std::optional<Program> tables_from_ast(const Files& schema_files, const Files& rule_files,
                                       diag::Diagnostics& diagnostics) {
  auto pack = declare_all(schema_files, rule_files, {}, diagnostics);
  if (!pack)
    return std::nullopt;
  Program program;
  program.schema = std::move(pack->schema);
  program.tables = std::move(pack->tables);
  return program;
}

std::optional<Program> from_ast(const Files& schema_files, const Files& rule_files, PackFacts facts,
                                diag::Diagnostics& diagnostics) {
  auto pack = declare_all(schema_files, rule_files, facts.defaults, diagnostics);
  if (!pack)
    return std::nullopt;
  pack->facts = std::move(facts.tables);
  pack->decisions = std::move(facts.decisions);
  add_models(rule_files, std::move(facts.models), *pack, diagnostics);
  check_looks(*pack, diagnostics);
  check_functions(*pack, diagnostics);
  Program program;
  NameMap ids;
  for (const ast::Rule* rule : distinct_rules(rule_files, ids, diagnostics))
    if (auto checked = check_rule(*pack, *rule, diagnostics))
      program.rules.push_back(std::move(*checked));
  std::sort(program.rules.begin(), program.rules.end(),
            [](const Rule& a, const Rule& b) { return a.id < b.id; });
  check_tests(rule_files, *pack, ids, program, diagnostics);
  program.schema = std::move(pack->schema);
  program.tables = std::move(pack->tables);
  program.models = std::move(pack->models);
  return program;
}

} // namespace sanku::hir
