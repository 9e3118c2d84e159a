// Which values are tried in a claim: those near what a rule and its claim speak of. Entries:
// constants_of, tried_values, literal.
#pragma once

#include "compiler/hir/hir.h"

#include <optional>
#include <utility>
#include <vector>

namespace sanku::measure {

// What is spoken of, by kind; numbers at their scale.
struct Pool {
  std::vector<std::pair<Value, Type>> values;
};
void note(Pool& pool, const Type& type, const Value& value);
[[nodiscard]] Pool constants_of(const hir::Rule& rule);
[[nodiscard]] std::vector<Value> tried_values(const schema::Schema& schema, const Type& type,
                                              const Pool& pool);
// As a test would write it; none where it has no literal there.
[[nodiscard]] std::optional<ast::ExprPtr> literal(const schema::Schema& schema, const Type& type,
                                                  const Value& value);

} // namespace sanku::measure
