// Changes of what a test gives, one at a time. Entries: copied, edits_of, apply. Tested by
// tests/unit/tools/mutation_test.cpp.
#pragma once

#include "compiler/hir/data.h"
#include "tools/measure/claim_values.h"
#include "tools/measure/trial.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sanku::measure {

using GivenList = decltype(ast::Test::given);

// None: it gives something that has no copy (an expression that no literal is).
[[nodiscard]] std::optional<GivenList> copied(const GivenList& given);
[[nodiscard]] std::optional<ast::DataValue> copied(const ast::DataValue& value);
[[nodiscard]] std::optional<ast::ExprPtr> copied(const ast::Expr& literal);

// A place is counted in the order in which the givens are written: fields and elements of lists.
struct Edit {
  // repeat_other: the element once more before it, as it was, and the field of this one set.
  enum class Kind : std::uint8_t { none, set, remove, repeat, repeat_other, add };
  Kind kind = Kind::none;
  std::size_t place = 0;
  bool of_table = false; // changes rows that the test gives
  Type type = {};
  Value value = {};                   // set, repeat_other, add
  std::vector<std::string> path = {}; // add: to the record at the place …
  hir::RelationId relation = 0;       // … which is one of these
};

// Where claims of a rule may be changed, and to what: the pool's values and what stands elsewhere
// in the claim, and the values next to those. With `few`, of
// the claim only its days, and its numbers to divide by.
struct EditsOf {
  const hir::Rule& rule;
  Pool pool;
  bool few = false;
};
[[nodiscard]] std::vector<Edit> edits_of(const Rules& rules, const hir::CheckedSchema& schema,
                                         const EditsOf& of, const GivenList& given);
// The fields and elements that could be left out, innermost last.
[[nodiscard]] std::vector<Edit> removals_of(const hir::CheckedSchema& schema, const Rules& rules,
                                            const GivenList& given);
// False: the edit does not fit the givens as they are now.
bool apply(const Edit& edit, const Rules& rules, const hir::CheckedSchema& schema,
           GivenList& given);

} // namespace sanku::measure
