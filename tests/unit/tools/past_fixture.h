// Stays of persons as records and requests, and a pack that counts the stays of the thirty days
// before: what tests of the past share.
#pragma once

#include "tests/unit/tools/waiting_fixture.h"

#include <set>

namespace sanku::engine {

inline std::string encounter(const std::string& visit, const std::string& day, int number,
                             const std::string& more = "") {
  return fmt::format(
      R"({{"mdtrt_id":"{}","setl_id":"S{}","medins_id":"H1","med_mdtrt_type":"1","adm_date":"{} 08:00:00",)"
      R"("dscg_date":"{} 18:00:00"{},"fsi_order_dtos":[{}]}})",
      visit, visit, day, day, more, item("1", code, std::to_string(number), "10.00"));
}
// A record of its own; `more`: further fields, each with a comma before it.
inline std::string stay(const std::string& visit, const std::string& person, const std::string& day,
                        int number, const std::string& more = "") {
  return fmt::format(R"({{"patient_dtos":[{{"patn_id":"{}","fsi_encounter_dtos":[{}]}}]}})"
                     "\n",
                     person, encounter(visit, day, number, more));
}
inline std::string request_of(const std::string& person, const std::string& current,
                              const std::vector<std::string>& encounters) {
  return fmt::format(
      R"({{"patient_dtos":[{{"patn_id":"{}","curr_mdtrt_id":"{}","fsi_encounter_dtos":[{}]}}]}})"
      "\n",
      person, current, fmt::join(encounters, ","));
}

struct Outcomes {
  std::uint64_t fired = 0, indeterminate = 0;

  friend bool operator==(const Outcomes&, const Outcomes&) = default;
};

class Past {
public:
  explicit Past(const char* window = "30 days") {
    folder_.write("t.sanku", fmt::format(R"(
rule T1 "三十天内再次住院" {{
  on settlement
  when count(h in history({}) where known h.begin) > 0
  report suspected "{{count(h in history({}) where known h.begin)}}"
}}
)",
                                         window, window));
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
  [[nodiscard]] Outcomes outcomes(const std::string& text, const RunOptions& options = {}) const {
    const Ran ran = run(text, options);
    return {ran.summary.rules[0].outcomes.fired, ran.summary.rules[0].outcomes.indeterminate};
  }
  // Findings without where their records stood, in order.
  static std::vector<std::string> without_places(const std::string& written) {
    std::vector<std::string> all;
    for (const std::string& line : lines_of(written))
      all.push_back(field(line, "mdtrt_id") + " " + field(line, "message"));
    std::ranges::sort(all);
    return all;
  }
  std::unique_ptr<Engine> engine;

private:
  PackFolder folder_;
  std::unique_ptr<Rules> rules_;
};

} // namespace sanku::engine
