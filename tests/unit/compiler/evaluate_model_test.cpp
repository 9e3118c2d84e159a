// The evaluator's own walk of models against the packed one that compiled rules use: every row of
// every trained model to the last bit, scores and contributions.
#include "compiler/evaluate/model.h"
#include "runtime/models/load.h"
#include "runtime/models/reasons.h"
#include "runtime/models/score.h"
#include "tests/support/model_rows.h"

#include <gtest/gtest.h>

#include <bit>

namespace sanku::evaluate {
namespace {

TEST(EvaluateModel, walks_to_the_same_score_and_reasons_as_the_packed_form) {
  for (const char* file :
       {"light_binary.txt", "light_zero.txt", "light_none.txt", "light_forest.txt",
        "light_leaf.txt", "extreme_binary.json", "extreme_deep.json", "extreme_leaf.json",
        "extreme_poisson.json", "extreme_linear.json", "logistic.json"}) {
    SCOPED_TRACE(file);
    const auto model = models::load(std::string("tests/models/") + file, std::nullopt);
    ASSERT_TRUE(model.has_value());
    for (std::size_t row = 0; row < tests::model_rows + tests::odd_model_rows; ++row) {
      std::vector<double> values, packed(model->feature_count);
      for (std::size_t feature = 0; feature < model->feature_count; ++feature)
        values.push_back(tests::model_value(row, feature));
      ASSERT_EQ(std::bit_cast<std::uint64_t>(score(*model, values)),
                std::bit_cast<std::uint64_t>(models::score(*model, values.data())))
          << "row " << row;
      models::contributions(*model, values.data(), packed.data());
      ASSERT_EQ(contributions(*model, values), packed) << "row " << row;
    }
  }
}

} // namespace
} // namespace sanku::evaluate
