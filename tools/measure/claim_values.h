// Which values are tried in a claim: those near what a rule and its claim speak of. Entries:
// constants_of, tried_values, literal.
#pragma once

#include "compiler/hir/hir.h"
#include "tools/measure/mutants.h"

#include <optional>
#include <utility>
#include <vector>

namespace sanku::measure {

// What is spoken of, by kind; numbers at their scale.
struct Pool {
  std::size_t most = 24; // values of one field that are tried
  std::vector<std::pair<Value, Type>> values;
  // Numbers of the claim by which values are divided: a bound of a product is reached so.
  std::vector<std::pair<Value, Type>> divisors = {};
};
void note(Pool& pool, const Type& type, const Value& value);
[[nodiscard]] Pool constants_of(const hir::Rule& rule);
// What the changed parts hold, as it was and as it is changed: numbers, lengths of time, elements
// of sets, keys of the tables that are asked, rows that change.
[[nodiscard]] Pool values_of(const hir::Program& program, const std::vector<Mutant*>& mutants,
                             const Trials& trials);
[[nodiscard]] std::vector<Value> tried_values(const schema::Schema& schema, const Type& type,
                                              const Pool& pool);
// As a test would write it; none where it has no literal there.
[[nodiscard]] std::optional<ast::ExprPtr> literal(const schema::Schema& schema, const Type& type,
                                                  const Value& value);

} // namespace sanku::measure
