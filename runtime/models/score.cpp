// The walk (score.h).
#include "runtime/models/score.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace sanku::models {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t lanes = 16;
constexpr std::size_t tile = 32;
// Deeper trees are walked to their leaf by themselves: few rows go that deep.
constexpr std::uint32_t most_steps = 12;

// What stands for a missing value in a column.
double stand_in(const Column& column) {
  switch (column.missing) {
  case Column::Missing::low:
    return -infinity;
  case Column::Missing::high:
    return infinity;
  case Column::Missing::kept:
    break;
  }
  return unknown;
}

// `count` values of a column, `stride` apart. No branch: which values are missing is the data's.
template <bool floats, bool zero_missing>
void fill(const double* values, std::size_t count, double missing, double* out,
          std::size_t stride) {
  for (std::size_t i = 0; i < count; ++i) {
    const double value = floats ? double{static_cast<float>(values[i])} : values[i];
    const bool there = zero_missing ? std::abs(value) > double{1e-35F} : value == value;
    out[i * stride] = there ? value : missing;
  }
}
void fill(const Column& column, bool floats, const double* values, std::size_t count, double* out,
          std::size_t stride) {
  const double missing = stand_in(column);
  if (column.zero_missing)
    return fill<false, true>(values, count, missing, out, stride); // LightGBM's alone
  if (floats)
    return fill<true, false>(values, count, missing, out, stride);
  return fill<false, false>(values, count, missing, out, stride);
}

std::uint32_t step(const PackedNode* nodes, std::uint32_t at, const double* values) {
  const PackedNode& node = nodes[at];
  return node.left + static_cast<std::uint32_t>(values[node.column] > node.threshold);
}

std::uint32_t step_by_category(const Packed& packed, std::uint32_t at, const double* values) {
  const PackedNode& node = packed.nodes[at];
  const double value = values[node.column];
  if (std::isnan(value))
    return node.left + ((node.flags & missing_right) != 0 ? 1 : 0);
  const BitSet set = packed.sets[at];
  bool member = false;
  if (value > node.threshold && value < 32.0 * set.words) {
    const auto category = static_cast<std::uint32_t>(value);
    member = (packed.bits[set.begin + category / 32] >> (category % 32) & 1) != 0;
  }
  return node.left + (member == ((node.flags & members_right) != 0) ? 1 : 0);
}

std::uint32_t next_node(const Packed& packed, std::uint32_t at, const double* values) {
  if ((packed.nodes[at].flags & categorical) != 0)
    return step_by_category(packed, at, values);
  return step(packed.nodes.data(), at, values);
}

bool is_leaf(const Packed& packed, std::uint32_t at) { return packed.nodes[at].left == at; }

std::uint32_t leaf_alone(const Packed& packed, std::uint32_t at, const double* values) {
  while (!is_leaf(packed, at))
    at = next_node(packed, at, values);
  return at;
}

bool goes_alone(const PackedTree& tree) { return tree.categories || tree.steps > most_steps; }

// Adds leaves in the width of the model's sums.
struct Sum {
  double wide = 0;
  float narrow = 0;
};
void add_leaf(const Model& model, Sum& sum, std::uint32_t leaf) {
  if (model.floats)
    sum.narrow += model.packed.float_values[leaf];
  else
    sum.wide += model.packed.values[leaf];
}
Sum begun(const Model& model) { return {model.base, static_cast<float>(model.base)}; }
double ended(const Model& model, const Sum& sum) {
  const double total = model.floats ? double{sum.narrow} : sum.wide;
  return model.averaged ? total / static_cast<double>(model.trees.size()) : total;
}

double walk_trees(const Model& model, const double* values) {
  const Packed& packed = model.packed;
  const PackedNode* const nodes = packed.nodes.data();
  Sum sum = begun(model);
  std::size_t tree = 0;
  while (tree < packed.trees.size()) {
    std::array<std::uint32_t, lanes> at{};
    std::size_t together = 0;
    std::uint32_t steps = 0;
    while (together < lanes && tree + together < packed.trees.size() &&
           !goes_alone(packed.trees[tree + together])) {
      at[together] = packed.trees[tree + together].root;
      steps = std::max(steps, packed.trees[tree + together].steps);
      ++together;
    }
    if (together == 0) {
      add_leaf(model, sum, leaf_alone(packed, packed.trees[tree].root, values));
      ++tree;
      continue;
    }
    // Lanes without a tree turn on the first one.
    for (std::size_t lane = together; lane < lanes; ++lane)
      at[lane] = at[0];
    for (std::uint32_t i = 0; i < steps; ++i)
      for (std::size_t lane = 0; lane < lanes; ++lane)
        at[lane] = step(nodes, at[lane], values);
    for (std::size_t lane = 0; lane < together; ++lane)
      add_leaf(model, sum, at[lane]);
    tree += together;
  }
  return ended(model, sum);
}

double add_terms(const Model& model, const double* values) {
  Sum sum = begun(model);
  for (std::size_t i = 0; i < model.terms.size(); ++i) {
    const Term& term = model.terms[i];
    double value = values[i];
    if (std::isnan(value)) {
      if (!term.filled)
        return unknown;
      value = term.fill;
    }
    sum.narrow += static_cast<float>(value) * static_cast<float>(term.coefficient);
    sum.wide += value * term.coefficient;
  }
  return ended(model, sum);
}

// Room for one row's columns; models of more than usual many take it from the heap.
struct Row {
  std::array<double, 512> few;
  std::vector<double> many;
  double* data = few.data();

  explicit Row(std::size_t columns) {
    if (columns > few.size()) {
      many.resize(columns);
      data = many.data();
    }
  }
};

// In 32 bits and in this order, as XGBoost does: its roundings are part of its probability.
double narrow_logistic(float margin) {
  constexpr float most = 88.7F; // beyond, the exponential is endless
  const float below = std::exp(std::min(-margin, most)) + 1.0F + 1e-16F;
  return double{1.0F / below};
}

} // namespace

double outcome(const Model& model, double margin) {
  double score = margin;
  switch (model.link) {
  case Link::identity:
    break;
  case Link::logistic:
    score = model.floats ? narrow_logistic(static_cast<float>(margin))
                         : 1 / (1 + std::exp(-model.steepness * margin));
    break;
  case Link::exponential:
    score = model.floats ? double{std::exp(static_cast<float>(margin))} : std::exp(margin);
    break;
  }
  return std::isfinite(score) ? score : unknown;
}

double margin(const Model& model, const double* values) {
  if (model.linear)
    return add_terms(model, values);
  const std::vector<Column>& columns = model.packed.columns;
  Row row(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i)
    fill(columns[i], model.floats, values + columns[i].feature, 1, row.data + i, 1);
  return walk_trees(model, row.data);
}

double score(const Model& model, const double* values) {
  return outcome(model, margin(model, values));
}

void score(const Model& model, std::span<const double* const> columns, std::size_t rows,
           double* out) {
  if (model.linear) {
    Row row(model.feature_count);
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t f = 0; f < model.feature_count; ++f)
        row.data[f] = columns[f][r];
      out[r] = score(model, row.data);
    }
    return;
  }
  const std::vector<Column>& read = model.packed.columns;
  std::vector<double> values(tile * read.size());
  for (std::size_t begin = 0; begin < rows; begin += tile) {
    const std::size_t count = std::min(tile, rows - begin);
    for (std::size_t c = 0; c < read.size(); ++c)
      fill(read[c], model.floats, columns[read[c].feature] + begin, count, values.data() + c,
           read.size());
    for (std::size_t r = 0; r < count; ++r)
      out[begin + r] = outcome(model, walk_trees(model, values.data() + r * read.size()));
  }
}

} // namespace sanku::models
