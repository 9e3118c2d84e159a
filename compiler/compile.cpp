// See compile.h: the table of contents of the compiler.
#include "compiler/compile.h"

#include "compiler/ast/from_parse_tree.h"
#include "compiler/hir/from_ast.h"
#include "runtime/types/check.h"

#include <fmt/format.h>

#include <map>
#include <string>

namespace sanku {
namespace {

using Pointers = std::vector<const ast::File*>;

Pointers parse_all(const source::SourceMap& map, const std::vector<std::uint32_t>& files,
                   Checked& checked, diag::Diagnostics& diags) {
  Pointers parsed;
  for (const std::uint32_t file : files) {
    checked.files.push_back(std::make_unique<ast::File>(ast::parse(map, file, diags)));
    parsed.push_back(checked.files.back().get());
  }
  return parsed;
}

// How long a window of that column may be.
std::string bound_of(const hir::Table& table, const std::string& header, Language language) {
  for (std::size_t c = 0; c < table.shape.headers.size(); ++c)
    if (table.shape.headers[c] == header && table.shape.bounds[c])
      return to_text(*table.shape.bounds[c], {.kind = Kind::span}, language, "");
  unreachable("a window is too long for a bound");
}

void report_bound(const knowledge::TableFault& fault, const hir::Table& table,
                  diag::Diagnostics& diags) {
  const std::string zh = bound_of(table, fault.column, Language::zh);
  const std::string en = bound_of(table, fault.column, Language::en);
  diag::report<"table_window_bound">(diags, table.span, fault.file, fault.line, fault.column,
                                     fault.found, diag::Words{zh, en});
}

void report_fault(const knowledge::TableFault& fault, const hir::Table& table,
                  diag::Diagnostics& diags) {
  using Kind = knowledge::TableFault::Kind;
  switch (fault.kind) {
  case Kind::unreadable:
    diag::report<"table_unreadable">(diags, table.span, fault.file, fault.found);
    return;
  case Kind::missing_column:
    diag::report<"table_column_missing">(diags, table.span, fault.file, fault.column);
    return;
  case Kind::bad_cell:
    diag::report<"table_cell">(diags, table.span, fault.file, fault.line, fault.column,
                               fault.found);
    return;
  case Kind::empty_cell:
  case Kind::empty_key:
    diag::report<"table_cell_empty">(diags, table.span, fault.file, fault.line, fault.column);
    return;
  case Kind::duplicate_row:
    diag::report<"table_row_repeated">(diags, table.span, fault.file, fault.line, fault.found);
    return;
  case Kind::malformed_line:
    diag::report<"table_line">(diags, table.span, fault.file, fault.line, fault.found);
    return;
  case Kind::unit_in_cell:
    diag::report<"table_unit">(diags, table.span, fault.file, fault.line, fault.column, fault.found,
                               fault.wanted);
    return;
  case Kind::code_form:
    diag::report<"table_code_form">(diags, table.span, fault.file, fault.line, fault.column,
                                    fault.found, fault.wanted);
    return;
  case Kind::unknown_code:
    diag::report<"table_code_unknown">(diags, table.span, fault.file, fault.line, fault.column,
                                       fault.found, fault.more);
    return;
  case Kind::period_overlap:
    diag::report<"table_period_overlap">(diags, table.span, fault.file, fault.line, fault.found);
    return;
  case Kind::period_order:
    diag::report<"table_period_order">(diags, table.span, fault.file, fault.line, fault.found);
    return;
  case Kind::window_bound:
    report_bound(fault, table, diags);
    return;
  case Kind::too_long:
    diag::report<"table_too_long">(diags, table.span, fault.file, fault.found);
    return;
  }
  unreachable("a table's fault has a kind");
}

// The registries that the tables' codes are looked up in, beside the schema.
knowledge::CodeRules read_registries(const hir::Program& declared,
                                     const std::filesystem::path& schema_folder,
                                     const ReadFile& read_file, diag::Diagnostics& diags) {
  knowledge::CodeRules rules = knowledge::code_rules(declared.schema);
  const auto read = [&](std::uint32_t number, const hir::Table& table) {
    const schema::CodeSystem& system = declared.schema.systems[number];
    if (system.registry.empty() || rules.registries.contains(number))
      return;
    auto registry = knowledge::load_registry(schema_folder / system.registry, read_file);
    if (!registry)
      diag::report<"registry_unreadable">(diags, table.span, system.registry,
                                          diag::Words{system.names.zh, system.names.en});
    else
      rules.registries.emplace(number, std::move(*registry));
  };
  for (const hir::Table& table : declared.tables)
    for (const schema::Column& column : table.shape.relation.columns) {
      if (column.type.kind != Kind::code)
        continue;
      read(column.type.domain, table);
      for (const std::uint32_t member : declared.schema.systems[column.type.domain].members)
        read(member, table);
    }
  return rules;
}

// Loads every table; what is wrong with its rows is told at its declaration.
hir::KnowledgeFacts load_tables(const hir::Program& declared, const PackSources& sources,
                                const knowledge::CodeRules& rules, Checked& checked,
                                diag::Diagnostics& diags) {
  hir::KnowledgeFacts facts;
  for (const hir::Table& table : declared.tables) {
    knowledge::Table& loaded = checked.tables.emplace_back();
    if (!stays_below(table.shape.file)) {
      diag::report<"table_path">(diags, table.span, table.shape.file);
      continue;
    }
    for (const knowledge::TableFault& fault :
         knowledge::load(sources.knowledge_folder / table.shape.file, table.shape, declared.schema,
                         rules, loaded, {.read = sources.read}))
      report_fault(fault, table, diags);
    hir::KeyFact fact{.unique = loaded.unique_key};
    if (!loaded.unique_key) {
      fact.first_line = loaded.lines[loaded.duplicate_of];
      fact.second_line = loaded.lines[loaded.first_duplicate];
    }
    facts.emplace(table.shape.relation.names.en, fact);
  }
  return facts;
}

// Everything that decides what becomes of the same texts.
std::string text_of(const hir::PackFacts& known) {
  std::string text;
  const auto add = [&](std::string_view part) {
    text += fmt::format("{}:", part.size());
    text += part;
  };
  for (const auto& [table, fact] : known.tables) {
    add(table);
    add(fact.unique ? "unique" : "repeated");
  }
  for (const auto& [name, file] : known.decisions) {
    add(name);
    for (const std::string& header : file.headers)
      add(header);
    for (const hir::DecisionFile::Row& row : file.rows) {
      add("row");
      for (const std::string& cell : row.cells)
        add(cell);
    }
  }
  // What a model holds is data; what it is asked for is the program's.
  std::map<std::string, const models::Model*> models;
  for (const auto& [declared, model] : known.models)
    models.emplace(declared->names.first.text, model.get());
  for (const auto& [name, model] : models) {
    add(name);
    add(fmt::format("{} {}", static_cast<unsigned>(model->format), model->feature_count));
    for (const std::string& feature : model->features)
      add(feature);
  }
  return text;
}

} // namespace

std::optional<Checked> check_pack(const source::SourceMap& map, const PackSources& sources,
                                  diag::Diagnostics& diags) {
  Checked checked;
  const Pointers schema_files = parse_all(map, sources.schema_files, checked, diags);
  const Pointers rule_files = parse_all(map, sources.rule_files, checked, diags);
  // The tables' rows are facts that the rules are checked against, so their declarations come
  // first; what is wrong with those is told once, by the full check.
  diag::Diagnostics told_later;
  const auto declared = hir::tables_from_ast(schema_files, rule_files, told_later);
  hir::KnowledgeFacts facts;
  if (declared) {
    const std::filesystem::path schema = map.files[sources.schema_files.front()].path;
    const auto rules = read_registries(*declared, schema.parent_path(), sources.read, diags);
    facts = load_tables(*declared, sources, rules, checked, diags);
  }
  hir::PackFacts known{
      .tables = std::move(facts),
      .defaults = sources.defaults,
      .decisions =
          hir::read_decision_files(rule_files, sources.knowledge_folder, diags, sources.read),
      .models = hir::read_model_files(rule_files, sources.models_folder, diags, sources.read)};
  checked.beside = text_of(known);
  auto program = hir::from_ast(schema_files, rule_files, std::move(known), diags);
  if (!program)
    return std::nullopt;
  checked.program = std::move(*program);
  return checked;
}

} // namespace sanku
