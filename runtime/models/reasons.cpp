// Contributions and their text (reasons.h).
#include "runtime/models/reasons.h"

#include "runtime/types/reason_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sanku::models {
namespace {

struct Walk {
  const Model& model;
  const Packed& packed;
  const double* values;
  double* out;

  [[nodiscard]] bool goes_right(std::uint32_t at) const {
    const PackedNode& node = packed.nodes[at];
    const Column& column = packed.columns[node.column];
    double value = values[column.feature];
    if (model.floats)
      value = double{static_cast<float>(value)};
    const bool missing =
        std::isnan(value) || (column.zero_missing && std::abs(value) <= double{1e-35F});
    if ((node.flags & categorical) == 0)
      return missing ? column.missing == Column::Missing::high : value > node.threshold;
    if (missing)
      return (node.flags & missing_right) != 0;
    const BitSet set = packed.sets[at];
    bool member = false;
    if (value > node.threshold && value < 32.0 * set.words) {
      const auto category = static_cast<std::uint32_t>(value);
      member = (packed.bits[set.begin + category / 32] >> (category % 32) & 1) != 0;
    }
    return member == ((node.flags & members_right) != 0);
  }

  void tree(const PackedTree& tree) const {
    std::uint32_t at = tree.root;
    while (packed.nodes[at].left != at) {
      const std::uint32_t next = packed.nodes[at].left + (goes_right(at) ? 1 : 0);
      const std::uint32_t feature = packed.columns[packed.nodes[at].column].feature;
      out[feature] += packed.expected[next] - packed.expected[at];
      at = next;
    }
  }
};

} // namespace

void contributions(const Model& model, const double* values, double* out) {
  std::fill(out, out + model.feature_count, 0.0);
  if (model.linear) {
    for (std::size_t i = 0; i < model.terms.size(); ++i) {
      const Term& term = model.terms[i];
      const double value = std::isnan(values[i]) ? term.fill : values[i];
      out[i] = term.coefficient * (value - term.mean);
    }
    return;
  }
  const Walk walk{.model = model, .packed = model.packed, .values = values, .out = out};
  for (const PackedTree& tree : model.packed.trees)
    walk.tree(tree);
  if (model.averaged)
    for (std::size_t i = 0; i < model.feature_count; ++i)
      out[i] /= static_cast<double>(model.trees.size());
}

std::string reasons_text(std::span<const InputNames> names, const double* values,
                         std::span<const double> contributions, std::size_t most) {
  std::vector<std::size_t> order(contributions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(contributions[a]) > std::abs(contributions[b]);
  });
  std::string text;
  for (const std::size_t i : order) {
    if (most == 0 || !(std::abs(contributions[i]) > 0))
      break;
    --most;
    std::string value;
    if (values != nullptr)
      value =
          std::isnan(values[i]) ? std::string(reason_missing) : fmt::format("{:.6g}", values[i]);
    text += fmt::format("{}{}{}{}{}{}{:+.3g}{}", names[i].zh, reason_field, names[i].en,
                        reason_field, value, reason_field, contributions[i], reason_end);
  }
  return text;
}

double expected_margin(const Model& model) {
  double sum = 0;
  if (model.linear) {
    for (const Term& term : model.terms)
      sum += term.coefficient * term.mean;
    return model.base + sum;
  }
  for (const PackedTree& tree : model.packed.trees)
    sum += model.packed.expected[tree.root];
  const double total = model.base + sum;
  return model.averaged ? total / static_cast<double>(model.trees.size()) : total;
}

} // namespace sanku::models
