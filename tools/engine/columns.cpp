// See columns.h.
#include "tools/engine/columns.h"

#include "compiler/hir/walk.h"
#include "runtime/assemble/code_book.h"

namespace sanku::engine {
namespace {

struct Reads {
  const schema::Schema& schema;
  block::Columns& columns;

  void operator()(const hir::Expr& expr) {
    if (const auto* field = std::get_if<hir::FieldOf>(&expr.form))
      mark(field->relation, field->column);
    hir::for_each_child(expr, *this);
  }
  void operator()(const hir::Query& query) { hir::for_each_child(query, *this); }

  // Rows of tables are not read from records; a list as it was sent is filled from the list itself.
  void mark(hir::RelationId relation, std::uint32_t column) {
    if (relation >= schema.relations.size())
      return;
    columns[schema.relations[relation].raw_of.value_or(relation)][column] = true;
  }
};

block::Columns no_columns(const schema::Schema& schema) {
  block::Columns columns = block::all_columns(schema);
  for (std::vector<bool>& relation : columns)
    relation.assign(relation.size(), false);
  return columns;
}

// Places are asked for by rules that overlays touch, which read them.
bool is_place(schema::Role role) {
  return role == schema::Role::care_area || role == schema::Role::insured_area;
}

// What a drug's days of supply are worked out from, by who reads them.
bool is_of_supply(schema::Role role) {
  using schema::Role;
  return role == Role::dose || role == Role::frequency || role == Role::spec ||
         role == Role::unit || role == Role::supply;
}

void mark_roles(const schema::Relation& shape, std::vector<bool>& columns) {
  for (std::size_t c = 0; c < shape.columns.size(); ++c)
    if (shape.columns[c].role != schema::Role::none && !is_place(shape.columns[c].role) &&
        !is_of_supply(shape.columns[c].role))
      columns[c] = true;
}

void mark_supply(const schema::Relation& shape, std::vector<bool>& columns) {
  const auto supply = schema::column_with(shape, schema::Role::supply);
  if (!supply || !columns[*supply])
    return;
  for (std::size_t c = 0; c < shape.columns.size(); ++c)
    columns[c] = columns[c] || is_of_supply(shape.columns[c].role);
}

// What a table that layers change says of local codes depends on the place that it goes by.
void mark_place_of_map(const schema::Schema& schema, const hir::Table& table,
                       block::Columns& columns) {
  const bool layered = table.layer != 0 || table.shape.zone_from.has_value();
  const auto place = schema::column_with(schema.relations[0], table.region == ast::Region::insured
                                                                  ? schema::Role::insured_area
                                                                  : schema::Role::care_area);
  if (place && layered && assemble::maps_codes(schema, table.shape))
    columns[0][*place] = true;
}

} // namespace

block::Columns columns_read(const hir::Program& program, bool identities) {
  block::Columns columns = no_columns(program.schema);
  for (std::size_t r = 0; r < columns.size(); ++r) {
    const schema::Relation& shape = program.schema.relations[r];
    mark_roles(shape, columns[r]);
    for (std::size_t c = 0; c < shape.columns.size(); ++c)
      if (identities && shape.columns[c].identity)
        columns[r][c] = true;
  }
  // What a local code means depends on where the visit was.
  const auto place = schema::column_with(program.schema.relations[0], schema::Role::care_area);
  if (place && !program.local_codes.empty())
    columns[0][*place] = true;
  for (const hir::Table& table : program.tables)
    mark_place_of_map(program.schema, table, columns);
  Reads reads{program.schema, columns};
  for (const hir::Rule& rule : program.rules)
    hir::for_each_child(rule, reads);
  for (std::size_t r = 0; r < columns.size(); ++r)
    mark_supply(program.schema.relations[r], columns[r]);
  return columns;
}

block::Columns identity_columns(const schema::Schema& schema) {
  block::Columns columns = no_columns(schema);
  mark_roles(schema.relations[0], columns[0]);
  return columns;
}

} // namespace sanku::engine
