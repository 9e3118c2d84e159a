// Why a score is what it is. Of trees: every step of a row from a node to its child moves the
// expected sum of the leaves below; the step's feature is given that difference. Base and
// contributions add up to the margin exactly, but for rounding. Of linear models: the coefficient
// times the distance from the mean. Of scorecards: the points. A list of reasons is kept as a text
// that names each in both languages (reasons_text), because a finding outlives the model. Tested by
// tests/unit/runtime/models_test.cpp against contributions of the libraries.
#pragma once

#include "runtime/models/model.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::models {

// By feature, in units of the margin; `values` as score takes them.
void contributions(const Model& model, const double* values, double* out);

// What contributions are added to.
[[nodiscard]] double expected_margin(const Model& model);

struct InputNames {
  std::string zh, en;
};
// The `most` largest by size, of equals the first; what contributes nothing is left out. Without
// values (of scorecards, where they are the points) only names and contributions.
[[nodiscard]] std::string reasons_text(std::span<const InputNames> names, const double* values,
                                       std::span<const double> contributions, std::size_t most);

} // namespace sanku::models
