// Records into relations: the root record with its one-to-one records becomes relation 0, each list
// of the root a child relation.
#pragma once

#include "compiler/hir/schema_from_ast.h"

#include <vector>

namespace sanku::hir {

// The root is the record named like the schema (`schema settlement` and `record Settlement`).
void flatten_records(const std::vector<const ast::Record*>& records, const ast::SchemaHead& head,
                     CheckedSchema& made, diag::Diagnostics& diagnostics);

// Types every derived field once, as it would be in a rule, against its declared type; a field that
// needs itself is reported.
void check_derived_fields(const CheckedSchema& made, diag::Diagnostics& diagnostics);

} // namespace sanku::hir
