// Knowledge and source declarations. A table is a relation like any other to the checker, with a
// space of names for its rows. Tested by tests/unit/compiler/check_test.cpp and
// tests/cases/errors/SK32*.
#include "compiler/hir/declarations.h"
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"

#include <fmt/format.h>

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

// A table while its columns are added.
struct TableBuilder {
  Declarations& pack;
  Diagnostics& diagnostics;
  Table table;
  Space space;
  std::size_t keys = 0;
  const ast::Replaces* replaces = nullptr;

  std::uint32_t add(schema::Names names, Type type, bool optional, std::string header) {
    const auto at = static_cast<std::uint32_t>(table.shape.relation.columns.size());
    table.shape.relation.columns.push_back({.names = names,
                                            .path = names,
                                            .type = type,
                                            .optional = optional,
                                            .identity = false,
                                            .role = schema::Role::none,
                                            .wire = {}});
    table.shape.headers.push_back(std::move(header));
    table.shape.sets.emplace_back();
    table.shape.prefix.push_back(false);
    table.shape.bounds.emplace_back();
    return at;
  }
  void enter(const ast::Column& written, decltype(Entry::form) form) {
    add_entry(space,
              {.names = both_names(written.names),
               .wire = {},
               .span = written.names.first.span,
               .form = std::move(form)},
              written.names, diagnostics);
  }
  // The two columns of a range or a period, and their headers.
  std::pair<std::uint32_t, std::uint32_t> add_ends(const ast::Column& written, Type type,
                                                   const diag::Words& begin,
                                                   const diag::Words& end) {
    const schema::Names names = both_names(written.names);
    const auto end_of = [&](const diag::Words& which, const std::optional<std::string>& header) {
      const schema::Names own{fmt::format("{}_{}", names.en, which.en),
                              fmt::format("{}{}", names.zh, which.zh)};
      return add(own, type, true, header.value_or(own.en));
    };
    const auto first = end_of(begin, written.from);
    const auto last = end_of(end, written.to);
    // Each end answers to its own name too, which is how tests give it.
    for (const std::uint32_t column : {first, last}) {
      const schema::Names& own = table.shape.relation.columns[column].names;
      const Span at = written.names.first.span;
      add_entry(space, {.names = own, .wire = {}, .span = at, .form = ColumnEntry{column}},
                {.first = {own.en, at}, .second = ast::Name{own.zh, at}}, diagnostics);
    }
    return {first, last};
  }

  void column(const ast::Column& written);
  void period(const ast::Column& written);
  void range(const ast::Column& written);
  void set(const ast::Column& written);
  void plain(const ast::Column& written);
  void publication(const ast::Column& written, std::uint32_t at, Kind kind);
  void finish_publications();
  std::optional<sanku::Span> bound_of(const ast::Column& written, Kind kind);
  bool keyless(const ast::Column& written) {
    if (!written.key)
      return true;
    report<"key_kind">(diagnostics, written.type.span, both_names(written.names).en,
                       Words{"时段、区间或集合", "a period, a range or a set"});
    return false;
  }
};

// `valid : period`: the row counts on the days between, both included; an empty cell is open.
void TableBuilder::period(const ast::Column& written) {
  if (!keyless(written))
    return;
  const auto [begin, end] = add_ends(written, {.kind = Kind::date}, {"起", "from"}, {"止", "to"});
  const schema::Names names = both_names(written.names);
  if (names.en == "valid" || names.zh == "有效期") {
    table.shape.valid_from = begin;
    table.shape.valid_to = end;
  }
  enter(written, PeriodColumns{begin, end});
}

void TableBuilder::range(const ast::Column& written) {
  if (!keyless(written))
    return;
  auto type = type_from_ast(written.type, pack.names, diagnostics);
  if (!type)
    return;
  if (type->kind == Kind::age)
    type = Type{.kind = Kind::span};
  const bool ordered = is_number(type->kind) || type->kind == Kind::integer ||
                       type->kind == Kind::date || type->kind == Kind::datetime ||
                       type->kind == Kind::span;
  if (!ordered) {
    const TypeName shown = type_name(pack.schema, *type);
    report<"range_of_what">(diagnostics, written.type.span, Words{shown.zh, shown.en});
    return;
  }
  const auto [low, high] = add_ends(written, *type, {"下限", "min"}, {"上限", "max"});
  enter(written, RangeColumns{low, high});
}

void TableBuilder::set(const ast::Column& written) {
  if (!keyless(written))
    return;
  const auto type = type_from_ast(written.type, pack.names, diagnostics);
  if (!type)
    return;
  if (type->kind != Kind::code && type->kind != Kind::enumeration && type->kind != Kind::integer) {
    const TypeName shown = type_name(pack.schema, *type);
    report<"set_of_what">(diagnostics, written.type.span, Words{shown.zh, shown.en});
    return;
  }
  const std::uint32_t at =
      add(both_names(written.names), {.kind = Kind::text}, written.type.optional,
          written.from.value_or(written.names.first.text));
  table.shape.sets[at] = *type;
  table.shape.prefix[at] = written.prefix;
  enter(written, SetColumn{at, *type});
}

void TableBuilder::plain(const ast::Column& written) {
  const auto type = type_from_ast(written.type, pack.names, diagnostics);
  if (!type)
    return;
  const schema::Names names = both_names(written.names);
  const TypeName shown = type_name(pack.schema, *type);
  if (type->kind == Kind::age) {
    report<"column_type">(diagnostics, written.type.span, Words{shown.zh, shown.en});
    return;
  }
  if (written.key && (!is_key_kind(type->kind) || written.type.optional)) {
    report<"key_kind">(diagnostics, written.type.span, names.en, Words{shown.zh, shown.en});
    return;
  }
  if (written.prefix && type->kind != Kind::code) {
    report<"set_of_what">(diagnostics, written.type.span, Words{shown.zh, shown.en});
    return;
  }
  const std::uint32_t at =
      add(names, *type, written.type.optional, written.from.value_or(written.names.first.text));
  if (written.key) {
    table.shape.key = at;
    ++keys;
    if (written.prefix)
      table.shape.key_prefix =
          written.longest ? knowledge::KeyPrefix::longest : knowledge::KeyPrefix::all;
  }
  table.shape.prefix[at] = written.prefix && !written.key;
  table.shape.bounds[at] = bound_of(written, type->kind);
  publication(written, at, type->kind);
  enter(written, ColumnEntry{at});
}

// `up to 1 year`: a month is as long as the shortest, so that days beside it are never too many.
std::optional<sanku::Span> TableBuilder::bound_of(const ast::Column& written, Kind kind) {
  if (!written.up_to)
    return std::nullopt;
  const auto span = kind == Kind::window ? whole_span(*written.up_to) : std::nullopt;
  if (!span)
    report<"bound_of_what">(diagnostics, written.span);
  return span;
}

void TableBuilder::column(const ast::Column& written) {
  // Rows of an interval or a set are no keys.
  if (written.prefix && (written.key != (written.longest || written.all))) {
    report<"prefix_which">(diagnostics, written.span);
    return;
  }
  if (written.up_to && (written.type.of != ast::ColumnType::Of::one || is_period(written.type)))
    report<"bound_of_what">(diagnostics, written.span);
  if (written.replaces && (written.type.of != ast::ColumnType::Of::one || is_period(written.type)))
    report<"replaces_what">(diagnostics, written.replaces->span);
  if (written.type.of == ast::ColumnType::Of::set)
    return set(written);
  if (written.type.of == ast::ColumnType::Of::range)
    return range(written);
  return is_period(written.type) ? period(written) : plain(written);
}

// `published : date`, and what a publication replaces.
void TableBuilder::publication(const ast::Column& written, std::uint32_t at, Kind kind) {
  const schema::Names names = both_names(written.names);
  const bool named = names.en == "published" || names.zh == "发布日期";
  if (!written.replaces && !(named && kind == Kind::date))
    return;
  if (kind != Kind::date || table.shape.publications) {
    report<"replaces_what">(diagnostics, written.replaces ? written.replaces->span : written.span);
    return;
  }
  table.shape.publications = knowledge::Publications{.published = at};
  if (written.replaces)
    replaces = &*written.replaces;
}

// The columns of `replaces rows (a of b)`: what a names, rows have in b; without it in the key.
void TableBuilder::finish_publications() {
  if (!replaces || !table.shape.publications)
    return;
  knowledge::Publications& made = *table.shape.publications;
  using Replaces = knowledge::Publications::Replaces;
  const bool rows = replaces->what == ast::ReplacesWhat::rows;
  made.replaces = rows ? Replaces::rows : Replaces::table;
  if (rows != replaces->column.has_value()) {
    report<"replaces_what">(diagnostics, replaces->span);
    return;
  }
  if (!rows)
    return;
  const auto column_named = [&](const ast::Name& name) -> std::optional<std::uint32_t> {
    const Entry* entry = find_entry(space, name.text);
    const auto* column = entry ? std::get_if<ColumnEntry>(&entry->form) : nullptr;
    if (column)
      return column->column;
    std::vector<std::string_view> near;
    for (const auto& [known, id] : space.by_name)
      near.push_back(known);
    suggest(report<"unknown_field">(diagnostics, name.span, Words{space.names.zh, space.names.en},
                                    name.text),
            name, near);
    return std::nullopt;
  };
  const auto naming = column_named(*replaces->column);
  const auto named = replaces->of ? column_named(*replaces->of) : std::optional(table.shape.key);
  if (!naming || !named)
    return;
  made.naming = *naming;
  made.named = *named;
  const Type &a = table.shape.relation.columns[*naming].type,
             &b = table.shape.relation.columns[*named].type;
  if (!fits(pack.schema, b, a)) {
    const TypeName found = type_name(pack.schema, a), wanted = type_name(pack.schema, b);
    report<"set_type">(diagnostics, replaces->column->span, Words{found.zh, found.en},
                       Words{wanted.zh, wanted.en});
  }
}

void add_table(const ast::Knowledge& written, Declarations& pack, Diagnostics& diagnostics) {
  const std::size_t errors = diagnostics.all.size();
  const auto id = static_cast<TableId>(pack.tables.size());
  const schema::Names names = both_names(written.names);
  Table table{.shape = {},
              .title = written.title,
              .span =
                  cover(written.names.first.span, written.names.second ? written.names.second->span
                                                                       : written.names.first.span),
              .layer = pack.layer,
              .region = written.region ? std::optional(written.region->region) : std::nullopt,
              .changes = {}};
  table.shape.file = written.file;
  table.shape.relation = {.kind = schema::RelationKind::table,
                          .names = names,
                          .each = names,
                          .nonempty = false,
                          .wire = {},
                          .columns = {}};
  Space space{.relation = relation_of(pack, id), .names = names, .entries = {}, .by_name = {}};
  TableBuilder builder{.pack = pack,
                       .diagnostics = diagnostics,
                       .table = std::move(table),
                       .space = std::move(space)};
  for (const ast::Column& column : written.columns)
    builder.column(column);
  if (errors == diagnostics.all.size())
    builder.finish_publications();
  if (errors == diagnostics.all.size() && builder.keys != 1)
    report<"table_keys">(diagnostics, written.names.first.span, names.en, builder.keys);
  const auto span_of = [&](std::uint32_t other) { return pack.tables[other].span; };
  if (errors != diagnostics.all.size() ||
      !claim(pack.table_names, written.names, id, span_of, diagnostics))
    return;
  pack.tables.push_back(std::move(builder.table));
  pack.names.spaces.push_back(std::move(builder.space));
  pack.names.of_relation.push_back(static_cast<SpaceId>(pack.names.spaces.size() - 1));
  pack.names.time.emplace_back();
  pack.names.self_paid.emplace_back();
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
