// pack (parse.h): trees as the walk wants them. Breadth first, so that children stand together;
// `below t` becomes `at most the number before t`, so that all nodes ask the same.
#include "runtime/models/parse.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace sanku::models {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Packer {
  const Model& model;
  Packed& made;
  std::map<std::tuple<std::uint32_t, Column::Missing, bool>, std::uint16_t> known = {};

  std::uint16_t column(const Column& wanted) {
    const auto next = static_cast<std::uint16_t>(made.columns.size());
    const auto [at, added] =
        known.emplace(std::tuple(wanted.feature, wanted.missing, wanted.zero_missing), next);
    if (added) {
      check(made.columns.size() < 65535, "a model has fewer columns than a node can name");
      made.columns.push_back(wanted);
    }
    return at->second;
  }

  PackedNode number(const Node& node) {
    // Without missing values they are 0, which the threshold decides once and for all.
    const bool left = node.absent == Absent::none ? 0 <= node.threshold : node.default_left;
    const double threshold =
        node.test == Test::at_most
            ? std::min(node.threshold, std::numeric_limits<double>::max()) // below what is missing
            : double{std::nextafter(static_cast<float>(node.threshold),
                                    -std::numeric_limits<float>::infinity())};
    return {.threshold = threshold,
            .left = 0,
            .column = column({.feature = node.feature,
                              .missing = left ? Column::Missing::low : Column::Missing::high,
                              .zero_missing = node.absent == Absent::also_zero}),
            .flags = 0};
  }

  PackedNode category(const Node& node) {
    const bool right = node.test == Test::member_right;
    std::uint16_t flags = categorical;
    if (right)
      flags |= members_right;
    // LightGBM sends what is missing where it sends what is no member.
    if (right ? !node.default_left : true)
      flags |= missing_right;
    // A whole part of 0 is one of LightGBM's categories also for -0.5, none of XGBoost's.
    return {.threshold = right ? -std::numeric_limits<double>::denorm_min() : -1,
            .left = 0,
            .column = column(
                {.feature = node.feature, .missing = Column::Missing::kept, .zero_missing = false}),
            .flags = flags};
  }

  BitSet bits(const Node& node) {
    if (node.category_count == 0)
      return {};
    const auto first = model.categories.begin() + node.categories;
    const std::uint32_t most = *(first + node.category_count - 1);
    const BitSet set{.begin = static_cast<std::uint32_t>(made.bits.size()), .words = most / 32 + 1};
    made.bits.resize(made.bits.size() + set.words);
    for (std::uint32_t i = 0; i < node.category_count; ++i) {
      const std::uint32_t member = *(first + i);
      made.bits[set.begin + member / 32] |= 1u << (member % 32);
    }
    return set;
  }

  void add(const Tree& tree) {
    const auto root = static_cast<std::uint32_t>(made.nodes.size());
    PackedTree packed{.root = root, .steps = tree.depth, .categories = false};
    std::vector<std::uint32_t> order{0}; // by packed node: the tree's
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Node& node = tree.nodes[order[i]];
      const auto self = root + static_cast<std::uint32_t>(i);
      PackedNode one{.threshold = infinity, .left = self, .column = 0, .flags = 0};
      const bool member = node.test == Test::member_left || node.test == Test::member_right;
      if (node.test != Test::leaf) {
        one = member ? category(node) : number(node);
        one.left = root + static_cast<std::uint32_t>(order.size());
        order.push_back(node.left);
        order.push_back(node.right);
      }
      packed.categories = packed.categories || member;
      made.nodes.push_back(one);
      made.values.push_back(node.value);
      made.float_values.push_back(static_cast<float>(node.value));
      made.expected.push_back(node.expected);
      made.sets.push_back(member ? bits(node) : BitSet{});
    }
    made.trees.push_back(packed);
  }
};

} // namespace

void pack(Model& model) {
  Packer packer{.model = model, .made = model.packed};
  for (const Tree& tree : model.trees)
    packer.add(tree);
  // A leaf reads a column too, of which nothing is asked.
  if (!model.trees.empty() && model.packed.columns.empty())
    model.packed.columns.push_back({});
}

} // namespace sanku::models
