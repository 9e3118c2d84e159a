// The targets, as data: what is measured, against what, and which side of the number is good. A
// target is never dropped for being missed; the report says so. Entry: target_table. Who measures a
// row finds it by name.
#pragma once

#include <array>
#include <string_view>

namespace sanku::bench {

struct TargetRow {
  std::string_view name;
  std::string_view what_en, what_zh;
  bool at_least = true; // else at most
  double target = 0;
  std::string_view unit = "ratio";
};

inline constexpr auto target_table = std::to_array<TargetRow>({
    {"ten_rules_vs_hand_coded_1t",
     "ten reference rules, columns in memory: rate against the best hand-written program, 1 thread",
     "十条参考规则，列已在内存：与手写程序（取最快者）的速率之比，1 线程", true, 0.8},
    {"ten_rules_vs_hand_coded_2t", "the same on 2 threads", "同上，2 线程", true, 0.8},
});

} // namespace sanku::bench
