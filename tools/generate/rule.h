// The national rules that the generator knows, with their official codes. Rules about single items
// come first: they share a shape, and limits.h says in one row what each of them restricts. The
// entry is the list itself. Tested by tests/unit/tools/generate_test.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sanku::generate {

enum class Rule : std::uint8_t {
  drug_sex,
  service_sex,
  drug_child,
  service_child,
  work_injury,
  maternity,
  level,
  visit_mode,
  internet,
  tcm_never,
  tcm_alone,
  tcm_pair,
  course,
  per_day,
  exclusive,
  incision,
  operation_sex,
  operation_diagnosis,
};

struct RuleName {
  std::string_view id;
  std::string_view slug; // begins the `kind` of what is planted
};
inline constexpr std::array<RuleName, 18> rule_names = {{{"GZ10000301004", "sex"},
                                                         {"GZ10000302004", "service sex"},
                                                         {"GZ10000301002", "child"},
                                                         {"GZ10000302003", "service child"},
                                                         {"GZ10000101001", "injury"},
                                                         {"GZ10000101002", "maternity"},
                                                         {"GZ10000101012", "level"},
                                                         {"N2025013", "mode"},
                                                         {"N2025047", "internet"},
                                                         {"GZ10000101003", "never"},
                                                         {"GZ10000101004", "alone"},
                                                         {"GZ10000301012", "incompatible"},
                                                         {"GZ10000101010", "course"},
                                                         {"GZ10000102014", "day"},
                                                         {"GZ10000102012", "pair"},
                                                         {"GZ10000102002", "incision"},
                                                         {"GZ10000201005", "operation"},
                                                         {"GZ10000201006", "diagnosis"}}};
inline constexpr std::size_t rule_count = rule_names.size();
inline constexpr std::size_t item_rules = 10; // drug_sex .. tcm_never

constexpr std::string_view id_of(Rule rule) {
  return rule_names[static_cast<std::size_t>(rule)].id;
}
constexpr std::string_view slug_of(Rule rule) {
  return rule_names[static_cast<std::size_t>(rule)].slug;
}

} // namespace sanku::generate
