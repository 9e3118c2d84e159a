// A linear or logistic model in a small JSON of our own:
//
//   {"model": "logistic", "intercept": -2.1,
//    "inputs": [{"name": "age", "coefficient": 0.03, "mean": 61.2, "missing": 60}, …]}
//
// `missing` is the value to take for one that is not known, and without it the score is not known
// either; `mean` is what contributions are measured from, 0 when left out. Tested by
// tests/unit/runtime/models_test.cpp.
#include "runtime/models/parse.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace sanku::models {
namespace {

namespace dom = simdjson::dom;

Loaded<double> number_of(dom::object from, std::string_view key, const std::string& zh,
                         const std::string& en, std::optional<double> otherwise = std::nullopt) {
  dom::element found;
  if (from[key].get(found) != simdjson::SUCCESS) {
    if (otherwise)
      return *otherwise;
    return damaged(fmt::format("{}没有 `{}`", zh, key), fmt::format("{} has no `{}`", en, key));
  }
  double number = 0;
  if (found.get(number) != simdjson::SUCCESS)
    return damaged(fmt::format("{}的 `{}` 不是数", zh, key),
                   fmt::format("`{}` of {} is no number", key, en));
  return number;
}

Loaded<void> known_keys(dom::object from, std::span<const std::string_view> known,
                        const std::string& zh, const std::string& en) {
  for (const auto field : from)
    if (std::ranges::find(known, field.key) == known.end())
      return damaged(fmt::format("{}有不认识的项 `{}`", zh, field.key),
                     fmt::format("{} has `{}`, which is not known", en, field.key));
  return {};
}

Loaded<void> input(dom::element from, Model& model, std::set<std::string>& taken) {
  const std::size_t place = model.terms.size();
  const std::string zh = fmt::format("第 {} 个输入", place), en = fmt::format("input {}", place);
  dom::object found;
  std::string_view name;
  if (from.get(found) != simdjson::SUCCESS || found["name"].get(name) != simdjson::SUCCESS)
    return damaged(fmt::format("{}没有 `name`", zh), fmt::format("{} has no `name`", en));
  static constexpr std::array<std::string_view, 4> known = {"name", "coefficient", "missing",
                                                            "mean"};
  if (auto fine = known_keys(found, known, zh, en); !fine)
    return fine;
  if (!taken.emplace(name).second)
    return damaged(fmt::format("输入 `{}` 出现两次", name), fmt::format("`{}` stands twice", name));
  const auto coefficient = number_of(found, "coefficient", zh, en);
  const auto mean = number_of(found, "mean", zh, en, 0.0);
  const auto fill = number_of(found, "missing", zh, en, 0.0);
  for (const auto* part : {&coefficient, &mean, &fill})
    if (!*part)
      return tl::unexpected(part->error());
  dom::element given;
  model.features.emplace_back(name);
  model.terms.push_back({.coefficient = *coefficient,
                         .filled = found["missing"].get(given) == simdjson::SUCCESS,
                         .fill = *fill,
                         .mean = *mean});
  return {};
}

} // namespace

Loaded<Model> parse_linear(std::string_view text, const Limits& limits) {
  const std::string zh = "文件", en = "the file";
  dom::parser parser;
  dom::element root;
  dom::object found;
  if (const auto error = parser.parse(text.data(), text.size()).get(root);
      error != simdjson::SUCCESS)
    return damaged("不是完整的 JSON",
                   fmt::format("it is no whole JSON ({})", simdjson::error_message(error)));
  std::string_view kind;
  if (root.get(found) != simdjson::SUCCESS || found["model"].get(kind) != simdjson::SUCCESS)
    return damaged("没有 `\"model\"`", "it has no `\"model\"`");
  if (kind != "linear" && kind != "logistic")
    return unsupported(fmt::format("模型 `{}`", kind), fmt::format("the model `{}`", kind));
  static constexpr std::array<std::string_view, 3> known = {"model", "intercept", "inputs"};
  if (auto fine = known_keys(found, known, zh, en); !fine)
    return tl::unexpected(fine.error());
  Model model;
  model.linear = true;
  model.link = kind == "logistic" ? Link::logistic : Link::identity;
  const auto base = number_of(found, "intercept", zh, en);
  if (!base)
    return tl::unexpected(base.error());
  model.base = *base;
  dom::array inputs;
  if (found["inputs"].get(inputs) != simdjson::SUCCESS || inputs.size() == 0)
    return damaged("没有 `\"inputs\"`", "it has no `\"inputs\"`");
  if (inputs.size() > limits.features)
    return too_large(fmt::format("超过 {} 个特征", limits.features),
                     fmt::format("more than {} features", limits.features));
  std::set<std::string> taken;
  for (const dom::element each : inputs)
    if (auto fine = input(each, model, taken); !fine)
      return tl::unexpected(fine.error());
  model.feature_count = model.terms.size();
  return model;
}

} // namespace sanku::models
