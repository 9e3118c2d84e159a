// LightGBM's text form: a head of `key=value` lines, a block of them for each tree, `end of trees`.
// Arrays of a tree hold its inner nodes, then its leaves by themselves: a child of 0 or more is an
// inner node, ~n is leaf n. The head lists how many bytes each tree has (`tree_sizes`): what was
// lost between whole trees shows there. Tested by tests/unit/runtime/models_test.cpp.
#include "runtime/models/parse.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <type_traits>

namespace sanku::models {
namespace {

using Keys = std::map<std::string_view, std::string_view>;

struct Reader {
  std::string_view rest;

  // False at the end.
  bool line(std::string_view& found) {
    if (rest.empty())
      return false;
    const auto end = rest.find('\n');
    found = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (found.ends_with('\r'))
      found.remove_suffix(1);
    return true;
  }
};

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = text.find(' ');
    if (end != 0)
      words.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return words;
}

// A split of what is missing from all that is there has an endless threshold.
bool read_threshold(std::string_view text, double& number) {
  const bool endless = text == "inf" || text == "-inf";
  if (endless)
    number = (text.front() == '-' ? -1 : 1) * std::numeric_limits<double>::infinity();
  return endless || read_number(text, number);
}

template <class T>
Loaded<std::vector<T>> numbers(const Keys& keys, std::string_view key, std::size_t count,
                               std::string_view where_zh, std::string_view where_en) {
  const auto found = keys.find(key);
  if (found == keys.end())
    return damaged(fmt::format("{}没有 `{}`", where_zh, key),
                   fmt::format("{} has no `{}`", where_en, key));
  const auto words = words_of(found->second);
  if (words.size() != count)
    return damaged(
        fmt::format("{}的 `{}` 有 {} 个数，应为 {} 个", where_zh, key, words.size(), count),
        fmt::format("{}: `{}` has {} numbers, expected {}", where_en, key, words.size(), count));
  std::vector<T> made(count);
  const auto read = [&](std::string_view word, T& number) {
    if constexpr (std::is_same_v<T, double>)
      return key == "threshold" ? read_threshold(word, number) : read_number(word, number);
    else
      return read_number(word, number);
  };
  for (std::size_t i = 0; i < count; ++i)
    if (!read(words[i], made[i]))
      return damaged(fmt::format("{}的 `{}` 第 {} 个 `{}` 不是数", where_zh, key, i, words[i]),
                     fmt::format("{}: item {} of `{}` is `{}`, which is no number", where_en, i,
                                 key, words[i]));
  return made;
}

Loaded<std::int64_t> number(const Keys& keys, std::string_view key, std::string_view where_zh,
                            std::string_view where_en) {
  auto one = numbers<std::int64_t>(keys, key, 1, where_zh, where_en);
  if (!one)
    return tl::unexpected(one.error());
  return one->front();
}

// `binary sigmoid:1`, `regression`, …
Loaded<void> objective(std::string_view text, Model& model) {
  const auto words = words_of(text);
  const std::string_view name = words.empty() ? "regression" : words.front();
  const bool plain = name == "regression" || name == "regression_l1" || name == "regression_l2" ||
                     name == "huber" || name == "fair" || name == "quantile" || name == "mape" ||
                     name == "lambdarank" || name == "rank_xendcg" || name == "custom";
  const bool root = std::ranges::find(words, "sqrt") != words.end();
  if (name == "binary" || name == "cross_entropy") {
    model.link = Link::logistic;
    for (const std::string_view word : words)
      if (word.starts_with("sigmoid:") &&
          (!read_number(word.substr(8), model.steepness) || model.steepness <= 0))
        return damaged(
            fmt::format("目标函数 `{}` 的 sigmoid 不是正数", text),
            fmt::format("the sigmoid of the objective `{}` is no positive number", text));
  } else if (name == "poisson" || name == "gamma" || name == "tweedie") {
    model.link = Link::exponential;
  } else if (!plain || root) {
    return unsupported(fmt::format("目标函数 `{}`", text), fmt::format("the objective `{}`", text));
  }
  return {};
}

struct Trees {
  Model& model;
  const Limits& limits;

  // A tree of one leaf has arrays without items.
  [[nodiscard]] Loaded<void> add(const Keys& keys, std::size_t number_of_tree) {
    const std::string zh = fmt::format("第 {} 棵树", number_of_tree);
    const std::string en = fmt::format("tree {}", number_of_tree);
    const auto leaves = number(keys, "num_leaves", zh, en);
    const auto kinds = number(keys, "num_cat", zh, en);
    if (!leaves || !kinds)
      return tl::unexpected(leaves ? kinds.error() : leaves.error());
    if (*leaves < 1 || *kinds < 0 || static_cast<std::size_t>(*leaves) > limits.nodes)
      return damaged(fmt::format("{}有 {} 个叶", zh, *leaves),
                     fmt::format("{} has {} leaves", en, *leaves));
    if (const auto linear = keys.find("is_linear"); linear != keys.end() && linear->second != "0")
      return unsupported("叶中含线性模型的树（linear_tree）",
                         "trees with linear leaves (linear_tree)");
    const auto inner = static_cast<std::size_t>(*leaves) - 1;
    if (auto room = room_for(model, 2 * inner + 1, limits); !room)
      return room;
    Tree tree;
    tree.nodes.resize(2 * inner + 1);
    if (auto fine = fill_leaves(keys, inner, tree, zh, en); !fine)
      return fine;
    if (inner > 0)
      if (auto fine = fill_inner(keys, inner, static_cast<std::size_t>(*kinds), tree, zh, en);
          !fine)
        return fine;
    if (auto sound = seal(tree, number_of_tree, model, limits); !sound)
      return sound;
    model.trees.push_back(std::move(tree));
    return {};
  }

  // Leaf n stands behind the inner nodes; alone it is the root.
  [[nodiscard]] Loaded<void> fill_leaves(const Keys& keys, std::size_t inner, Tree& tree,
                                         const std::string& zh, const std::string& en) const {
    const auto values = numbers<double>(keys, "leaf_value", inner + 1, zh, en);
    if (!values)
      return tl::unexpected(values.error());
    for (std::size_t leaf = 0; leaf <= inner; ++leaf)
      tree.nodes[inner + leaf].value = (*values)[leaf];
    // Without counts every leaf weighs alike.
    const auto counts = numbers<double>(keys, "leaf_count", inner + 1, zh, en);
    for (std::size_t leaf = 0; leaf <= inner; ++leaf)
      tree.nodes[inner + leaf].weight = counts ? (*counts)[leaf] : 1;
    return {};
  }

  [[nodiscard]] Loaded<void> fill_inner(const Keys& keys, std::size_t inner, std::size_t kinds,
                                        Tree& tree, const std::string& zh, const std::string& en) {
    const auto features = numbers<std::int64_t>(keys, "split_feature", inner, zh, en);
    const auto thresholds = numbers<double>(keys, "threshold", inner, zh, en);
    const auto decisions = numbers<std::int64_t>(keys, "decision_type", inner, zh, en);
    const auto left = numbers<std::int64_t>(keys, "left_child", inner, zh, en);
    const auto right = numbers<std::int64_t>(keys, "right_child", inner, zh, en);
    for (const auto* part : {&features, &decisions, &left, &right})
      if (!*part)
        return tl::unexpected(part->error());
    if (!thresholds)
      return tl::unexpected(thresholds.error());
    std::vector<std::int64_t> bounds, bits;
    if (kinds > 0) {
      auto read = numbers<std::int64_t>(keys, "cat_boundaries", kinds + 1, zh, en);
      if (!read)
        return tl::unexpected(read.error());
      bounds = std::move(*read);
      const std::int64_t last = bounds.back();
      if (last < 0 || static_cast<std::size_t>(last) > limits.category)
        return damaged(fmt::format("{}的类别界限不对", zh),
                       fmt::format("{}: wrong category bounds", en));
      read = numbers<std::int64_t>(keys, "cat_threshold", static_cast<std::size_t>(last), zh, en);
      if (!read)
        return tl::unexpected(read.error());
      bits = std::move(*read);
    }
    const auto place = [&](std::int64_t child, std::uint32_t& into) {
      const auto count = static_cast<std::int64_t>(inner);
      const bool fine = child < count && child >= -count - 1 && child != 0;
      into = static_cast<std::uint32_t>(child >= 0 ? child : count + ~child);
      return fine;
    };
    for (std::size_t i = 0; i < inner; ++i) {
      Node& node = tree.nodes[i];
      const std::int64_t decision = (*decisions)[i];
      if (!place((*left)[i], node.left) || !place((*right)[i], node.right) || (*features)[i] < 0 ||
          decision < 0 || decision > 15 || (decision >> 2) == 3)
        return damaged(fmt::format("{}的节点 {} 不完整", zh, i),
                       fmt::format("{}, node {} is not whole", en, i));
      node.feature = static_cast<std::uint32_t>(std::min<std::int64_t>((*features)[i], 0xffffffff));
      node.default_left = (decision & 2) != 0;
      node.absent = (decision >> 2) == 0   ? Absent::none
                    : (decision >> 2) == 1 ? Absent::also_zero
                                           : Absent::missing;
      node.threshold = (*thresholds)[i];
      node.test = Test::at_most;
      if ((decision & 1) == 0)
        continue;
      node.test = Test::member_left;
      if (!fill_categories(node, bounds, bits))
        return damaged(fmt::format("{}的节点 {} 没有类别", zh, i),
                       fmt::format("{}, node {} has no categories", en, i));
    }
    return {};
  }

  // Bit c of the words between two bounds is category c.
  [[nodiscard]] bool fill_categories(Node& node, const std::vector<std::int64_t>& bounds,
                                     const std::vector<std::int64_t>& bits) {
    const double at = node.threshold;
    if (at < 0 || at != std::floor(at) || bounds.size() < 2 ||
        at >= static_cast<double>(bounds.size() - 1))
      return false;
    const auto kind = static_cast<std::size_t>(at);
    const std::int64_t begin = bounds[kind], end = bounds[kind + 1];
    if (begin < 0 || begin > end || end > static_cast<std::int64_t>(bits.size()))
      return false;
    node.categories = static_cast<std::uint32_t>(model.categories.size());
    for (std::int64_t word = begin; word < end; ++word) {
      const std::int64_t set = bits[static_cast<std::size_t>(word)];
      if (set < 0 || set > 0xffffffff)
        return false;
      for (unsigned bit = 0; bit < 32; ++bit)
        if ((set >> bit & 1) != 0)
          model.categories.push_back(static_cast<std::uint32_t>((word - begin) * 32 + bit));
    }
    node.category_count = static_cast<std::uint32_t>(model.categories.size()) - node.categories;
    return true;
  }
};

Loaded<void> read_head(const Keys& keys, Model& model, const Limits& limits) {
  const auto most = number(keys, "max_feature_idx", "文件头", "the head");
  const auto classes = number(keys, "num_class", "文件头", "the head");
  const auto each = number(keys, "num_tree_per_iteration", "文件头", "the head");
  for (const auto* part : {&most, &classes, &each})
    if (!*part)
      return tl::unexpected(part->error());
  if (*classes != 1 || *each != 1)
    return unsupported(fmt::format("{} 类的分类模型", *classes),
                       fmt::format("a model of {} classes", *classes));
  if (*most < 0 || static_cast<std::size_t>(*most) >= limits.features)
    return too_large(fmt::format("超过 {} 个特征", limits.features),
                     fmt::format("more than {} features", limits.features));
  model.feature_count = static_cast<std::size_t>(*most) + 1;
  if (const auto names = keys.find("feature_names"); names != keys.end())
    for (const std::string_view name : words_of(names->second))
      model.features.emplace_back(name);
  if (model.features.size() != model.feature_count)
    return damaged(
        fmt::format("有 {} 个特征，却有 {} 个名称", model.feature_count, model.features.size()),
        fmt::format("{} features and {} names of them", model.feature_count,
                    model.features.size()));
  const auto goal = keys.find("objective");
  return objective(goal == keys.end() ? std::string_view() : goal->second, model);
}

// The file from its head to `end of trees`, block by block.
struct Blocks {
  Model& model;
  const Limits& limits;
  std::string_view text;
  Reader reader{text};
  Keys keys = {};
  std::vector<std::string_view> sizes = {}; // as the head lists them
  std::size_t begin = 0;                    // of the block
  bool in_tree = false;

  [[nodiscard]] Loaded<void> read() {
    std::string_view line;
    for (std::size_t at = place(); reader.line(line); at = place()) {
      const bool ended = line == "end of trees";
      if (ended || line.starts_with("Tree=")) {
        if (auto fine = finish(at); !fine || ended)
          return fine ? counted() : fine;
        begin = at;
        if (line.substr(5) != std::to_string(model.trees.size()))
          return damaged(
              fmt::format("`{}` 处应为第 {} 棵树", line, model.trees.size()),
              fmt::format("found `{}` where tree {} is expected", line, model.trees.size()));
      } else if (line == "average_output") {
        model.averaged = true;
      } else if (const auto equal = line.find('='); equal != std::string_view::npos) {
        keys[line.substr(0, equal)] = line.substr(equal + 1);
      }
    }
    return damaged("文件不完整：没有 `end of trees`", "it is cut off: there is no `end of trees`");
  }

private:
  [[nodiscard]] std::size_t place() const { return text.size() - reader.rest.size(); }

  // The block that ends here: the head, or a tree.
  [[nodiscard]] Loaded<void> finish(std::size_t end) {
    if (!in_tree) {
      if (const auto found = keys.find("tree_sizes"); found != keys.end())
        sizes = words_of(found->second);
      if (auto fine = read_head(keys, model, limits); !fine)
        return fine;
    } else {
      const std::size_t number = model.trees.size();
      if (auto fine = Trees{.model = model, .limits = limits}.add(keys, number); !fine)
        return fine;
      if (auto fine = measured(number, end - begin); !fine)
        return fine;
    }
    keys.clear();
    in_tree = true;
    return {};
  }

  // A file whose line ends were changed on its way has other sizes, and lacks nothing.
  [[nodiscard]] Loaded<void> measured(std::size_t number, std::size_t bytes) const {
    const bool same_line_ends = text.find('\r') == std::string_view::npos;
    if (!same_line_ends || number >= sizes.size() || sizes[number] == std::to_string(bytes))
      return {};
    return damaged(
        fmt::format("第 {} 棵树有 {} 字节，`tree_sizes` 写明 {} 字节", number, bytes,
                    sizes[number]),
        fmt::format("tree {} has {} bytes, `tree_sizes` says {}", number, bytes, sizes[number]));
  }

  [[nodiscard]] Loaded<void> counted() const {
    if (sizes.empty() || sizes.size() == model.trees.size())
      return {};
    return damaged(
        fmt::format("有 {} 棵树，`tree_sizes` 写明 {} 棵", model.trees.size(), sizes.size()),
        fmt::format("it has {} trees, `tree_sizes` lists {}", model.trees.size(), sizes.size()));
  }
};

// Nothing behind the trees is read; what begins there and does not end says that bytes are missing.
Loaded<void> whole_behind(Reader reader) {
  std::string_view line;
  bool open = false;
  while (reader.line(line))
    open = line == "parameters:" || (open && line != "end of parameters");
  if (open)
    return damaged("文件不完整：`parameters:` 之后没有 `end of parameters`",
                   "it is cut off: there is no `end of parameters` behind `parameters:`");
  return {};
}

} // namespace

Loaded<Model> parse_lightgbm(std::string_view text, const Limits& limits) {
  Model model;
  model.format = Format::lightgbm;
  Blocks blocks{.model = model, .limits = limits, .text = text};
  std::string_view line;
  if (!blocks.reader.line(line) || line != "tree")
    return damaged("首行应为 `tree`", "the first line should be `tree`");
  if (auto fine = blocks.read(); !fine)
    return tl::unexpected(fine.error());
  if (model.trees.empty())
    return damaged("没有树", "it has no trees");
  if (auto fine = whole_behind(blocks.reader); !fine)
    return tl::unexpected(fine.error());
  return model;
}

} // namespace sanku::models
