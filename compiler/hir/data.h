// Literals of test data as values of a declared type, and the paths of fields that an expectation
// names. Used by the checker to refuse what does not fit and by the test runner to build the
// record.
#pragma once

#include "compiler/hir/schema_names.h"
#include "runtime/types/value.h"

#include <optional>
#include <string>

namespace sanku::hir {

// The value that a literal of test data has in a field of that type; empty when it does not fit.
// Codes and open enum codes are texts: `sex: male`, `sex: "1"`, `code: "XA…"`, `amount: 35.00`,
// `at: 2026-03-05`, `at: "2026-03-05 09:30"`, `window: 6小时`.
[[nodiscard]] std::optional<Value> data_value(const schema::Schema& schema, const Type& type,
                                              const ast::Expr& literal);

// What a field of numbers holds, as it is written.
struct NumberRange {
  std::string low, high;
  unsigned behind_point = 0;
};
// Where the literal is a number and the field holds such, but perhaps not this one.
[[nodiscard]] std::optional<NumberRange> range_for(const Type& type, const ast::Expr& literal);

// `patient.sex`, `item.code`, `diagnoses`: the English path as findings and explanations print it;
// empty when there is no such field.
[[nodiscard]] std::optional<std::string>
missing_path(const schema::Schema& schema, const SchemaNames& names, const ast::Expr& path);

} // namespace sanku::hir
