// See fields.h.
#include "tests/differential/fields.h"

#include "runtime/types/match.h"

namespace sanku::differential {
namespace {

struct Prefix {
  std::vector<std::string> texts;
  bool of_root = false;
};

std::vector<std::string> spellings(const hir::Entry& entry) {
  std::vector<std::string> names{entry.names.en};
  if (entry.names.zh != entry.names.en)
    names.push_back(entry.names.zh);
  names.insert(names.end(), entry.wire.begin(), entry.wire.end());
  return names;
}

bool is_chinese(const std::string& text) {
  return !text.empty() && static_cast<unsigned char>(text[0]) >= 0x80;
}

// `.` and `的` both reach a field; 的 reads naturally beside Chinese names.
std::string member(const std::string& base, const std::string& name) {
  return base + (is_chinese(name) ? "的" : ".") + name;
}

void collect(const hir::CheckedSchema& schema, hir::SpaceId id, const Prefix& prefix,
             std::vector<Field>& into) {
  const hir::Space& space = schema.names.spaces[id];
  const schema::Relation& relation = schema.schema.relations[space.relation];
  for (const hir::Entry& entry : space.entries) {
    const std::vector<std::string> names = spellings(entry);
    Field field;
    for (const std::string& base : prefix.texts)
      for (const std::string& name : names)
        field.paths.push_back(member(base, name));
    const bool alone = !prefix.of_root && prefix.texts.size() == 1 && prefix.texts[0].empty();
    if (alone)
      field.bare = entry.names.en;
    std::visit(
        match{
            [&](const hir::ColumnEntry& column) {
              field.type = relation.columns[column.column].type;
              field.column = true;
              field.is_quantity = relation.columns[column.column].role == schema::Role::quantity;
              into.push_back(field);
            },
            [&](const hir::DerivedEntry& derived) {
              field.type = derived.type;
              into.push_back(field);
            },
            [&](const hir::RecordEntry& record) {
              Prefix deeper{.texts = prefix.of_root ? names : field.paths, .of_root = false};
              if (prefix.of_root)
                deeper.texts.insert(deeper.texts.end(), field.paths.begin(), field.paths.end());
              collect(schema, record.space, deeper, into);
            },
            [](const hir::ListEntry&) {},
            // Periods, ranges and sets are no values: what compares with them is generated apart.
            [](const hir::PeriodEntry&) {},
            [](const hir::PickEntry&) {},
            [](const hir::PeriodColumns&) {},
            [](const hir::RangeColumns&) {},
            [](const hir::SetColumn&) {},
        },
        entry.form);
  }
}

} // namespace

std::vector<Field> fields_of_visits(const hir::CheckedSchema& schema) {
  std::vector<Field> fields;
  collect(schema, schema.names.of_relation[0], {.texts = {""}, .of_root = false}, fields);
  return fields;
}

std::vector<std::vector<Field>> fields_of(const hir::CheckedSchema& schema) {
  std::vector<std::vector<Field>> fields(schema.schema.relations.size());
  const schema::Names& root = schema.schema.relations[0].names;
  collect(schema, schema.names.of_relation[0], {.texts = {root.en, root.zh}, .of_root = true},
          fields[0]);
  for (std::uint32_t relation = 1; relation < fields.size(); ++relation)
    collect(schema, schema.names.of_relation[relation], {.texts = {""}, .of_root = false},
            fields[relation]);
  return fields;
}

} // namespace sanku::differential
