// load and parse (load.h): which format a text is, and the checks that all trees share.
#include "runtime/models/load.h"

#include "runtime/models/parse.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <memory>
#include <system_error>

namespace sanku::models {
namespace {

template <class T> bool read_finite(std::string_view text, T& number) {
  const char* end = text.data() + text.size();
  // from_chars takes no plus sign, and writers do.
  const char* begin = !text.empty() && text.front() == '+' ? text.data() + 1 : text.data();
  const auto [rest, error] = std::from_chars(begin, end, number);
  if (rest != end)
    return false;
  if (error == std::errc::result_out_of_range) {
    // Too small for the type is nothing, too large is no number.
    double wide = 0;
    const auto again = std::from_chars(begin, end, wide);
    if (again.ec != std::errc() || std::abs(wide) > 1)
      return false;
    number = static_cast<T>(wide);
    return true;
  }
  return error == std::errc() && std::isfinite(number);
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

std::optional<Format> format_of(std::string_view text) {
  const std::string_view begin = trimmed(text);
  if (begin.starts_with("tree"))
    return Format::lightgbm;
  if (!begin.starts_with("{"))
    return std::nullopt;
  return begin.find("\"learner\"") != std::string_view::npos ? Format::xgboost : Format::linear;
}

} // namespace

bool read_number(std::string_view text, double& number) { return read_finite(text, number); }
bool read_number(std::string_view text, float& number) { return read_finite(text, number); }
bool read_number(std::string_view text, std::int64_t& number) {
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && rest == text.data() + text.size();
}

std::optional<Format> format_named(std::string_view name) {
  if (name == "lightgbm")
    return Format::lightgbm;
  if (name == "xgboost")
    return Format::xgboost;
  if (name == "linear")
    return Format::linear;
  return std::nullopt;
}

Loaded<Model> load(const std::filesystem::path& file, std::optional<Format> format,
                   const Limits& limits, const ReadFile& read) {
  if (read) {
    const auto text = read(file);
    if (!text)
      return fault(Fault::Kind::unreadable, text.error().zh, text.error().en);
    return parse(*text, format, limits);
  }
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  if (failed)
    return fault(Fault::Kind::unreadable, "没有该文件或无法读取",
                 "it is not there, or cannot be read");
  if (size > limits.bytes)
    return too_large(fmt::format("{} 字节，上限为 {} 字节", size, limits.bytes),
                     fmt::format("{} bytes, the limit is {}", size, limits.bytes));
  std::string text(size, '\0');
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(file.c_str(), "rb"),
                                                           &std::fclose);
  if (in == nullptr || std::fread(text.data(), 1, size, in.get()) != size)
    return fault(Fault::Kind::unreadable, "无法读取", "it cannot be read");
  return parse(text, format, limits);
}

Loaded<Model> parse(std::string_view text, std::optional<Format> format, const Limits& limits) {
  const auto found = format ? format : format_of(text);
  if (text.size() > limits.bytes)
    return too_large(fmt::format("{} 字节，上限为 {} 字节", text.size(), limits.bytes),
                     fmt::format("{} bytes, the limit is {}", text.size(), limits.bytes));
  if (!found)
    return damaged("既不是 LightGBM 文本，也不是 XGBoost 或线性模型的 JSON",
                   "neither LightGBM's text nor the JSON of XGBoost or of a linear model");
  Loaded<Model> model = *found == Format::lightgbm  ? parse_lightgbm(text, limits)
                        : *found == Format::xgboost ? parse_xgboost(text, limits)
                                                    : parse_linear(text, limits);
  if (model)
    pack(*model);
  return model;
}

Loaded<void> room_for(const Model& model, std::size_t nodes, const Limits& limits) {
  if (model.trees.size() >= limits.trees)
    return too_large(fmt::format("超过 {} 棵树", limits.trees),
                     fmt::format("more than {} trees", limits.trees));
  std::size_t all = nodes;
  for (const Tree& tree : model.trees)
    all += tree.nodes.size();
  if (all > limits.nodes)
    return too_large(fmt::format("超过 {} 个节点", limits.nodes),
                     fmt::format("more than {} nodes", limits.nodes));
  return {};
}

namespace {

// A walk from the root that meets every node once.
struct Sealing {
  Tree& tree;
  std::size_t number;
  const Model& model;
  const Limits& limits;
  std::vector<bool> met = std::vector<bool>(tree.nodes.size());
  std::vector<std::uint32_t> order = {}; // parents before children
  std::vector<std::uint32_t> depths = {};

  [[nodiscard]] Loaded<void> meet(std::uint32_t node, std::uint32_t depth) {
    if (node >= tree.nodes.size())
      return damaged(fmt::format("第 {} 棵树指向没有的节点 {}", number, node),
                     fmt::format("tree {} points to node {}, which is not there", number, node));
    if (met[node])
      return damaged(
          fmt::format("第 {} 棵树的节点 {} 有两个上级，成环或重复", number, node),
          fmt::format("tree {}: two ways lead to node {}, a circle or a repetition", number, node));
    if (depth > limits.depth)
      return too_large(fmt::format("第 {} 棵树深于 {} 层", number, limits.depth),
                       fmt::format("tree {} is deeper than {}", number, limits.depth));
    met[node] = true;
    order.push_back(node);
    depths.push_back(depth);
    tree.depth = std::max(tree.depth, depth);
    return {};
  }

  [[nodiscard]] Loaded<void> run() {
    if (auto root = meet(0, 0); !root)
      return root;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Node& node = tree.nodes[order[i]];
      if (node.test == Test::leaf)
        continue;
      if (node.feature >= model.feature_count)
        return damaged(
            fmt::format("第 {} 棵树的节点 {} 用到没有的特征 {}", number, order[i], node.feature),
            fmt::format("tree {}, node {} reads feature {}, which is not there", number, order[i],
                        node.feature));
      for (const std::uint32_t child : {node.left, node.right})
        if (auto fine = meet(child, depths[i] + 1); !fine)
          return fine;
    }
    for (std::size_t i = order.size(); i-- > 0;)
      expect(tree.nodes[order[i]]);
    return {};
  }

  // The mean of the children by weight; where training left no weights, of both alike.
  void expect(Node& node) const {
    if (node.test == Test::leaf) {
      node.expected = node.value;
      return;
    }
    const Node& left = tree.nodes[node.left];
    const Node& right = tree.nodes[node.right];
    node.weight = left.weight + right.weight;
    node.expected =
        node.weight > 0
            ? (left.expected * left.weight + right.expected * right.weight) / node.weight
            : (left.expected + right.expected) / 2;
  }
};

} // namespace

Loaded<void> seal(Tree& tree, std::size_t number, const Model& model, const Limits& limits) {
  tree.depth = 0;
  Sealing sealing{.tree = tree, .number = number, .model = model, .limits = limits};
  return sealing.run();
}

} // namespace sanku::models
