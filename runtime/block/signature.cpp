// The schema as far as the bytes of a block depend on it (block.h).
#include "runtime/block/block.h"

#include <fmt/format.h>

namespace sanku::block {
namespace {

std::string domain_of(const schema::Schema& schema, const Type& type) {
  if (type.kind == Kind::code)
    return schema.systems[type.domain].names.en;
  if (type.kind == Kind::enumeration)
    return schema.enums[type.domain].names.en;
  return {};
}

} // namespace

std::string signature(const schema::Schema& schema) {
  std::string text = fmt::format("schema {}\n", schema.names.en);
  for (const schema::EnumType& type : schema.enums) {
    text += fmt::format("enum {}", type.names.en);
    for (const schema::EnumMember& member : type.members)
      text += fmt::format(" {}", member.names.en);
    text += '\n';
  }
  for (const schema::CodeSystem& system : schema.systems)
    text += fmt::format("code {} {}\n", system.names.en, system.dictionary);
  for (const schema::Relation& relation : schema.relations) {
    if (relation.kind == schema::RelationKind::table || relation.raw_of)
      continue;
    for (const schema::Column& column : relation.columns)
      text += fmt::format("field {}.{} {} {} {} {}\n", relation.names.en, column.path.en,
                          info(column.type.kind).en, column.type.scale, column.type.digits,
                          domain_of(schema, column.type));
  }
  return text;
}

Columns all_columns(const schema::Schema& schema) {
  Columns columns;
  for (const schema::Relation& relation : schema.relations)
    if (relation.kind != schema::RelationKind::table)
      columns.emplace_back(relation.columns.size(), true);
  return columns;
}

} // namespace sanku::block
