// Models: scorecards and small trained ones that every module has, their scores and reasons. See
// generator.h. That trees are walked right is for tests/unit/runtime/models_test.cpp; here it is
// how scores meet the rest of the language.
#include "tests/differential/generator.h"

#include <fmt/format.h>

namespace sanku::differential {
namespace {

constexpr Type score_type{.kind = Kind::score};

// Three leaves, a missing value of each kind, a category.
constexpr std::string_view light = R"(tree
version=v4
num_class=1
num_tree_per_iteration=1
max_feature_idx=3
objective=binary sigmoid:1
feature_names=total old lines level

Tree=0
num_leaves=4
num_cat=1
split_feature=0 2 3
threshold=40.5 1.5 0
decision_type=8 10 1
left_child=1 -1 -2
right_child=2 -3 -4
leaf_value=-0.75 0.5 0.125 1.25
leaf_count=7 3 9 4
cat_boundaries=0 1
cat_threshold=6

Tree=1
num_leaves=3
num_cat=0
split_feature=1 0
threshold=0.5 1e-35
decision_type=0 6
left_child=1 -1
right_child=-2 -3
leaf_value=0.25 -0.5 0.0625
leaf_count=5 5 10

end of trees
)";
constexpr std::string_view extreme =
    R"({"learner":{"feature_names":["total","lines"],"gradient_booster":{"model":{"trees":[
{"default_left":[0,1,0,0,0],"left_children":[1,3,-1,-1,-1],"right_children":[2,4,-1,-1,-1],
"split_conditions":[30.1,2.0,0.3,-0.4,0.1],"split_indices":[0,1,0,0,0],"sum_hessian":[9,6,3,2,4]},
{"default_left":[0],"left_children":[-1],"right_children":[-1],"split_conditions":[0.7],
"split_indices":[0],"sum_hessian":[9]}]},"name":"gbtree"},
"learner_model_param":{"base_score":"[1.5E0]","num_class":"0","num_feature":"2"},
"objective":{"name":"reg:squarederror"}}}
)";
constexpr std::string_view linear = R"({"model": "logistic", "intercept": -0.5, "inputs": [
{"name": "total", "coefficient": 0.01, "mean": 20}, {"name": "lines", "coefficient": 0.25, "missing": 2}]}
)";

} // namespace

std::string_view model_prelude() {
  return "model m0 / 卡甲 \"随机评分卡\" scorecard {\n"
         "  add 40 when any(i in items where i.quantity > 1)\n"
         "  add 2.5 \"总额\" when settlement.total > p2 otherwise -1\n"
         "  加分 p1 如果 患者的性别 = 男 缺省 0\n"
         "}\n"
         "model m1 \"随机树\" from \"m1.txt\" format lightgbm {\n"
         "  total = settlement.total\n  old from \"old\" = settlement.admitted > 2026-03-01\n"
         "  lines / 行数 = count(i in items where i.quantity > 0)\n  level = count(items) - 1\n}\n"
         "model m2 / 树乙 from \"m2.json\" {\n"
         "  行数 from \"lines\" = count(items)\n  total = settlement.total\n}\n"
         "model m3 from \"m3.json\" format linear {\n"
         "  total = settlement.total\n  lines = sum(i in items take i.quantity)\n}\n"
         "model m4(i : Item) \"明细评分\" scorecard {\n"
         "  add 1 when i.quantity > 2\n  add 3 when i.amount > 20元 otherwise 1\n}\n";
}

std::map<std::string, std::string> model_files() {
  return {{"m1.txt", std::string(light)},
          {"m2.json", std::string(extreme)},
          {"m3.json", std::string(linear)}};
}

// A model's score of the visit, or of a line in scope.
Made Generator::model_call() {
  scored_ = true;
  constexpr const char* visits[] = {"m0", "卡甲", "m1", "m1", "m2", "树乙", "m3"};
  const auto lines = elements_of(world_.lines);
  Piece piece = !lines.empty() && random_.chance(30) ? join("m4(", random_.of(lines)->name, ")")
                                                     : join(random_.of(visits), "(settlement)");
  return {.piece = std::move(piece), .type = score_type, .level = Level::postfix};
}

Made Generator::score(int depth) {
  if (depth > 0 && random_.chance(15))
    return otherwise(model_call(), random_.chance(50) ? literal(score_type) : model_call());
  return model_call();
}

Piece Generator::reasons() {
  const char* const word = random_.chance(60) ? "reasons(" : "原因(";
  return join(" {", word, model_call().piece, fmt::format(", {})}}", random_.between(1, 4)));
}

} // namespace sanku::differential
