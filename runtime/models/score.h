// Scores by the packed form: one row, or a block of columns. The walk has no branch that depends on
// the data: eight trees (of a row) or eight rows (of a tree) go down side by side, each leaf
// turning on the spot until the deepest is reached. Sums go in the order of the trees, in the width
// of the library that trained them, so that they are the library's to the last bit. Compiled
// natively; the evaluator walks by itself (compiler/evaluate/model.cpp). Tested by
// tests/unit/runtime/models_test.cpp against scores of the libraries.
#pragma once

#include "runtime/models/model.h"

#include <span>

namespace sanku::models {

// `values` by feature, finite; a missing one is NaN. Not a number: the score is not known.
[[nodiscard]] double score(const Model& model, const double* values);
// `columns` by feature, each of `rows` values; scores into `out`.
void score(const Model& model, std::span<const double* const> columns, std::size_t rows,
           double* out);
// The sum before it becomes a score.
[[nodiscard]] double margin(const Model& model, const double* values);

// A sum as a score; not a number where it is not finite.
[[nodiscard]] double outcome(const Model& model, double margin);

} // namespace sanku::models
