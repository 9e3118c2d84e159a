// The national rules that the generator knows, with their official codes. Rules about single items
// come first: they share a shape, and limits.h says in one row what each of them restricts. Those
// behind operation_diagnosis are planted one a visit (plant_library.h). The
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
  indication,
  elder,
  maternal,
  contra,
  interact,
  child_pay,
  working_age,
  surcharge,
  consumable_disease,
  problem_limit,
  problem_pair,
  period,
  diagnosis_sex,
  diagnosis_age,
  beds,
  two_grades,
  many_pieces,
  idle,
  kinds,
  line_sum,
  total_sum,
  late,
  outside,
  trace,
  supply,
  no_main,
  third_party,
  allowance,
  two_stays,
  visit_in_stay,
  split_stay,
};

struct RuleName {
  std::string_view id;
  std::string_view slug; // begins the `kind` of what is planted
};
inline constexpr std::array<RuleName, 49> rule_names = {{{"GZ10000301004", "sex"},
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
                                                         {"GZ10000201006", "diagnosis"},
                                                         {"GZ10000101008", "indication"},
                                                         {"GZ10000301009", "elder"},
                                                         {"GZ10000301010", "pregnancy"},
                                                         {"GZ10000301008", "contraindication"},
                                                         {"GZ10000301011", "interaction"},
                                                         {"GZ10000101007", "child pay"},
                                                         {"N2025029", "working age"},
                                                         {"WT004", "surcharge"},
                                                         {"N2025088", "consumable"},
                                                         {"WT002", "problem limit"},
                                                         {"WT001", "problem pair"},
                                                         {"N2025031", "period"},
                                                         {"GZ10000204006", "diagnosis sex"},
                                                         {"GZ10000204007", "diagnosis age"},
                                                         {"WT007", "beds"},
                                                         {"WT009", "two grades"},
                                                         {"N2025076", "many pieces"},
                                                         {"WT020", "idle"},
                                                         {"GZ10000202004", "kinds"},
                                                         {"GZ10000201002", "line sum"},
                                                         {"GZ10000201001", "total"},
                                                         {"GZ10000201007", "late"},
                                                         {"GZ10000201008", "outside"},
                                                         {"WT017", "trace"},
                                                         {"GZ10000101009", "supply"},
                                                         {"GZ10000201004", "no main operation"},
                                                         {"JB151", "third party"},
                                                         {"JB156", "allowance"},
                                                         {"WT109", "two stays"},
                                                         {"WT108", "visit in a stay"},
                                                         {"GZ10000204001", "split stay"}}};
inline constexpr std::size_t rule_count = rule_names.size();
inline constexpr std::size_t item_rules = 10;  // drug_sex .. tcm_never
inline constexpr std::size_t first_rules = 18; // those that are planted beside one another

constexpr std::string_view id_of(Rule rule) {
  return rule_names[static_cast<std::size_t>(rule)].id;
}
constexpr std::string_view slug_of(Rule rule) {
  return rule_names[static_cast<std::size_t>(rule)].slug;
}

} // namespace sanku::generate
