// Scores and reasons (model.h), and the two forms of expression that ask for them (scope.h).
#include "compiler/evaluate/model.h"

#include "compiler/evaluate/scope.h"
#include "runtime/models/reasons.h"
#include "runtime/models/score.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <cmath>

namespace sanku::evaluate {
namespace {

using models::Absent;
using models::Model;
using models::Node;
using models::Test;

bool is_member(const Model& model, const Node& node, double value) {
  const auto first = model.categories.begin() + node.categories;
  return std::binary_search(first, first + node.category_count, static_cast<std::uint32_t>(value));
}

bool goes_left(const Model& model, const Node& node, double value) {
  const bool missing = std::isnan(value);
  const bool zero = std::abs(value) <= double{1e-35F};
  const double most = 4e9; // no category is as large
  switch (node.test) {
  case Test::leaf:
    break;
  case Test::at_most:
    if (node.absent == Absent::none && missing)
      return 0 <= node.threshold;
    if (missing || (node.absent == Absent::also_zero && zero))
      return node.default_left;
    return value <= node.threshold;
  case Test::below:
    return missing ? node.default_left : value < node.threshold;
  case Test::member_left:
    return !missing && value > -1 && value < most && is_member(model, node, value);
  case Test::member_right:
    if (missing)
      return node.default_left;
    return !(value >= 0 && value < most && is_member(model, node, value));
  }
  unreachable("a leaf has no children");
}

// Every step from the root to the leaf.
template <class Step>
const Node& descend(const Model& model, const models::Tree& tree, std::span<const double> values,
                    const Step& step) {
  const Node* at = &tree.nodes.front();
  while (at->test != Test::leaf) {
    const double given = values[at->feature];
    const double value = model.floats ? double{static_cast<float>(given)} : given;
    const Node& next = tree.nodes[goes_left(model, *at, value) ? at->left : at->right];
    step(*at, next);
    at = &next;
  }
  return *at;
}

double linear_sum(const Model& model, std::span<const double> values) {
  float narrow = static_cast<float>(model.base);
  double wide = model.base;
  for (std::size_t i = 0; i < model.terms.size(); ++i) {
    const models::Term& term = model.terms[i];
    if (std::isnan(values[i]) && !term.filled)
      return values[i];
    const double value = std::isnan(values[i]) ? term.fill : values[i];
    narrow = narrow + static_cast<float>(value) * static_cast<float>(term.coefficient);
    wide = wide + value * term.coefficient;
  }
  return model.floats ? double{narrow} : wide;
}

double tree_sum(const Model& model, std::span<const double> values) {
  float narrow = static_cast<float>(model.base);
  double wide = model.base;
  for (const models::Tree& tree : model.trees) {
    const Node& leaf = descend(model, tree, values, [](const Node&, const Node&) {});
    narrow = narrow + static_cast<float>(leaf.value);
    wide = wide + leaf.value;
  }
  const double sum = model.floats ? double{narrow} : wide;
  return model.averaged ? sum / static_cast<double>(model.trees.size()) : sum;
}

} // namespace

double score(const Model& model, std::span<const double> values) {
  return models::outcome(model, model.linear ? linear_sum(model, values) : tree_sum(model, values));
}

std::vector<double> contributions(const Model& model, std::span<const double> values) {
  std::vector<double> parts(model.feature_count);
  for (std::size_t i = 0; i < model.terms.size(); ++i) {
    const models::Term& term = model.terms[i];
    const double value = std::isnan(values[i]) ? term.fill : values[i];
    parts[i] = term.coefficient * (value - term.mean);
  }
  for (const models::Tree& tree : model.trees)
    static_cast<void>(descend(model, tree, values, [&](const Node& from, const Node& to) {
      parts[from.feature] += to.expected - from.expected;
    }));
  if (model.averaged)
    for (double& part : parts)
      part /= static_cast<double>(model.trees.size());
  return parts;
}

std::vector<std::size_t> leaves(const Model& model, std::span<const double> values) {
  std::vector<std::size_t> reached;
  for (const models::Tree& tree : model.trees)
    reached.push_back(static_cast<std::size_t>(
        &descend(model, tree, values, [](const Node&, const Node&) {}) - tree.nodes.data()));
  return reached;
}

std::vector<double> Scope::inputs(const std::vector<hir::Expr>& inputs) {
  std::vector<double> values;
  for (const hir::Expr& input : inputs) {
    const Value found = value(input);
    values.push_back(is_known(found) ? std::get<Score>(found).value : std::nan(""));
  }
  return values;
}

Value Scope::score(const hir::ScoreOf& form) {
  const Observer* observer = rows_.input().observer;
  if (observer != nullptr && observer->inputs)
    observer->inputs(form.model, inputs(form.inputs));
  if (form.total)
    return value(*form.total);
  const double found = evaluate::score(*program().models[form.model].trained, inputs(form.inputs));
  return std::isnan(found) ? Value(Unknown{}) : Value(Score{found});
}

Value Scope::reasons(hir::ModelId id, const std::vector<hir::Expr>& read, std::size_t most) {
  const hir::Model& model = program().models[id];
  const std::vector<double> values = inputs(read);
  if (model.trained) {
    if (std::isnan(evaluate::score(*model.trained, values)))
      return Unknown{};
    return models::reasons_text(model.inputs, values.data(),
                                evaluate::contributions(*model.trained, values), most);
  }
  if (std::ranges::any_of(values, [](double points) { return std::isnan(points); }))
    return Unknown{};
  return models::reasons_text(model.inputs, nullptr, values, most);
}

} // namespace sanku::evaluate
