// See world.h.
#include "tests/differential/world.h"

#include "compiler/ast/from_parse_tree.h"
#include "runtime/types/check.h"
#include "tests/differential/values.h"
#include "tests/support/texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

namespace sanku::differential {
namespace {

// How a type is written in a declaration.
std::string declared_type(const schema::Schema& schema, const Type& type) {
  if (type.kind == Kind::code)
    return schema.systems[type.domain].names.en;
  if (type.kind == Kind::enumeration)
    return schema.enums[type.domain].names.en;
  if (is_number(type.kind))
    return fmt::format("{}({},{})", info(type.kind).en, type.digits, type.scale);
  return std::string(info(type.kind).en);
}

// Code systems that lines, diagnoses and operations use come up most.
std::uint32_t random_system(Random& random, const schema::Schema& schema) {
  constexpr const char* common[] = {"ServiceCode", "DrugCode", "ItemCode", "DiagnosisCode",
                                    "OperationCode"};
  if (random.chance(25))
    return static_cast<std::uint32_t>(random.below(schema.systems.size()));
  const std::string_view wanted = random.of(common);
  const auto found = std::ranges::find_if(
      schema.systems, [&](const schema::CodeSystem& system) { return system.names.en == wanted; });
  check(found != schema.systems.end(), "the shipped schema has the common code systems");
  return static_cast<std::uint32_t>(found - schema.systems.begin());
}

Type random_type(Random& random, const schema::Schema& schema, Kind kind) {
  Type type{.kind = kind};
  if (kind == Kind::code)
    type.domain = random_system(random, schema);
  if (kind == Kind::enumeration)
    type.domain = static_cast<std::uint32_t>(random.below(schema.enums.size()));
  if (!is_number(kind))
    return type;
  constexpr std::uint8_t scales[] = {0, 1, 2, 2, 4, 6};
  type.scale = random.of(scales);
  type.digits = static_cast<std::uint8_t>(random.chance(20) ? 18 : 12);
  return type;
}

Kind random_key_kind(Random& random) {
  constexpr Kind kinds[] = {Kind::code, Kind::code,        Kind::code, Kind::code,
                            Kind::code, Kind::enumeration, Kind::text, Kind::integer};
  return random.of(kinds);
}

Kind random_column_kind(Random& random) {
  constexpr Kind kinds[] = {Kind::boolean, Kind::integer, Kind::integer,     Kind::decimal,
                            Kind::money,   Kind::date,    Kind::datetime,    Kind::span,
                            Kind::window,  Kind::code,    Kind::enumeration, Kind::enumeration,
                            Kind::text};
  return random.of(kinds);
}

struct Column {
  std::string name, name_zh;
  Type type;
  bool key = false, optional = false;
  std::string prefix = {}; // of a key: which rows count, where it is one
};

Field field_of(const Column& column) {
  return {.paths = {"." + column.name, "的" + column.name_zh},
          .bare = column.name,
          .type = column.type,
          .column = true,
          .is_quantity = false};
}

// Sets, ranges and validity: what they add to the declaration, the header and each row.
struct SpecialColumn {
  std::string declaration, header;
  std::function<std::string(Random&)> cells;
};

std::string cell_of(Random& random, const World& world, const Type& type) {
  return testing::cell_text(world.schema(), type,
                            value_of(random, world.schema(), type, Place::table));
}

SpecialColumn set_column(Random& random, const World& world, Table& table) {
  constexpr Kind kinds[] = {Kind::code, Kind::code, Kind::enumeration, Kind::integer};
  const Type type = random_type(random, world.schema(), random.of(kinds));
  const bool prefix = type.kind == Kind::code && random.chance(50);
  table.limits.push_back({.name = "some", .type = type, .set = true});
  const auto cells = [&world, type](Random& again) {
    if (again.chance(25))
      return std::string(",");
    std::string text = ",\"" + cell_of(again, world, type);
    for (std::int64_t more = again.between(0, 3); more > 0; --more)
      text += (again.chance(50) ? ";" : "、") + cell_of(again, world, type);
    return text + "\"";
  };
  return {.declaration = fmt::format("  some : set of {}?{}\n", declared_type(world.schema(), type),
                                     prefix ? " prefix" : ""),
          .header = ",some",
          .cells = cells};
}

SpecialColumn range_column(Random& random, const World& world, Table& table) {
  constexpr Kind kinds[] = {Kind::age, Kind::integer, Kind::date, Kind::money};
  const Kind kind = random.of(kinds);
  const Type type = random_type(random, world.schema(), kind);
  table.limits.push_back({.name = "band", .type = type, .set = false});
  const Type stored = kind == Kind::age ? Type{.kind = Kind::span} : type;
  const auto cells = [&world, stored](Random& again) {
    const auto end = [&] {
      return again.chance(30) ? std::string() : cell_of(again, world, stored);
    };
    const std::string low = end();
    return "," + low + "," + end();
  };
  return {.declaration = fmt::format("  band : range of {}? from \"least\", \"most\"\n",
                                     declared_type(world.schema(), type)),
          .header = ",least,most",
          .cells = cells};
}

SpecialColumn validity(Table& table) {
  table.dated = true;
  const auto cells = [](Random& random) {
    constexpr const char* ends[] = {"2024-02-29", "2026-02-28", "2026-03-01", "2026-03-02"};
    const std::size_t from = random.below(4),
                      to = random.between(static_cast<std::int64_t>(from), 3);
    return fmt::format(",{},{}", random.chance(25) ? "" : ends[from],
                       random.chance(25) ? "" : ends[to]);
  };
  return {.declaration = "  valid : period\n", .header = ",valid_from,valid_to", .cells = cells};
}

SpecialColumn publication(Random& random) {
  const auto cells = [](Random& again) {
    return std::string(again.chance(50) ? ",2025-12-01" : ",2026-03-01");
  };
  constexpr const char* what[] = {"", " replaces table", " replaces rows (k)"};
  return {.declaration = fmt::format("  published : date{}\n", random.of(what)),
          .header = ",published",
          .cells = cells};
}

std::vector<SpecialColumn> special_columns(Random& random, const World& world, Table& table) {
  std::vector<SpecialColumn> columns;
  if (random.chance(35))
    columns.push_back(set_column(random, world, table));
  if (random.chance(35))
    columns.push_back(range_column(random, world, table));
  if (random.chance(30))
    columns.push_back(validity(table));
  if (random.chance(20))
    columns.push_back(publication(random));
  return columns;
}

// The cell of a set as what it holds, whatever the order and however often.
std::string without_order(std::string cell) {
  std::erase(cell, '"');
  for (std::size_t at = 0; (at = cell.find("、", at)) != std::string::npos;)
    cell.replace(at, std::string_view("、").size(), ";");
  std::set<std::string> elements;
  for (std::size_t at = 1; at <= cell.size();) {
    const std::size_t end = std::min(cell.find(';', at), cell.size());
    elements.insert(cell.substr(at, end - at));
    at = end + 1;
  }
  return "," + fmt::format("{}", fmt::join(elements, ";"));
}

// Rows without repeats, since a table that has a row twice is refused; with `unique` also without
// repeated keys.
void add_rows(Random& random, const World& world, const std::vector<Column>& columns,
              const std::vector<SpecialColumn>& special, std::size_t count, bool unique,
              Table& table) {
  std::set<std::string> rows, keys;
  for (std::size_t i = 0; i < count; ++i) {
    std::string row;
    for (const Column& column : columns) {
      if (!row.empty())
        row += ',';
      if (column.optional && random.chance(20))
        continue;
      const Value value =
          value_of(random, world.schema(), column.type, column.key ? Place::key : Place::table);
      std::string cell = testing::cell_text(world.schema(), column.type, value);
      // Keys that begin codes, one another among them.
      if (!column.prefix.empty() && cell.size() > 3 && random.chance(85))
        cell.resize(
            static_cast<std::size_t>(random.between(2, static_cast<std::int64_t>(cell.size()))));
      row += cell;
    }
    // Rows that say the same may not hold at the same time, so they have to differ in something
    // else.
    std::string said = row;
    for (const SpecialColumn& column : special) {
      const std::string cells = column.cells(random);
      row += cells;
      if (column.header.find("valid") == std::string::npos)
        said += column.header == ",some" ? without_order(cells) : cells;
    }
    const std::string key = row.substr(0, row.find(','));
    if (unique && keys.contains(key))
      continue;
    if (!rows.insert(said).second)
      continue;
    table.unique = keys.insert(key).second && table.unique;
    table.csv += row + "\n";
  }
}

Table random_table(Random& random, const World& world, std::size_t number, TableSize size) {
  const bool large = size == TableSize::large;
  std::vector<Column> columns{
      {.name = "k",
       .name_zh = "甲",
       .type = random_type(random, world.schema(), large ? Kind::code : random_key_kind(random)),
       .key = true}};
  if (columns[0].type.kind == Kind::code && random.chance(30))
    columns[0].prefix = random.chance(50) ? " prefix longest" : " prefix all";
  const std::size_t others = static_cast<std::size_t>(random.between(2, 6));
  for (std::size_t i = 0; i < others; ++i)
    columns.push_back({.name = fmt::format("c{}", i),
                       .name_zh = fmt::format("列{}", i),
                       .type = random_type(random, world.schema(), random_column_kind(random)),
                       .key = false,
                       .optional = random.chance(40)});
  if (large)
    columns.push_back({.name = "limit",
                       .name_zh = "上限",
                       .type = {.kind = Kind::decimal, .scale = 4, .digits = 12},
                       .key = false,
                       .optional = true});
  Table table{.name = fmt::format("t{}", number),
              .name_zh = fmt::format("表{}", number),
              .declaration = {},
              .file = fmt::format("t{}.csv", number),
              .csv = {},
              .fields = {},
              .key = columns[0].type,
              .unique = true,
              .dated = false,
              .limits = {}};
  table.declaration =
      fmt::format("knowledge {} / {} from \"{}\" {{\n", table.name, table.name_zh, table.file);
  for (const Column& column : columns) {
    table.declaration +=
        fmt::format("  {} / {} : {}{}{}\n", column.name, column.name_zh,
                    declared_type(world.schema(), column.type), column.optional ? "?" : "",
                    column.key ? " key" + column.prefix : "");
    table.csv += (column.key ? "" : ",") + column.name;
    table.fields.push_back(field_of(column));
  }
  const std::vector<SpecialColumn> special = special_columns(random, world, table);
  for (const SpecialColumn& column : special) {
    table.declaration += column.declaration;
    table.csv += column.header;
  }
  table.declaration += "}\n";
  table.csv += "\n";
  add_rows(random, world, columns, special,
           large ? 150 : static_cast<std::size_t>(random.between(2, 8)),
           !large && random.chance(60), table);
  // Keys may begin one another.
  table.unique = table.unique && columns[0].prefix != " prefix all";
  return table;
}

} // namespace

World make_world() {
  source::SourceMap map;
  diag::Diagnostics diagnostics;
  const std::uint32_t file = source::add(map, "schema", testing::shipped_schema());
  World world{.schema_file = std::make_unique<ast::File>(ast::parse(map, file, diagnostics)),
              .checked = {},
              .fields = {}};
  auto checked = hir::check_schema({world.schema_file.get()}, diagnostics);
  check(checked.has_value(), "the shipped schema is right");
  world.checked = std::move(*checked);
  world.fields = fields_of(world.checked);
  world.visits = fields_of_visits(world.checked);
  world.lines = schema::line_relation(world.schema()).value_or(0);
  return world;
}

std::vector<Table> random_tables(Random& random, const World& world, std::size_t count,
                                 TableSize size) {
  std::vector<Table> tables;
  for (std::size_t i = 0; i < count; ++i)
    tables.push_back(random_table(random, world, i, size));
  return tables;
}

} // namespace sanku::differential
