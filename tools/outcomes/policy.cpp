// See policy.h.
#include "tools/outcomes/policy.h"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <optional>

namespace sanku::outcomes {
namespace {

struct Reading {
  std::string_view name;
  std::optional<Error> fault = {};

  void wrong(const toml::node& node, std::string_view en, std::string_view zh) {
    if (!fault)
      fault = Error{.en = fmt::format("{}:{}: {}", name, node.source().begin.line, en),
                    .zh = fmt::format("{} 第 {} 行：{}", name, node.source().begin.line, zh)};
  }

  // True: the key is one of a demand's.
  bool take(std::string_view key, const toml::node& node, Demand& demand) {
    if (key == "precision") {
      const auto share = node.value<double>();
      if (!share || *share < 0 || *share > 1)
        wrong(node, "`precision` is a share from 0 to 1, such as 0.90",
              "precision 为 0 至 1 的比例，如 0.90");
      demand.precision = share.value_or(0);
    } else if (key == "least") {
      const auto least = node.value_exact<std::int64_t>();
      if (!least || *least < 1)
        wrong(node, "`least` is a whole number from 1", "least 为不小于 1 的整数");
      demand.least = static_cast<std::uint64_t>(least.value_or(1));
    } else {
      return false;
    }
    return true;
  }

  void rule(std::string_view id, const toml::node& node, Policy& policy) {
    Demand& demand = policy.rules.emplace(id, policy.all).first->second;
    const toml::table* table = node.as_table();
    if (table == nullptr)
      return wrong(node, "what a rule needs is a table, such as [rules.GZ10000301004]",
                   "规则的要求应写作表，如 [rules.GZ10000301004]");
    for (const auto& [key, value] : *table)
      if (!take(key.str(), value, demand))
        wrong(value, fmt::format("`{}` is not known; there are precision and least", key.str()),
              fmt::format("不认识“{}”；可用的有 precision 和 least", key.str()));
  }
};

} // namespace

const Demand& demand_of(const Policy& policy, std::string_view rule) {
  const auto found = policy.rules.find(rule);
  return found == policy.rules.end() ? policy.all : found->second;
}

Result<Policy> read_policy(std::string_view text, std::string_view name) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed)
    return failure(fmt::format("{}:{}: {}", name, parsed.error().source().begin.line,
                               parsed.error().description()),
                   fmt::format("{} 第 {} 行：不是 TOML（{}）", name,
                               parsed.error().source().begin.line, parsed.error().description()));
  Policy policy;
  Reading reading{.name = name};
  for (const auto& [key, node] : parsed.table())
    if (key.str() != "rules" && !reading.take(key.str(), node, policy.all))
      reading.wrong(
          node, fmt::format("`{}` is not known; there are precision, least and rules", key.str()),
          fmt::format("不认识“{}”；可用的有 precision、least 和 rules", key.str()));
  if (const toml::node* rules = parsed.table().get("rules")) {
    if (const toml::table* table = rules->as_table())
      for (const auto& [id, node] : *table)
        reading.rule(id.str(), node, policy);
    else
      reading.wrong(*rules, "`rules` is a table of rules", "rules 应为规则的表");
  }
  if (reading.fault)
    return tl::unexpected(*reading.fault);
  return policy;
}

} // namespace sanku::outcomes
