// Models: every row's score against what the library that trained it said (tests/models), row by
// row and in blocks; contributions; files that are cut, torn or of another kind.
#include "runtime/models/load.h"
#include "runtime/models/reasons.h"
#include "runtime/models/score.h"
#include "runtime/types/value.h"
#include "tests/support/model_rows.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sanku::models {
namespace {

const std::filesystem::path folder = "tests/models";

std::string bytes_of(const std::string& name) {
  std::ifstream in(folder / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Trained {
  const char* file;
  const char* scores;
  bool floats = false;
  bool own_score = false; // another than the margin
  std::size_t rows = tests::model_rows;
  std::size_t features = tests::model_features;
};
constexpr std::size_t with_odd = tests::model_rows + tests::odd_model_rows;

std::vector<Trained> trained() {
  return {
      {"light_binary.txt", "light_binary.scores", false, true, with_odd},
      {"light_zero.txt", "light_zero.scores", false, false, with_odd},
      {"light_none.txt", "light_none.scores", false, false, with_odd},
      {"light_forest.txt", "light_forest.scores", false, true, with_odd},
      {"light_leaf.txt", "light_leaf.scores", false, false, with_odd},
      {"extreme_binary.json", "extreme_binary.scores", true, true},
      {"extreme_deep.json", "extreme_deep.scores", true, false},
      {"extreme_leaf.json", "extreme_leaf.scores", true, false},
      {"extreme_poisson.json", "extreme_poisson.scores", true, true},
      {"extreme_linear.json", "extreme_linear.scores", true, true},
      {"logistic.json", "logistic.scores", false, true, 1000, 3},
  };
}

// What the library said: margins, scores, contributions.
struct Expected {
  std::vector<double> numbers;
  std::size_t rows, first_contribution;

  explicit Expected(const Trained& model)
      : numbers(), rows(model.rows), first_contribution(model.rows * (model.own_score ? 2 : 1)) {
    const std::string bytes = bytes_of(model.scores);
    const std::size_t width = model.floats ? 4 : 8;
    for (std::size_t at = 0; at + width <= bytes.size(); at += width) {
      double wide = 0;
      float narrow = 0;
      std::memcpy(model.floats ? static_cast<void*>(&narrow) : &wide, bytes.data() + at, width);
      numbers.push_back(model.floats ? double{narrow} : wide);
    }
  }
  double margin(std::size_t row) const { return numbers[row]; }
  double score(std::size_t row) const {
    return numbers[first_contribution == rows ? row : rows + row];
  }
};

std::vector<double> row_of(std::size_t row, std::size_t features) {
  std::vector<double> values;
  for (std::size_t feature = 0; feature < features; ++feature)
    values.push_back(tests::model_value(row, feature));
  return values;
}

// One unit in the last place of the width that the library computes in.
double ulp(double at, bool floats) {
  if (floats)
    return double{std::nextafter(static_cast<float>(at), HUGE_VALF)} - at;
  return std::nextafter(at, HUGE_VAL) - at;
}

Model loaded(const char* file) {
  auto model = load(folder / file, std::nullopt);
  EXPECT_TRUE(model.has_value()) << file << ": " << (model ? "" : model.error().en);
  return model ? std::move(*model) : Model{};
}

TEST(Models, score_every_row_as_the_library_does) {
  for (const Trained& each : trained()) {
    SCOPED_TRACE(each.file);
    const Model model = loaded(each.file);
    const Expected expected(each);
    ASSERT_EQ(expected.numbers.size(),
              expected.first_contribution + tests::explained_model_rows * (each.features + 1));
    std::size_t wrong = 0;
    for (std::size_t row = 0; row < each.rows && wrong < 5; ++row) {
      const std::vector<double> values = row_of(row, each.features);
      const double found = margin(model, values.data()), wanted = expected.margin(row);
      const bool same = each.floats
                            ? found == wanted
                            : std::abs(found - wanted) <= 1e-12 * std::max(1.0, std::abs(wanted));
      const double score_found = score(model, values.data()), score_wanted = expected.score(row);
      const bool near = std::abs(score_found - score_wanted) <= ulp(score_wanted, each.floats) ||
                        (!each.floats && std::abs(score_found - score_wanted) <= 1e-12);
      wrong += same && near ? 0 : 1;
      EXPECT_TRUE(same) << "row " << row << ": margin " << found << ", expected " << wanted;
      EXPECT_TRUE(near) << "row " << row << ": score " << score_found << ", expected "
                        << score_wanted;
    }
  }
}

TEST(Models, a_block_scores_as_its_rows_do_to_the_last_bit) {
  for (const Trained& each : trained()) {
    SCOPED_TRACE(each.file);
    const Model model = loaded(each.file);
    for (const std::size_t rows : {std::size_t{1}, std::size_t{7}, std::size_t{64}, each.rows}) {
      std::vector<std::vector<double>> columns(each.features);
      std::vector<const double*> pointers;
      for (std::size_t feature = 0; feature < each.features; ++feature) {
        for (std::size_t row = 0; row < rows; ++row)
          columns[feature].push_back(tests::model_value(row, feature));
        pointers.push_back(columns[feature].data());
      }
      std::vector<double> scores(rows);
      score(model, pointers, rows, scores.data());
      for (std::size_t row = 0; row < rows; ++row)
        ASSERT_EQ(std::bit_cast<std::uint64_t>(scores[row]),
                  std::bit_cast<std::uint64_t>(score(model, row_of(row, each.features).data())))
            << "row " << row;
    }
  }
}

TEST(Models, contributions_are_those_of_the_paths) {
  for (const Trained& each : trained()) {
    SCOPED_TRACE(each.file);
    const Model model = loaded(each.file);
    const Expected expected(each);
    const double tolerance = each.floats ? 2e-4 : 1e-9;
    for (std::size_t row = 0; row < tests::explained_model_rows; ++row) {
      const std::vector<double> values = row_of(row, each.features);
      std::vector<double> found(each.features);
      contributions(model, values.data(), found.data());
      double sum = expected_margin(model);
      for (std::size_t feature = 0; feature < each.features; ++feature) {
        sum += found[feature];
        const double wanted =
            expected.numbers[expected.first_contribution + row * (each.features + 1) + feature];
        ASSERT_NEAR(found[feature], wanted, tolerance) << "row " << row << " feature " << feature;
      }
      ASSERT_NEAR(sum, margin(model, values.data()), tolerance) << "row " << row;
      ASSERT_NEAR(
          expected_margin(model),
          expected.numbers[expected.first_contribution + (row + 1) * (each.features + 1) - 1],
          tolerance);
    }
  }
}

TEST(Models, a_linear_model_without_a_value_to_fill_in_is_not_known) {
  const auto model = parse(R"({"model": "linear", "intercept": 1,
    "inputs": [{"name": "a", "coefficient": 2}, {"name": "b", "coefficient": 3, "missing": 5}]})",
                           std::nullopt);
  ASSERT_TRUE(model.has_value());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double both[] = {1, 1}, no_b[] = {1, nan}, no_a[] = {nan, 1};
  EXPECT_EQ(score(*model, both), 6);
  EXPECT_EQ(score(*model, no_b), 18);
  EXPECT_TRUE(std::isnan(score(*model, no_a)));
}

// A file that is cut anywhere is no model, or, where only what nobody reads is gone, the same one.
TEST(Models, of_a_file_that_is_cut_off_nothing_is_loaded) {
  for (const char* file : {"light_none.txt", "extreme_poisson.json", "logistic.json"}) {
    const std::string whole = bytes_of(file);
    const auto end = whole.find("end of trees");
    std::size_t refused = 0;
    for (std::size_t size = 0; size + 2 < std::min(whole.size(), end); size += 7) {
      const auto found = parse(whole.substr(0, size), std::nullopt);
      EXPECT_FALSE(found.has_value()) << file << " cut to " << size;
      refused += found ? 0 : 1;
    }
    EXPECT_GT(refused, 10u) << file;
  }
}

// Whatever a byte becomes, a model that loads scores without leaving its arrays (the sanitizers see
// that), and what does not load says why in both languages.
TEST(Models, bytes_that_are_wrong_are_refused_or_harmless) {
  for (const char* file : {"light_none.txt", "extreme_poisson.json", "light_binary.txt"}) {
    const std::string whole = bytes_of(file);
    std::size_t refused = 0;
    for (std::uint64_t round = 0; round < 400; ++round) {
      std::string torn = whole;
      const std::uint64_t draw = tests::mixed(round);
      torn[draw % (whole.size() / 2)] = "0123456789-, []}{=~x"[(draw >> 40) % 20];
      const auto found = parse(torn, std::nullopt);
      if (!found) {
        EXPECT_FALSE(found.error().zh.empty() || found.error().en.empty());
        ++refused;
        continue;
      }
      const std::vector<double> values = row_of(round, found->feature_count);
      std::vector<double> parts(found->feature_count);
      static_cast<void>(score(*found, values.data()));
      contributions(*found, values.data(), parts.data());
    }
    EXPECT_GT(refused, 20u) << file;
  }
}

struct Wrong {
  const char* what;
  std::string text;
  Fault::Kind kind;
  const char* says;
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// A tree of three leaves.
constexpr std::string_view small_light = R"(tree
version=v4
num_class=1
num_tree_per_iteration=1
max_feature_idx=1
objective=regression
feature_names=a b

Tree=0
num_leaves=3
num_cat=0
split_feature=0 1
threshold=1.5 2.5
decision_type=8 10
left_child=1 -1
right_child=-2 -3
leaf_value=1 2 3
leaf_count=5 5 5

end of trees
)";
constexpr std::string_view small_extreme =
    R"({"learner":{"feature_names":["a","b"],"gradient_booster":{"model":{"trees":[
{"default_left":[0,1,0,0,0],"left_children":[1,3,-1,-1,-1],"right_children":[2,4,-1,-1,-1],
"split_conditions":[1.5,2.5,3.0,1.0,2.0],"split_indices":[0,1,0,0,0],"sum_hessian":[3,2,1,1,1]}]},
"name":"gbtree"},"learner_model_param":{"base_score":"5E-1","num_class":"0","num_feature":"2"},
"objective":{"name":"reg:squarederror"}}})";

// Of `binary:logitraw` the base is a margin already, and may be any number.
TEST(Models, a_raw_logit_begins_at_its_base) {
  const std::string raw =
      replaced(std::string(small_extreme), "reg:squarederror", "binary:logitraw");
  for (const auto& [base, margin] : {std::pair{"\"5E-1\"", 0.5}, {"\"-2\"", -2.0}}) {
    const auto found = parse(replaced(raw, "\"5E-1\"", base), std::nullopt);
    ASSERT_TRUE(found.has_value()) << found.error().en;
    EXPECT_EQ(found->base, margin);
    EXPECT_EQ(found->link, Link::identity);
  }
}

TEST(Models, what_is_wrong_with_a_file_is_said) {
  const std::string light(small_light), extreme(small_extreme);
  ASSERT_TRUE(parse(light, std::nullopt).has_value());
  ASSERT_TRUE(parse(extreme, std::nullopt).has_value());
  using Kind = Fault::Kind;
  const std::vector<Wrong> table = {
      {"an empty file", "", Kind::damaged, "neither LightGBM's text"},
      {"a binary file", "{L\x05\x01", Kind::damaged, "no whole JSON"},
      {"a threshold of NaN", replaced(light, "1.5 2.5", "nan 2.5"), Kind::damaged, "no number"},
      {"an endless leaf", replaced(light, "leaf_value=1", "leaf_value=inf"), Kind::damaged,
       "no number"},
      {"a missing threshold", replaced(light, "1.5 2.5", "1.5"), Kind::damaged, "has 1 numbers"},
      {"a circle", replaced(light, "left_child=1 -1", "left_child=1 1"), Kind::damaged, "circle"},
      {"a child that is not there", replaced(light, "right_child=-2 -3", "right_child=-2 -9"),
       Kind::damaged, "node 1 is not whole"},
      {"a feature that is not there", replaced(light, "split_feature=0 1", "split_feature=0 7"),
       Kind::damaged, "reads feature 7"},
      {"several classes", replaced(light, "num_class=1", "num_class=3"), Kind::unsupported,
       "3 classes"},
      {"an objective", replaced(light, "objective=regression", "objective=multiclassova"),
       Kind::unsupported, "multiclassova"},
      {"names", replaced(light, "feature_names=a b", "feature_names=a"), Kind::damaged,
       "2 features and 1 names"},
      {"linear leaves", replaced(light, "num_cat=0", "num_cat=0\nis_linear=1"), Kind::unsupported,
       "linear_tree"},
      {"no end", replaced(light, "end of trees", ""), Kind::damaged, "cut off"},
      {"a circle of XGBoost's", replaced(extreme, "[1,3,-1", "[1,1,-1"), Kind::damaged, "circle"},
      {"its own parent", replaced(extreme, "[1,3,-1", "[0,3,-1"), Kind::damaged, "left_children"},
      {"a condition of NaN", replaced(extreme, "[1.5,", "[NaN,"), Kind::damaged, "no number"},
      {"a condition too large", replaced(extreme, "[1.5,", "[1e99,"), Kind::damaged, "no number"},
      {"a short array", replaced(extreme, "[0,1,0,0,0],\"left", "[0],\"left"), Kind::damaged,
       "default_left"},
      {"a feature too many", replaced(extreme, "\"split_indices\":[0,", "\"split_indices\":[5,"),
       Kind::damaged, "reads feature 5"},
      {"another booster", replaced(extreme, "\"gbtree\"", "\"dart\""), Kind::unsupported, "dart"},
      {"another objective", replaced(extreme, "reg:squarederror", "multi:softprob"),
       Kind::unsupported, "multi:softprob"},
      {"an end within numbers", extreme.substr(0, extreme.find("4,-1,-1,-1]")), Kind::damaged,
       "cut off"},
      {"text behind it", extreme + "{", Kind::damaged, "cut off or wrong"},
      {"a linear model without inputs", R"({"model": "linear", "intercept": 1, "inputs": []})",
       Kind::damaged, "inputs"},
      {"a name twice", R"({"model": "linear", "intercept": 1, "inputs": [
         {"name": "a", "coefficient": 1}, {"name": "a", "coefficient": 2}]})",
       Kind::damaged, "twice"},
      {"a key that nobody knows",
       R"({"model": "linear", "intercept": 1, "link": "probit", "inputs": [{"name": "a", "coefficient": 1}]})",
       Kind::damaged, "not known"},
  };
  for (const Wrong& each : table) {
    const auto found = parse(each.text, std::nullopt);
    ASSERT_FALSE(found.has_value()) << each.what;
    EXPECT_EQ(found.error().kind, each.kind) << each.what << ": " << found.error().en;
    EXPECT_NE(found.error().en.find(each.says), std::string::npos)
        << each.what << ": " << found.error().en;
    EXPECT_FALSE(found.error().zh.empty()) << each.what;
  }
  EXPECT_EQ(load("tests/models/none.txt", std::nullopt).error().kind, Kind::unreadable);
}

// What a file says of itself is held against what is there: whole trees, or the end behind them,
// may be gone from a file that reads well.
TEST(Models, trees_and_ends_that_are_missing_are_noticed) {
  const std::string light = bytes_of("light_binary.txt"), extreme = bytes_of("extreme_deep.json");
  const auto without = [](std::string text, std::string_view from, std::string_view to) {
    const auto begin = text.find(from), end = text.find(to, begin);
    EXPECT_NE(end, std::string::npos) << from << to;
    return text.erase(begin, end - begin);
  };
  const std::string params =
      "\"gbtree_model_param\":{\"num_parallel_tree\":\"1\",\"num_trees\":\"3\"}";
  const std::vector<Wrong> table = {
      {"the last tree", without(light, "Tree=29", "end of trees"), Fault::Kind::damaged,
       "it has 29 trees, `tree_sizes` lists 30"},
      {"a tree between", without(light, "Tree=3\n", "Tree=4\n"), Fault::Kind::damaged,
       "found `Tree=4` where tree 3 is expected"},
      {"a line of a tree", without(light, "internal_value=", "internal_weight="),
       Fault::Kind::damaged, "`tree_sizes` says 3360"},
      {"the end", light.substr(0, light.find("[sigmoid:")), Fault::Kind::damaged,
       "no `end of parameters`"},
      {"XGBoost's count", replaced(extreme, params, replaced(params, "\"3\"", "\"4\"")),
       Fault::Kind::damaged, "it has 3 trees, `num_trees` says 4"},
      {"XGBoost's list", replaced(extreme, "\"tree_info\":[0,0,0]", "\"tree_info\":[0,0]"),
       Fault::Kind::damaged, "`tree_info` lists 2"},
  };
  for (const Wrong& each : table) {
    const auto found = parse(each.text, std::nullopt);
    ASSERT_FALSE(found.has_value()) << each.what;
    EXPECT_EQ(found.error().kind, each.kind) << each.what;
    EXPECT_NE(found.error().en.find(each.says), std::string::npos) << found.error().en;
  }
  // Other line ends change sizes, and nothing else.
  std::string ends;
  for (const char each : light)
    ends += each == '\n' ? std::string("\r\n") : std::string(1, each);
  EXPECT_TRUE(parse(ends, std::nullopt).has_value());
}

TEST(Models, files_beyond_the_limits_are_refused) {
  const std::string light = bytes_of("light_none.txt"), extreme = bytes_of("extreme_poisson.json");
  const Limits few_trees{.trees = 2}, few_nodes{.nodes = 20}, shallow{.depth = 2},
      few_features{.features = 3};
  for (const Limits& limits : {few_trees, few_nodes, shallow, few_features})
    for (const std::string* text : {&light, &extreme}) {
      const auto found = parse(*text, std::nullopt, limits);
      ASSERT_FALSE(found.has_value());
      EXPECT_EQ(found.error().kind, Fault::Kind::too_large) << found.error().en;
    }
  const auto found = load(folder / "light_none.txt", std::nullopt, Limits{.bytes = 100});
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().kind, Fault::Kind::too_large);
}

TEST(Models, reasons_are_the_largest_contributions_of_equals_the_first) {
  const InputNames names[] = {{"年龄", "age"}, {"天数", "days"}, {"费用", "fee"}, {"科室", "ward"}};
  const double values[] = {72, 3.5, std::numeric_limits<double>::quiet_NaN(), 1};
  const double parts[] = {0.25, -0.5, 0.25, 0};
  EXPECT_EQ(to_text(Value(reasons_text(names, values, parts, 2)), {.kind = Kind::reasons},
                    Language::zh, ""),
            "天数 3.5（-0.5）、年龄 72（+0.25）");
  EXPECT_EQ(to_text(Value(reasons_text(names, values, parts, 9)), {.kind = Kind::reasons},
                    Language::en, ""),
            "days 3.5 (-0.5), age 72 (+0.25), fee missing (+0.25)");
  EXPECT_EQ(to_text(Value(reasons_text(names, nullptr, parts, 1)), {.kind = Kind::reasons},
                    Language::en, ""),
            "days (-0.5)");
}

} // namespace
} // namespace sanku::models
