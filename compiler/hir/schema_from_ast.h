// From schema files to the Schema and its names. One-to-one records are flattened into their
// relation; lists of the root record become child relations; derived fields stay expressions,
// inlined where they are used.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/hir/schema_names.h"

#include <optional>
#include <vector>

namespace sanku::hir {

struct CheckedSchema {
  schema::Schema schema;
  SchemaNames names;
};

// Entry point of the checker: schema with names. Nothing comes back when any declaration of a
// schema is wrong, because every rule would be judged by a wrong one. The files outlive the result:
// derived fields point into them.
[[nodiscard]] std::optional<CheckedSchema> check_schema(const std::vector<const ast::File*>& files,
                                                        diag::Diagnostics& diagnostics);

// The Schema alone, for those who only read claims.
[[nodiscard]] std::optional<schema::Schema>
schema_from_ast(const std::vector<const ast::File*>& files, diag::Diagnostics& diagnostics);

// A declared value type: a basic type, a code system or an enum; reports a name that is none of
// them. `money` alone has two places, `decimal` alone four (quantities of the national tables).
// Whether a type is `period` / 时段: two dates rather than one value.
[[nodiscard]] bool is_period(const ast::ColumnType& type);
[[nodiscard]] std::optional<Type> type_from_ast(const ast::ColumnType& type,
                                                const SchemaNames& names,
                                                diag::Diagnostics& diagnostics);

// Adds an entry under all its names; a name taken by another entry is reported.
void add_entry(Space& space, Entry entry, const ast::Names& names, diag::Diagnostics& diagnostics);

[[nodiscard]] schema::Names both_names(const ast::Names& names);

} // namespace sanku::hir
