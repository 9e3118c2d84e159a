// See flips.h. What stands in one place of the rule and had the same values is one condition.
#include "tools/engine/flips.h"

#include "tools/engine/reasons.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

namespace sanku::engine {
namespace {

using evaluate::Node;
using evaluate::tri_and;
using evaluate::tri_not;
using evaluate::tri_or;

bool is(const Node& node, std::string_view symbol, std::size_t operands) {
  return node.builtin != nullptr && node.builtin->symbol == symbol &&
         node.operands.size() == operands;
}
bool is_otherwise(const Node& node) {
  return node.builtin != nullptr && node.builtin->name == "otherwise" && node.operands.size() == 2;
}

// One branch: what its match has to fulfil and its condition, all of which have to hold.
class Tree {
public:
  explicit Tree(const evaluate::BranchTrace& branch) {
    for (const Node& where : branch.where)
      roots_.push_back(&where);
    if (branch.condition)
      roots_.push_back(&*branch.condition);
    for (const Node* root : roots_)
      note_lets(*root);
    for (const Node* root : roots_)
      add_leaves(*root);
  }

  [[nodiscard]] const std::vector<const Node*>& leaves() const { return leaves_; }

  // Whether the branch holds when that leaf, wherever it is written, is so.
  [[nodiscard]] bool holds(const Flip& flip) const {
    Tri all = Tri::yes;
    for (const Node* root : roots_)
      all = tri_and(all, truth(*root, flip));
    return all == Tri::yes;
  }

  // The fewest leaves that have to turn over; none: it cannot be.
  [[nodiscard]] std::optional<std::vector<Flip>> fewest() const {
    std::vector<Flip> all;
    for (const Node* root : roots_) {
      const auto own = fewest(*root, true);
      if (!own)
        return std::nullopt;
      add(all, *own);
    }
    return all;
  }

private:
  // A let is opened where it is first used, and means the same everywhere.
  void note_lets(const Node& node) {
    if (!node.let.empty() && !node.operands.empty())
      lets_.emplace(node.let, &node.operands.front());
    for (const Node& operand : node.operands)
      note_lets(operand);
  }
  [[nodiscard]] const Node& opened(const Node& node) const {
    const auto let = node.let.empty() ? lets_.end() : lets_.find(node.let);
    return let == lets_.end() || let->second->type.kind != Kind::boolean ? node
                                                                         : opened(*let->second);
  }

  // `not x` is told as it is written, unless it stands before several conditions.
  [[nodiscard]] bool is_leaf(const Node& node) const {
    if (joins(node) || is_otherwise(node))
      return false;
    return !is(node, "not", 1) || is_leaf(opened(node.operands.front()));
  }
  // A definition that stands in several places has other values in each.
  [[nodiscard]] static bool same(const Node& a, const Node& b) {
    return &a == &b ||
           (a.span == b.span && sanku::same(a.value, b.value) &&
            std::ranges::equal(a.operands, b.operands, sanku::same, &Node::value, &Node::value));
  }
  void add_leaves(const Node& written) {
    const Node& node = opened(written);
    if (!is_leaf(node)) {
      for (const Node& operand : node.operands)
        add_leaves(operand);
      return;
    }
    if (!node.fixed &&
        std::ranges::none_of(leaves_, [&](const Node* other) { return same(*other, node); }))
      leaves_.push_back(&node);
  }

  [[nodiscard]] Tri truth(const Node& written, const Flip& flip) const {
    const Node& node = opened(written);
    if (is_leaf(node)) {
      if (same(*flip.condition, node))
        return flip.to ? Tri::yes : Tri::no;
      return truth_of(node.value);
    }
    if (is_otherwise(node)) {
      const Tri first = truth(node.operands[0], flip);
      return first == Tri::unknown ? truth(node.operands[1], flip) : first;
    }
    if (is(node, "not", 1))
      return tri_not(truth(node.operands.front(), flip));
    const bool both = node.builtin->symbol == "and";
    Tri made = both ? Tri::yes : Tri::no;
    for (const Node& operand : node.operands)
      made = both ? tri_and(made, truth(operand, flip)) : tri_or(made, truth(operand, flip));
    return made;
  }

  static void add(std::vector<Flip>& to, const std::vector<Flip>& more) {
    for (const Flip& each : more)
      if (std::ranges::none_of(to, [&](const Flip& other) {
            return other.to == each.to && same(*other.condition, *each.condition);
          }))
        to.push_back(each);
  }

  [[nodiscard]] std::optional<std::vector<Flip>> fewest(const Node& written, bool to) const {
    const Node& node = opened(written);
    if (truth_of(node.value) == (to ? Tri::yes : Tri::no))
      return std::vector<Flip>();
    if (is_leaf(node))
      return node.fixed ? std::nullopt : std::optional(std::vector<Flip>{{&node, to}});
    if (is(node, "not", 1))
      return fewest(node.operands.front(), !to);
    if (is_otherwise(node))
      return fewest(node.operands.front(), to);
    // `and` becomes true, and `or` false, by all of its parts; else one is enough.
    const bool all = (node.builtin->symbol == "and") == to;
    std::optional<std::vector<Flip>> made;
    for (const Node& operand : node.operands) {
      const auto own = fewest(operand, to);
      if (all && !own)
        return std::nullopt;
      if (all && !made)
        made.emplace();
      if (all)
        add(*made, *own);
      else if (own && (!made || own->size() < made->size()))
        made = own;
    }
    return made;
  }

  std::vector<const Node*> roots_, leaves_;
  std::map<std::string_view, const Node*> lets_;
};

} // namespace

Flips flips(const evaluate::Trace& trace) {
  Flips made;
  std::optional<std::vector<Flip>> fewest;
  for (const evaluate::BranchTrace& branch : trace.branches) {
    if (!branch.condition || branch.self_paid)
      continue;
    const Tree tree(branch);
    for (const Node* leaf : tree.leaves())
      for (const bool to : {true, false})
        if (truth_of(leaf->value) != (to ? Tri::yes : Tri::no) && tree.holds({leaf, to}))
          made.single.push_back({leaf, to});
    const auto own = tree.fewest();
    if (own && own->size() > 1 && (!fewest || own->size() < fewest->size()))
      fewest = own;
  }
  std::ranges::stable_sort(made.single, std::ranges::greater(),
                           [](const Flip& flip) { return flip.condition->distance.has_value(); });
  if (made.single.empty() && fewest)
    made.together = std::move(*fewest);
  return made;
}

} // namespace sanku::engine
