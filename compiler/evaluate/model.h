// Models as the evaluator scores them: node by node over what the file says, with nothing that
// compiled code uses but the data and the scalar functions of runtime/models. Tested by
// tests/unit/compiler/evaluate_model_test.cpp and through every case with a model.
#pragma once

#include "runtime/models/model.h"

#include <span>
#include <vector>

namespace sanku::evaluate {

// `values` by feature, not a number where one is missing. Not a number: nobody knows the score.
[[nodiscard]] double score(const models::Model& model, std::span<const double> values);
// How much each feature moved the margin.
[[nodiscard]] std::vector<double> contributions(const models::Model& model,
                                                std::span<const double> values);

// The leaf that each tree comes to, by its place in Tree::nodes.
[[nodiscard]] std::vector<std::size_t> leaves(const models::Model& model,
                                              std::span<const double> values);

} // namespace sanku::evaluate
