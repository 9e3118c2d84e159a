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

void report_bound(const knowledge::TableFault& fault, const hir::Table& table, source::Span at,
                  diag::Diagnostics& diags) {
  const std::string zh = bound_of(table, fault.column, Language::zh);
  const std::string en = bound_of(table, fault.column, Language::en);
  diag::report<"table_window_bound">(diags, at, fault.file, fault.line, fault.column, fault.found,
                                     diag::Words{zh, en});
}

// With the place of the other overlay's removal.
void report_removed_already(const knowledge::TableFault& fault, const hir::Table& table,
                            source::Span at, diag::Diagnostics& diags) {
  diag::Diagnostic& told = diag::report<"overlay_removed_already">(
      diags, at, diag::Words{table.shape.relation.names.zh, table.shape.relation.names.en});
  const std::size_t own = fault.part - 1;
  for (std::size_t other = 0; other < own; ++other)
    for (std::size_t key = 0; key < table.changes[other].removed.size(); ++key)
      if (same(table.changes[other].removed[key], table.changes[own].removed[fault.key])) {
        told.label(table.changes[other].removed_spans[key], "已在此处删除", "removed here");
        return;
      }
}

void report_fault(const knowledge::TableFault& fault, const hir::Table& table, source::Span at,
                  diag::Diagnostics& diags) {
  using Kind = knowledge::TableFault::Kind;
  switch (fault.kind) {
  case Kind::unreadable:
    diag::report<"table_unreadable">(diags, at, fault.file, diag::Words{fault.column, fault.found});
    return;
  case Kind::missing_column:
    diag::report<"table_column_missing">(diags, at, fault.file, fault.column);
    return;
  case Kind::bad_cell:
    diag::report<"table_cell">(diags, at, fault.file, fault.line, fault.column, fault.found);
    return;
  case Kind::empty_cell:
  case Kind::empty_key:
    diag::report<"table_cell_empty">(diags, at, fault.file, fault.line, fault.column);
    return;
  case Kind::duplicate_row:
    diag::report<"table_row_repeated">(diags, at, fault.file, fault.line, fault.found);
    return;
  case Kind::malformed_line:
    diag::report<"table_line">(diags, at, fault.file, fault.line, fault.found);
    return;
  case Kind::unit_in_cell:
    diag::report<"table_unit">(diags, at, fault.file, fault.line, fault.column, fault.found,
                               fault.wanted);
    return;
  case Kind::code_form:
    diag::report<"table_code_form">(diags, at, fault.file, fault.line, fault.column, fault.found,
                                    fault.wanted);
    return;
  case Kind::unknown_code:
    diag::report<"table_code_unknown">(diags, at, fault.file, fault.line, fault.column, fault.found,
                                       fault.more);
    return;
  case Kind::period_overlap:
    diag::report<"table_period_overlap">(diags, at, fault.file, fault.line, fault.found);
    return;
  case Kind::period_order:
    diag::report<"table_period_order">(diags, at, fault.file, fault.line, fault.found);
    return;
  case Kind::window_bound:
    report_bound(fault, table, at, diags);
    return;
  case Kind::nothing_removed:
    diag::report<"overlay_removes_nothing">(
        diags, at, diag::Words{table.shape.relation.names.zh, table.shape.relation.names.en});
    return;
  case Kind::removed_already:
    report_removed_already(fault, table, at, diags);
    return;
  case Kind::row_there_already:
    diag::report<"overlay_row_there">(diags, at, fault.file, fault.line, fault.found);
    return;
  case Kind::nothing_replaced:
    diag::report<"table_nothing_replaced">(diags, at, fault.file, fault.line, fault.column,
                                           fault.found);
    return;
  case Kind::set_too_long:
    diag::report<"table_set_too_long">(diags, at, fault.file, fault.line, fault.column,
                                       fault.found);
    return;
  case Kind::too_long:
    diag::report<"table_too_long">(diags, at, fault.file, fault.found);
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

// One layer's texts and folders.
struct LayerFolders {
  std::filesystem::path knowledge, models;
  ReadFile read;
};
struct Texts {
  Pointers schema;
  hir::Layers layers;
  std::vector<LayerFolders> folders; // by layer
};

Texts parse_layers(const source::SourceMap& map, const PackSources& sources, Checked& checked,
                   diag::Diagnostics& diags) {
  Texts texts;
  texts.schema = parse_all(map, sources.schema_files, checked, diags);
  const auto add = [&](const LayerSources& layer) {
    hir::LayerFiles files{.name = layer.name, .below = layer.below, .files = {}, .place = {}};
    files.files = parse_all(map, layer.rule_files, checked, diags);
    files.defaults = layer.defaults;
    files.place.file = layer.manifest.value_or(layer.rule_files.empty() ? 0 : layer.rule_files[0]);
    texts.layers.push_back(std::move(files));
    texts.folders.push_back({layer.knowledge_folder, layer.models_folder, layer.read});
  };
  add({.name = sources.name,
       .below = 0,
       .manifest = std::nullopt,
       .rule_files = sources.rule_files,
       .knowledge_folder = sources.knowledge_folder,
       .models_folder = sources.models_folder,
       .read = sources.read});
  for (const LayerSources& overlay : sources.overlays)
    add(overlay);
  return texts;
}

// Where a table's rows come from, layer by layer.
std::vector<knowledge::TablePart> parts_of(const hir::Program& declared, const hir::Table& table,
                                           const std::vector<LayerFolders>& folders) {
  const auto part_of = [&](hir::LayerId layer) {
    knowledge::TablePart part{.layer = layer,
                              .below = {},
                              .zones = declared.layers[layer].zones,
                              .files = {},
                              .removed = {}};
    for (hir::LayerId below = layer; below != 0;)
      part.below.push_back(below = declared.layers[below].below);
    return part;
  };
  std::vector<knowledge::TablePart> parts{part_of(table.layer)};
  // Rules of its own layer ask for the place already; a row of it needs no zone.
  parts.front().zones = {};
  const LayerFolders& own = folders[table.layer];
  parts.front().files.push_back(
      {.path = own.knowledge / table.shape.file, .shown = table.shape.file, .read = own.read});
  for (const hir::TableChange& change : table.changes) {
    knowledge::TablePart part = part_of(change.layer);
    for (const std::string& file : change.files)
      part.files.push_back({.path = folders[change.layer].knowledge / file,
                            .shown = declared.layers[change.layer].name + "/" + file,
                            .read = folders[change.layer].read});
    part.removed = change.removed;
    parts.push_back(std::move(part));
  }
  return parts;
}

// At the key that an overlay removes, or at the file that it adds; at the table's declaration for
// its own.
source::Span place_of(const knowledge::TableFault& fault, const hir::Table& table,
                      const std::vector<knowledge::TablePart>& parts) {
  using Kind = knowledge::TableFault::Kind;
  if (fault.kind == Kind::nothing_removed || fault.kind == Kind::removed_already)
    return table.changes[fault.part - 1].removed_spans[fault.key];
  for (std::size_t part = 1; part < parts.size(); ++part)
    for (std::size_t file = 0; file < parts[part].files.size(); ++file)
      if (parts[part].files[file].shown == fault.file)
        return table.changes[part - 1].file_spans[file];
  return table.span;
}

hir::KeyFact key_fact(const knowledge::Table& loaded) {
  hir::KeyFact fact{.unique = loaded.unique_key, .first_line = {}, .second_line = {}};
  if (loaded.unique_key)
    return fact;
  const auto place = [&](std::uint64_t row) {
    return loaded.file_of.empty()
               ? fmt::format("{}", loaded.lines[row])
               : fmt::format("{}:{}", loaded.files[loaded.file_of[row]].shown, loaded.lines[row]);
  };
  fact.first_line = place(loaded.duplicate_of);
  fact.second_line = place(loaded.first_duplicate);
  return fact;
}

// Whether the files of a table lie in the folders of their layers; what does not is told.
bool all_stay_below(const hir::Table& table, diag::Diagnostics& diags) {
  const auto stays = [&](const std::string& file, source::Span at) {
    if (stays_below(file))
      return true;
    diag::report<"table_path">(diags, at, file);
    return false;
  };
  bool all = stays(table.shape.file, table.span);
  for (const hir::TableChange& change : table.changes)
    for (std::size_t i = 0; i < change.files.size(); ++i)
      all = stays(change.files[i], change.file_spans[i]) && all;
  return all;
}

// Loads every table; what is wrong with its rows is told at its declaration, or where an overlay
// names them.
hir::KnowledgeFacts load_tables(const hir::Program& declared, const Texts& texts,
                                std::optional<Date> as_known, const knowledge::CodeRules& rules,
                                Checked& checked, diag::Diagnostics& diags) {
  hir::KnowledgeFacts facts;
  for (hir::TableId id = 0; id < declared.tables.size(); ++id) {
    const hir::Table& table = declared.tables[id];
    knowledge::Table& loaded = checked.tables.emplace_back();
    if (!all_stay_below(table, diags))
      continue;
    const auto parts = parts_of(declared, table, texts.folders);
    for (const knowledge::TableFault& fault :
         knowledge::load(parts, table.shape, declared.schema, rules, as_known, loaded))
      report_fault(fault, table, place_of(fault, table, parts), diags);
    facts.emplace(id, key_fact(loaded));
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
  for (const auto& [table, fact] : known.tables)
    add(fact.unique ? "unique" : "repeated");
  add(known.reading.region);
  add(known.reading.home ? fmt::format("{}", *known.reading.home) : "");
  add(known.reading.as_of ? date_text(*known.reading.as_of) : "");
  std::map<std::string, const hir::DecisionFile*> decisions;
  for (const auto& [declared, file] : known.decisions)
    decisions.emplace(
        fmt::format("{} {}", declared->names.first.span.file, declared->names.first.text), &file);
  for (const auto& [name, file_at] : decisions) {
    const hir::DecisionFile& file = *file_at;
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
  const Texts texts = parse_layers(map, sources, checked, diags);
  // The tables' rows are facts that the rules are checked against, so their declarations come
  // first; what is wrong with those is told once, by the full check.
  diag::Diagnostics told_later;
  const auto declared = hir::tables_from_ast(texts.schema, texts.layers, told_later);
  hir::PackFacts known{.tables = {},
                       .defaults = sources.defaults,
                       .reading = sources.reading,
                       .decisions = {},
                       .models = {}};
  if (declared) {
    const std::filesystem::path schema = map.files[sources.schema_files.front()].path;
    const auto rules = read_registries(*declared, schema.parent_path(), sources.read, diags);
    known.tables = load_tables(*declared, texts, sources.as_known, rules, checked, diags);
  }
  for (std::size_t layer = 0; layer < texts.layers.size(); ++layer) {
    const Pointers& files = texts.layers[layer].files;
    const auto& [knowledge, models, read] = texts.folders[layer];
    known.decisions.merge(hir::read_decision_files(files, knowledge, diags, read));
    known.models.merge(hir::read_model_files(files, models, diags, read));
  }
  checked.beside = text_of(known);
  auto program = hir::from_ast(texts.schema, texts.layers, std::move(known), diags);
  if (!program)
    return std::nullopt;
  checked.program = std::move(*program);
  return checked;
}

} // namespace sanku
