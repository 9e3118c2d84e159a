// Look-ups in the checked claim schema (schema.h). Tested by tests/unit/runtime/text_test.cpp.
#include "runtime/schema/schema.h"

#include "runtime/types/scalar.h"

namespace sanku::schema {

std::optional<std::uint32_t> column_with(const Relation& relation, Role role) {
  for (std::size_t i = 0; i < relation.columns.size(); ++i) {
    if (relation.columns[i].role == role)
      return static_cast<std::uint32_t>(i);
  }
  return std::nullopt;
}

std::optional<std::uint32_t> line_relation(const Schema& schema) {
  for (std::size_t i = 0; i < schema.relations.size(); ++i) {
    const Relation& relation = schema.relations[i];
    if (relation.kind == RelationKind::child && !relation.raw_of &&
        column_with(relation, Role::quantity) && column_with(relation, Role::amount)) {
      return static_cast<std::uint32_t>(i);
    }
  }
  return std::nullopt;
}

std::optional<std::uint32_t> raw_twin(const Schema& schema, std::uint32_t relation) {
  for (std::size_t i = 0; i < schema.relations.size(); ++i) {
    if (schema.relations[i].raw_of == relation)
      return static_cast<std::uint32_t>(i);
  }
  return std::nullopt;
}

std::uint32_t enum_id(const EnumType& type, std::string_view wire_code) {
  for (const std::string& code : type.missing) {
    if (code == wire_code)
      return 0;
  }
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    for (const std::string& code : type.members[i].codes) {
      if (code == wire_code)
        return static_cast<std::uint32_t>(i + 1);
    }
  }
  return type.closed ? 0 : first_unlisted;
}

std::string_view enum_name(const EnumType& type, std::uint32_t id, bool chinese) {
  if (id == 0 || id > type.members.size())
    return {};
  const Names& names = type.members[id - 1].names;
  return chinese ? names.zh : names.en;
}

} // namespace sanku::schema
