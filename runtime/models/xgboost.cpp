// XGBoost's JSON (save_model("name.json")): boosters gbtree and gblinear. Numbers are read as the
// 32 bits that the library computes with. The keys of an object come in any order, so arrays are
// kept until the whole text is read. Tested by tests/unit/runtime/models_test.cpp.
#include "runtime/models/parse.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sanku::models {
namespace {

namespace ondemand = simdjson::ondemand;

// Arrays of one tree as they stand in the file.
struct RawTree {
  std::vector<float> conditions, weights;
  std::vector<std::int64_t> left, right, features, default_left, kinds;
  std::vector<std::int64_t> categories, category_nodes, segments, sizes;
};

struct Raw {
  std::vector<RawTree> trees;
  std::size_t nodes = 0;
  std::vector<float> linear_weights;
  std::vector<std::int64_t> tree_groups;
  std::vector<std::string> names;
  std::string booster, objective, base_score, classes, targets, features;
  std::string tree_count; // as the file says; older files do not
};

// Reads one document; what goes wrong first is kept.
struct Reader {
  const Limits& limits;
  Raw raw = {};
  std::optional<Fault> wrong = std::nullopt;

  bool refuse(tl::unexpected<Fault> what) {
    if (!wrong)
      wrong = std::move(what.value());
    return false;
  }
  bool torn(std::string_view where) {
    return refuse(damaged(fmt::format("JSON 在 `{}` 处不完整或不对", where),
                          fmt::format("its JSON is cut off or wrong at `{}`", where)));
  }

  template <class Field> bool object(ondemand::value value, std::string_view where, Field field) {
    ondemand::object found;
    if (value.get_object().get(found) != simdjson::SUCCESS)
      return torn(where);
    for (auto member : found) {
      std::string_view key;
      ondemand::value inner;
      if (member.unescaped_key().get(key) != simdjson::SUCCESS ||
          member.value().get(inner) != simdjson::SUCCESS)
        return torn(where);
      const std::string name(key);
      if (!field(name, inner))
        return torn(name);
    }
    return true;
  }

  template <class Item> bool array(ondemand::value value, std::string_view where, Item item) {
    ondemand::array found;
    if (value.get_array().get(found) != simdjson::SUCCESS)
      return torn(where);
    for (auto member : found) {
      ondemand::value inner;
      if (member.get(inner) != simdjson::SUCCESS || !item(inner))
        return torn(where);
    }
    return true;
  }

  static std::string_view token(ondemand::value& value) {
    std::string_view text = value.raw_json_token();
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ')
      text.remove_suffix(1);
    return text;
  }
  template <class T>
  bool numbers(ondemand::value value, std::string_view where, std::vector<T>& into) {
    into.clear();
    return array(value, where, [&](ondemand::value item) {
      T number{};
      const std::string_view text = token(item);
      if (text.empty()) // the file ends in the array
        return torn(where);
      if (text == "true" || text == "false")
        number = static_cast<T>(text == "true");
      else if (!read_number(text, number))
        return refuse(damaged(fmt::format("`{}` 中的 `{}` 不是数", where, text.substr(0, 40)),
                              fmt::format("`{}` in `{}` is no number", text.substr(0, 40), where)));
      into.push_back(number);
      if (into.size() > limits.nodes * 2)
        return refuse(too_large(fmt::format("`{}` 超过 {} 个数", where, limits.nodes),
                                fmt::format("`{}` has more than {} numbers", where, limits.nodes)));
      return true;
    });
  }
  bool text(ondemand::value value, std::string_view where, std::string& into) {
    std::string_view found;
    if (value.get_string().get(found) != simdjson::SUCCESS)
      return torn(where);
    into = found;
    return true;
  }

  bool tree(ondemand::value value) {
    RawTree made;
    const bool fine = object(value, "trees", [&](const std::string& key, ondemand::value inner) {
      if (key == "split_conditions")
        return numbers(inner, key, made.conditions);
      if (key == "sum_hessian")
        return numbers(inner, key, made.weights);
      std::vector<std::int64_t>* whole = key == "left_children"         ? &made.left
                                         : key == "right_children"      ? &made.right
                                         : key == "split_indices"       ? &made.features
                                         : key == "default_left"        ? &made.default_left
                                         : key == "split_type"          ? &made.kinds
                                         : key == "categories"          ? &made.categories
                                         : key == "categories_nodes"    ? &made.category_nodes
                                         : key == "categories_segments" ? &made.segments
                                         : key == "categories_sizes"    ? &made.sizes
                                                                        : nullptr;
      if (whole != nullptr)
        return numbers(inner, key, *whole);
      if (key != "tree_param")
        return true;
      return object(inner, key, [&](const std::string& name, ondemand::value param) {
        std::string size;
        if (name != "size_leaf_vector")
          return true;
        if (!text(param, name, size))
          return false;
        return size == "0" || size == "1" ||
               refuse(unsupported("叶上有多个值的树", "trees with several values a leaf"));
      });
    });
    if (!fine)
      return false;
    raw.nodes += made.left.size();
    if (raw.trees.size() >= limits.trees || raw.nodes > limits.nodes)
      return refuse(
          too_large(fmt::format("超过 {} 棵树或 {} 个节点", limits.trees, limits.nodes),
                    fmt::format("more than {} trees or {} nodes", limits.trees, limits.nodes)));
    raw.trees.push_back(std::move(made));
    return true;
  }

  bool booster(ondemand::value value) {
    return object(value, "gradient_booster", [&](const std::string& key, ondemand::value inner) {
      if (key == "name")
        return text(inner, key, raw.booster);
      if (key != "model")
        return true;
      return object(inner, key, [&](const std::string& name, ondemand::value part) {
        if (name == "trees")
          return array(part, name, [&](ondemand::value each) { return tree(each); });
        if (name == "weights")
          return numbers(part, name, raw.linear_weights);
        if (name == "tree_info")
          return numbers(part, name, raw.tree_groups);
        if (name == "gbtree_model_param")
          return object(part, name, [&](const std::string& of, ondemand::value count) {
            return of != "num_trees" || text(count, of, raw.tree_count);
          });
        return true;
      });
    });
  }

  bool learner(ondemand::value value) {
    return object(value, "learner", [&](const std::string& key, ondemand::value inner) {
      if (key == "gradient_booster")
        return booster(inner);
      if (key == "feature_names")
        return array(inner, key, [&](ondemand::value each) {
          if (raw.names.size() >= limits.features)
            return refuse(too_large(fmt::format("超过 {} 个特征", limits.features),
                                    fmt::format("more than {} features", limits.features)));
          return text(each, key, raw.names.emplace_back());
        });
      if (key == "objective")
        return object(inner, key, [&](const std::string& name, ondemand::value part) {
          return name != "name" || text(part, name, raw.objective);
        });
      if (key != "learner_model_param")
        return true;
      return object(inner, key, [&](const std::string& name, ondemand::value part) {
        if (name == "base_score")
          return text(part, name, raw.base_score);
        if (name == "num_class")
          return text(part, name, raw.classes);
        if (name == "num_target")
          return text(part, name, raw.targets);
        return name != "num_feature" || text(part, name, raw.features);
      });
    });
  }

  bool document(std::string_view source) {
    const simdjson::padded_string padded(source);
    ondemand::parser parser;
    ondemand::document found;
    ondemand::value root;
    if (parser.iterate(padded).get(found) != simdjson::SUCCESS ||
        found.get_value().get(root) != simdjson::SUCCESS)
      return torn("{");
    const bool fine = object(root, "{", [&](const std::string& key, ondemand::value inner) {
      return key != "learner" || learner(inner);
    });
    const char* behind = nullptr;
    return fine && (found.current_location().get(behind) != simdjson::SUCCESS || torn("}"));
  }
};

// The margin at which sums begin, computed in 32 bits as the library does.
Loaded<void> objective(const Raw& raw, Model& model) {
  std::string_view text = raw.base_score;
  if (text.starts_with("[") && text.ends_with("]"))
    text = text.substr(1, text.size() - 2);
  float base = 0;
  if (!read_number(text, base))
    return damaged(fmt::format("`base_score` `{}` 不是一个数", raw.base_score),
                   fmt::format("`base_score` is `{}`, expected one number", raw.base_score));
  const std::string_view name = raw.objective;
  const bool between = base > 0 && base < 1;
  if (name == "binary:logistic" || name == "reg:logistic") {
    model.link = Link::logistic;
    if (!between)
      return damaged(fmt::format("`base_score` {} 不在 0 与 1 之间", base),
                     fmt::format("`base_score` is {}, expected between 0 and 1", base));
    base = -std::log(1.0F / base - 1.0F);
  } else if (name == "count:poisson" || name == "reg:gamma" || name == "reg:tweedie") {
    model.link = Link::exponential;
    if (base <= 0)
      return damaged(fmt::format("`base_score` {} 不是正数", base),
                     fmt::format("`base_score` is {}, expected a positive number", base));
    base = std::log(base);
  } else if (name != "binary:logitraw" && // the one of logits that keeps its base as a margin
             name != "reg:squarederror" && name != "reg:linear" && name != "reg:absoluteerror" &&
             name != "reg:pseudohubererror" && name != "reg:quantileerror" &&
             name != "reg:squaredlogerror" && name != "rank:pairwise" && name != "rank:ndcg" &&
             name != "rank:map") {
    return unsupported(fmt::format("目标函数 `{}`", name), fmt::format("the objective `{}`", name));
  }
  model.base = double{base};
  return {};
}

struct Trees {
  Model& model;
  const Limits& limits;

  [[nodiscard]] Loaded<void> broken(std::size_t number, std::string_view key) const {
    return damaged(fmt::format("第 {} 棵树的 `{}` 不完整", number, key),
                   fmt::format("tree {}: `{}` is not whole", number, key));
  }

  [[nodiscard]] Loaded<void> add(const RawTree& raw, std::size_t number) {
    const std::size_t count = raw.left.size();
    const auto as_many = [&](const auto& part) { return part.size() == count; };
    if (count == 0 || !as_many(raw.right))
      return broken(number, "left_children");
    if (!as_many(raw.conditions))
      return broken(number, "split_conditions");
    if (!as_many(raw.features))
      return broken(number, "split_indices");
    if (!as_many(raw.default_left))
      return broken(number, "default_left");
    if (!raw.kinds.empty() && !as_many(raw.kinds))
      return broken(number, "split_type");
    Tree tree;
    tree.nodes.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      Node& node = tree.nodes[i];
      node.weight = as_many(raw.weights) ? std::max(0.0, double{raw.weights[i]}) : 1;
      if (raw.left[i] == -1 && raw.right[i] == -1) {
        node.value = double{raw.conditions[i]};
        continue;
      }
      if (!children(raw, i, node))
        return broken(number, "left_children");
      node.test = !raw.kinds.empty() && raw.kinds[i] == 1 ? Test::member_right : Test::below;
      node.feature = static_cast<std::uint32_t>(raw.features[i]);
      node.default_left = raw.default_left[i] != 0;
      node.threshold = double{raw.conditions[i]};
    }
    if (auto fine = categories(raw, tree, number); !fine)
      return fine;
    if (auto sound = seal(tree, number, model, limits); !sound)
      return sound;
    model.trees.push_back(std::move(tree));
    return {};
  }

  [[nodiscard]] static bool children(const RawTree& raw, std::size_t i, Node& node) {
    const auto most = static_cast<std::int64_t>(raw.left.size());
    const auto inside = [&](std::int64_t child) { return child > 0 && child < most; };
    if (!inside(raw.left[i]) || !inside(raw.right[i]) || raw.features[i] < 0 ||
        raw.features[i] > 0x7fffffff)
      return false;
    node.left = static_cast<std::uint32_t>(raw.left[i]);
    node.right = static_cast<std::uint32_t>(raw.right[i]);
    return true;
  }

  [[nodiscard]] Loaded<void> categories(const RawTree& raw, Tree& tree, std::size_t number) {
    const std::size_t sets = raw.category_nodes.size();
    if (raw.segments.size() != sets || raw.sizes.size() != sets)
      return broken(number, "categories_segments");
    for (std::size_t i = 0; i < sets; ++i) {
      const std::int64_t at = raw.category_nodes[i], begin = raw.segments[i], size = raw.sizes[i];
      const auto all = static_cast<std::int64_t>(raw.categories.size());
      if (at < 0 || at >= static_cast<std::int64_t>(tree.nodes.size()) || begin < 0 || size < 0 ||
          begin > all || size > all - begin)
        return broken(number, "categories_nodes");
      Node& node = tree.nodes[static_cast<std::size_t>(at)];
      if (node.test != Test::member_right || node.category_count != 0)
        return broken(number, "categories_nodes");
      node.categories = static_cast<std::uint32_t>(model.categories.size());
      for (std::int64_t c = begin; c < begin + size; ++c) {
        const std::int64_t category = raw.categories[static_cast<std::size_t>(c)];
        if (category < 0 || category > limits.category)
          return broken(number, "categories");
        model.categories.push_back(static_cast<std::uint32_t>(category));
      }
      std::sort(model.categories.begin() + node.categories, model.categories.end());
      node.category_count = static_cast<std::uint32_t>(size);
    }
    return {};
  }
};

Loaded<void> linear(const Raw& raw, Model& model) {
  model.linear = true;
  if (raw.linear_weights.size() != model.feature_count + 1)
    return damaged(fmt::format("`weights` 有 {} 个数，应为 {} 个", raw.linear_weights.size(),
                               model.feature_count + 1),
                   fmt::format("`weights` has {} numbers, expected {}", raw.linear_weights.size(),
                               model.feature_count + 1));
  // The bias is the last, and where sums begin; a missing value adds nothing.
  for (std::size_t i = 0; i < model.feature_count; ++i)
    model.terms.push_back(
        {.coefficient = double{raw.linear_weights[i]}, .filled = true, .fill = 0, .mean = 0});
  model.base = double{raw.linear_weights.back() + static_cast<float>(model.base)};
  return {};
}

Loaded<void> shape(const Raw& raw, Model& model, const Limits& limits) {
  std::int64_t features = 0;
  if (!read_number(raw.features, features) || features < 1)
    return damaged("`num_feature` 不是正整数", "`num_feature` is no positive number");
  if (static_cast<std::size_t>(features) > limits.features)
    return too_large(fmt::format("超过 {} 个特征", limits.features),
                     fmt::format("more than {} features", limits.features));
  model.feature_count = static_cast<std::size_t>(features);
  if (!raw.names.empty() && raw.names.size() != model.feature_count)
    return damaged(fmt::format("有 {} 个特征，却有 {} 个名称", features, raw.names.size()),
                   fmt::format("{} features and {} names of them", features, raw.names.size()));
  model.features = raw.names;
  const bool several = std::ranges::any_of(raw.tree_groups, [](std::int64_t g) { return g != 0; });
  if ((raw.classes != "0" && raw.classes != "1" && !raw.classes.empty()) || several)
    return unsupported("多类的分类模型", "a model of several classes");
  if (raw.targets != "1" && !raw.targets.empty())
    return unsupported("有多个目标的模型", "a model of several targets");
  return {};
}

// Whether as many trees are there as the file says.
Loaded<void> counted(const Raw& raw) {
  const std::size_t found = raw.trees.size();
  if (!raw.tree_count.empty() && raw.tree_count != std::to_string(found))
    return damaged(fmt::format("有 {} 棵树，`num_trees` 写明 {} 棵", found, raw.tree_count),
                   fmt::format("it has {} trees, `num_trees` says {}", found, raw.tree_count));
  if (!raw.tree_groups.empty() && raw.tree_groups.size() != found)
    return damaged(
        fmt::format("有 {} 棵树，`tree_info` 列出 {} 棵", found, raw.tree_groups.size()),
        fmt::format("it has {} trees, `tree_info` lists {}", found, raw.tree_groups.size()));
  return {};
}

} // namespace

Loaded<Model> parse_xgboost(std::string_view text, const Limits& limits) {
  Reader reader{limits};
  if (!reader.document(text))
    return tl::unexpected(*reader.wrong);
  const Raw& raw = reader.raw;
  Model model;
  model.format = Format::xgboost;
  model.floats = true;
  if (auto fine = shape(raw, model, limits); !fine)
    return tl::unexpected(fine.error());
  if (auto fine = objective(raw, model); !fine)
    return tl::unexpected(fine.error());
  if (raw.booster == "gblinear") {
    if (auto fine = linear(raw, model); !fine)
      return tl::unexpected(fine.error());
    return model;
  }
  if (raw.booster != "gbtree")
    return unsupported(fmt::format("提升器 `{}`", raw.booster),
                       fmt::format("the booster `{}`", raw.booster));
  if (auto fine = counted(raw); !fine)
    return tl::unexpected(fine.error());
  Trees trees{.model = model, .limits = limits};
  for (std::size_t i = 0; i < raw.trees.size(); ++i)
    if (auto fine = trees.add(raw.trees[i], i); !fine)
      return tl::unexpected(fine.error());
  if (model.trees.empty())
    return damaged("没有树", "it has no trees");
  return model;
}

} // namespace sanku::models
