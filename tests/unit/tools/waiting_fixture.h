// Records of a few visits as text, a small pack with rules that add up over a visit, and what a run
// said of them: what tests of visits in several records share.
#pragma once

#include "tests/unit/tools/engine_fixture.h"

#include <algorithm>
#include <string>
#include <vector>

namespace sanku::engine {

// Texts as senders write them; equal numbers of visits at one provider.
struct Sent {
  std::string visit, number;
  std::vector<std::string> items = {};
  std::string more = {}; // further fields of the visit, each with a comma before it
  std::string provider = "H1";
};

inline std::string line_of(const Sent& sent) {
  std::string items;
  for (const std::string& each : sent.items)
    items += (items.empty() ? "" : ",") + each;
  const std::string number =
      sent.number.empty() ? "" : fmt::format(R"("setl_id":"{}",)", sent.number);
  return fmt::format(R"({{"mdtrt_id":"{}",{}"medins_id":"{}","gend":"1"{},"fsi_order_dtos":[{}]}})",
                     sent.visit, number, sent.provider, sent.more, items) +
         "\n";
}

inline constexpr const char* code = "001102000040000";

// One rule that adds up over the visit, one that speaks of a line, one of the visit.
class Small {
public:
  Small() {
    folder_.write("t.sanku", R"(
rule T1 "一次就诊超过二" {
  on items by code
  when sum(i in group.items take i.quantity) > 2
  report suspected on group.items beyond first 2 of quantity "共{sum(i in group.items take i.quantity)}"
}
rule T2 "贵" { on item  when item.amount > 25元 report reminder "{item.id}" }
rule T3 "总额" { on settlement  when settlement.total > 50元 report lead "{settlement.total}" }
)");
    rules_ = rules_at(folder_.path());
    EXPECT_TRUE(rules_);
    engine = make_engine(program(*rules_), rules_->checked->tables, nullptr,
                         {.kind = EngineKind::evaluator});
  }
  [[nodiscard]] Ran run(const std::string& text, const RunOptions& options = {}) const {
    auto ran = run_text(*engine, text, options);
    EXPECT_TRUE(ran) << ran.error().en;
    return ran ? std::move(*ran) : Ran();
  }
  std::unique_ptr<Engine> engine;

private:
  PackFolder folder_;
  std::unique_ptr<Rules> rules_;
};

inline std::string account_of(const Ran& ran) {
  const Account& a = ran.summary.account;
  return fmt::format("{} = {} + {} + {} + {} + {}", a.read, a.evaluated, a.merged, a.repeated,
                     a.refunded, a.rejected);
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin) + 1;
    lines.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return lines;
}
inline std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines = lines_of(text);
  std::ranges::sort(lines);
  return lines;
}

// What is said in a finding after its `"message":`, or the whole word after a key.
inline std::string field(const std::string& finding, const std::string& key) {
  const std::size_t at = finding.find("\"" + key + "\":\"");
  if (at == std::string::npos)
    return "";
  const std::size_t begin = at + key.size() + 4;
  return finding.substr(begin, finding.find('"', begin) - begin);
}
inline std::vector<std::string> fields(const std::string& findings, const std::string& key) {
  std::vector<std::string> all;
  for (const std::string& line : lines_of(findings))
    all.push_back(field(line, key));
  return all;
}
using Texts = std::vector<std::string>;

} // namespace sanku::engine
