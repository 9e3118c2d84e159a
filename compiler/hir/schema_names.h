// What names mean in the claim schema: for each record, as reached from one relation, its fields by
// English, Chinese and wire name. The Schema knows columns only; derived fields, nested records and
// lists live here. Made by schema_from_ast, extended with the knowledge tables by tables.cpp, read
// by the checker and by the test runner.
#pragma once

#include "compiler/ast/ast.h"
#include "runtime/schema/schema.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sanku::hir {

using SpaceId = std::uint32_t;

struct ColumnEntry {
  std::uint32_t column;
}; // of the space's relation
struct DerivedEntry {
  const ast::Field* field;
  Type type;
}; // an expression, inlined at each use; owned by the schema's Ast
struct RecordEntry {
  SpaceId space;
}; // a one-to-one record
struct PeriodEntry {
  const ast::Field* field;
}; // a derived `period? = a .. b`; owned by the schema's Ast
struct PickEntry {
  const ast::Field* field;
}; // a derived element, `main : Diagnosis? = first(…)`; likewise
struct PeriodColumns {
  std::uint32_t begin, end;
}; // of a table; an empty cell is open
struct RangeColumns {
  std::uint32_t low, high;
}; // likewise
struct SetColumn {
  std::uint32_t column;
  Type element;
}; // a cell is a set text
struct ListEntry {
  std::uint32_t relation;
}; // a child list

struct Entry {
  schema::Names names;
  std::vector<std::string> wire;
  source::Span span; // the declaration
  std::variant<ColumnEntry, DerivedEntry, RecordEntry, ListEntry, PeriodEntry, PickEntry,
               PeriodColumns, RangeColumns, SetColumn>
      form;
};

// The fields of one record reached from one relation: `patient` of the settlement, `item` of the
// items, a row of a table.
struct Space {
  std::uint32_t relation = 0;
  schema::Names names; // how the record is called where it is used: patient / 患者
  std::vector<Entry> entries;
  std::map<std::string, std::uint32_t, std::less<>> by_name;
};

struct SchemaNames {
  std::vector<Space> spaces;
  std::vector<SpaceId>
      of_relation; // the space of each relation's element; tables after the schema's own
  std::vector<std::optional<std::uint32_t>>
      time; // by relation: the entry with role time, in that space
  std::vector<std::optional<std::uint32_t>> self_paid; // likewise with role self_paid
  std::vector<schema::Names> records; // by relation of the schema: the record that it holds
  std::map<std::string, std::uint32_t, std::less<>> systems, enums;
  std::vector<source::Span> system_spans, enum_spans; // declarations
};

[[nodiscard]] inline const Entry* find_entry(const Space& space, std::string_view name) {
  const auto found = space.by_name.find(name);
  return found == space.by_name.end() ? nullptr : &space.entries[found->second];
}

// The id of the member with that English or Chinese name (1..), or none.
[[nodiscard]] inline std::optional<std::uint32_t> enum_member(const schema::EnumType& type,
                                                              std::string_view name) {
  for (std::uint32_t i = 0; i < type.members.size(); ++i)
    if (type.members[i].names.en == name || type.members[i].names.zh == name)
      return i + 1;
  return std::nullopt;
}

} // namespace sanku::hir
