// Who watches an evaluation: tools/measure, which finds out what the tests of a pack have shown. It
// hears of every value, guard, look-up and score, and may put another value or truth in the place
// of one: that is how it asks what a condition decided. Nothing is heard where Input::observer is
// null, which is everywhere else. Tested by tests/unit/tools/coverage_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/types/scalar.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace sanku::evaluate {

// Any may be empty. Expressions and guards are those of the program that is evaluated, so that
// their addresses tell them apart.
struct Observer {
  std::function<void(const hir::Expr& expr, Value& value)> value;
  // A call's arguments, before it is made.
  std::function<void(const hir::Expr& call, const std::vector<Value>& arguments)> call;
  std::function<void(const hir::Guard& guard, Tri& truth)> guard;
  // The rows that a known key gave as of `at` (unknown where the table has no days); of a table
  // that is gone through all of them, without a key.
  std::function<void(hir::TableId table, const Value& key, const Value& at,
                     const std::vector<std::uint32_t>& rows)>
      rows;
  // What a model was given, or the points of a scorecard's lines; not a number where missing.
  std::function<void(hir::ModelId model, const std::vector<double>& inputs)> inputs;
};

} // namespace sanku::evaluate
