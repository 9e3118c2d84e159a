// Knowledge and source declarations. A table is a relation like any other to the checker, with a
// space of names for its rows. Tested by tests/unit/compiler/check_test.cpp and
// tests/cases/errors/SK32*.
#include "compiler/hir/declarations.h"
#include "compiler/hir/scope.h"

namespace sanku::hir {
namespace {

using diag::Diagnostics;
using diag::report;
using diag::Words;

// Registers both names; one that is taken is reported with the place of the first.
bool claim(NameMap& taken, const ast::Names& names, std::uint32_t id, const auto& span_of,
           Diagnostics& diagnostics) {
  bool fresh = true;
  const auto add = [&](const ast::Name& name) {
    const auto [at, added] = taken.emplace(name.text, id);
    if (added || at->second == id)
      return;
    report<"declared_twice">(diagnostics, name.span, name.text)
        .label(span_of(at->second), "第一次声明在此", "the first one");
    fresh = false;
  };
  add(names.first);
  if (names.second)
    add(*names.second);
  return fresh;
}

bool is_key_kind(Kind kind) {
  return kind == Kind::code || kind == Kind::enumeration || kind == Kind::text ||
         kind == Kind::integer;
}

std::optional<schema::Column> check_column(const ast::Column& written, const Declarations& pack,
                                           Diagnostics& diagnostics) {
  const auto type = type_from_ast(written.type, pack.names, diagnostics);
  if (!type)
    return std::nullopt;
  const schema::Names names = both_names(written.names);
  const TypeName shown = type_name(pack.schema, *type);
  if (type->kind == Kind::age) {
    report<"column_type">(diagnostics, written.type.span, Words{shown.zh, shown.en});
    return std::nullopt;
  }
  if (written.key && (!is_key_kind(type->kind) || written.type.optional)) {
    report<"key_kind">(diagnostics, written.type.span, names.en, Words{shown.zh, shown.en});
    return std::nullopt;
  }
  return schema::Column{.names = names,
                        .path = names,
                        .type = *type,
                        .optional = written.type.optional,
                        .identity = false,
                        .role = schema::Role::none,
                        .wire = {}};
}

void add_table(const ast::Knowledge& written, Declarations& pack, Diagnostics& diagnostics) {
  const std::size_t errors = diagnostics.all.size();
  const auto id = static_cast<TableId>(pack.tables.size());
  const schema::Names names = both_names(written.names);
  Table table{.shape = {},
              .title = written.title,
              .span =
                  cover(written.names.first.span, written.names.second ? written.names.second->span
                                                                       : written.names.first.span)};
  table.shape.file = written.file;
  table.shape.relation = {.kind = schema::RelationKind::table,
                          .names = names,
                          .each = names,
                          .nonempty = false,
                          .wire = {},
                          .columns = {}};
  Space space{.relation = relation_of(pack, id), .names = names, .entries = {}, .by_name = {}};
  std::size_t keys = 0;
  for (const ast::Column& column : written.columns) {
    auto made = check_column(column, pack, diagnostics);
    if (!made)
      continue;
    const auto at = static_cast<std::uint32_t>(table.shape.relation.columns.size());
    if (column.key) {
      table.shape.key = at;
      ++keys;
    }
    table.shape.headers.push_back(column.from.value_or(column.names.first.text));
    table.shape.relation.columns.push_back(std::move(*made));
    add_entry(space,
              {.names = both_names(column.names),
               .wire = {},
               .span = column.names.first.span,
               .form = ColumnEntry{at}},
              column.names, diagnostics);
  }
  if (errors == diagnostics.all.size() && keys != 1)
    report<"table_keys">(diagnostics, written.names.first.span, names.en, keys);
  const auto span_of = [&](std::uint32_t other) { return pack.tables[other].span; };
  if (errors != diagnostics.all.size() ||
      !claim(pack.table_names, written.names, id, span_of, diagnostics))
    return;
  pack.tables.push_back(std::move(table));
  pack.names.spaces.push_back(std::move(space));
  pack.names.of_relation.push_back(static_cast<SpaceId>(pack.names.spaces.size() - 1));
  pack.names.time.emplace_back();
}

} // namespace

void add_tables(const std::vector<const ast::File*>& files, Declarations& pack,
                Diagnostics& diagnostics) {
  for (const ast::File* file : files)
    for (const ast::Decl& decl : file->decls)
      if (const auto* knowledge = std::get_if<ast::Knowledge>(&decl))
        add_table(*knowledge, pack, diagnostics);
}

void add_sources(const std::vector<const ast::File*>& files, Declarations& pack,
                 Diagnostics& diagnostics) {
  const auto span_of = [&](std::uint32_t other) { return pack.sources[other]->names.first.span; };
  for (const ast::File* file : files)
    for (const ast::Decl& decl : file->decls) {
      const auto* source = std::get_if<ast::Source>(&decl);
      if (!source)
        continue;
      const auto id = static_cast<std::uint32_t>(pack.sources.size());
      if (claim(pack.source_names, source->names, id, span_of, diagnostics))
        pack.sources.push_back(source);
    }
}

} // namespace sanku::hir
