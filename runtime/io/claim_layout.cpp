// ClaimLayout (claim_layout.h).
#include "runtime/io/claim_layout.h"

#include <span>
#include <string_view>

namespace sanku::io {
namespace {

std::uint32_t slot_of(ObjectLayout& layout, std::string_view name) {
  if (const std::uint32_t known = layout.names.find(name); known != 0)
    return known - 1;
  layout.names.add(name, ++layout.slots);
  return layout.slots - 1;
}

// What has no name of its own among senders goes by the schema's, as in files of columns.
std::span<const std::string> names_of(const std::vector<std::string>& wire,
                                      const std::string& own) {
  return wire.empty() ? std::span(&own, 1) : std::span(wire);
}

ColumnSource source_of(ObjectLayout& layout, const schema::Column& column, std::uint32_t index) {
  ColumnSource source{.column = index, .slots = {}, .of_patient = false, .of_visit = false};
  for (const std::string& name : names_of(column.wire, column.path.en))
    source.slots.push_back(slot_of(layout, name));
  source.of_patient = column.path.en.starts_with("patient.");
  // Columns of records inside the settlement (`provider.level`) describe what visits share; the
  // settlement's own do not.
  source.of_visit = column.path.en.find('.') == std::string::npos;
  return source;
}

ObjectLayout layout_of(const schema::Relation& relation) {
  ObjectLayout layout;
  for (std::size_t c = 0; c < relation.columns.size(); ++c) {
    layout.columns.push_back(source_of(layout, relation.columns[c], static_cast<std::uint32_t>(c)));
  }
  return layout;
}

void find_answers(const schema::Schema& schema, std::uint32_t relation, ClaimLayout& made) {
  const auto question = schema::column_with(schema.relations[relation], schema::Role::question);
  const auto answer = schema::column_with(schema.relations[relation], schema::Role::answer);
  if (!question || !answer || made.answers)
    return;
  for (const ColumnSource& source : made.children[relation].columns)
    if (source.column == *answer)
      made.answers = {.relation = relation, .question = *question, .answer = source};
}

} // namespace

ClaimLayout claim_layout(const schema::Schema& schema) {
  ClaimLayout made;
  made.visit = layout_of(schema.relations[0]);
  for (std::size_t i = 0; i < made.visit.columns.size(); ++i) {
    const schema::Column& column = schema.relations[0].columns[made.visit.columns[i].column];
    if (column.role == schema::Role::visit_id)
      made.visit_source = static_cast<std::uint32_t>(i);
  }
  // The nodes of services 3101 and 3102; the second spellings are those of the provincial 3660 and
  // 3661, whose `trigScen` holds what `data` holds elsewhere.
  made.input = {slot_of(made.visit, "input")};
  made.data = {slot_of(made.visit, "data"), slot_of(made.visit, "trigScen")};
  made.patients = {slot_of(made.visit, "patient_dtos"), slot_of(made.visit, "patientDtos")};
  made.encounters = {slot_of(made.visit, "fsi_encounter_dtos"),
                     slot_of(made.visit, "encounterDtos")};
  made.current_visit = {slot_of(made.visit, "curr_mdtrt_id"), slot_of(made.visit, "currMdtrtId")};
  made.children.emplace_back();
  made.child_nodes.emplace_back();
  for (std::size_t r = 1; r < schema.relations.size(); ++r) {
    const schema::Relation& relation = schema.relations[r];
    if (relation.kind != schema::RelationKind::child)
      break;
    made.children.push_back(layout_of(relation));
    find_answers(schema, static_cast<std::uint32_t>(r), made);
    std::vector<std::uint32_t>& nodes = made.child_nodes.emplace_back();
    // Of lines as they were sent, a program keeps what it reads of the others.
    if (relation.raw_of)
      continue;
    for (const std::string& name : names_of(relation.wire, relation.names.en))
      nodes.push_back(slot_of(made.visit, name));
  }
  return made;
}

} // namespace sanku::io
