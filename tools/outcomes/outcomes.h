// What became of findings: verdicts joined to the findings of runs by identity, added up by rule,
// by version of the pack, by place; and which rules fall below what their policy asks for. Findings
// are read as a stream; verdicts are in memory. Entries: Join, report_text, report_json. Tested by
// tests/unit/tools/outcomes_test.cpp.
#pragma once

#include "runtime/types/value.h"
#include "tools/engine/renames.h"
#include "tools/outcomes/ledger.h"
#include "tools/outcomes/policy.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sanku::outcomes {

// Findings together. A finding upheld in part was right to be made.
struct Outcome {
  std::uint64_t findings = 0; // reported; of several versions each
  std::uint64_t confirmed = 0, partly = 0, rejected = 0;
  Int128 found = 0, upheld = 0; // cents of reviewed findings whose amount is known
};
[[nodiscard]] std::uint64_t reviewed(const Outcome& outcome);
// Of what was reviewed the share that was upheld; none while nothing was.
[[nodiscard]] std::optional<double> precision(const Outcome& outcome);
// Wilson's interval of that share at 95 %.
[[nodiscard]] std::pair<double, double> interval(const Outcome& outcome);

struct RuleOutcome {
  std::string name;
  bool violation = false; // some finding says 明确违规
  Outcome all;
  std::map<std::string, Outcome> packs, regions;
};
struct Outcomes {
  Outcome all;
  std::map<std::string, RuleOutcome> rules;
  std::map<std::string, Outcome> packs, regions;
  std::set<std::string> unknown; // findings that verdicts name and no run reported
  std::set<std::string> above;   // findings of which more was upheld than they say
  std::uint64_t verdicts = 0;    // that count
};

// Why a rule is to be demoted from 明确违规 to 可疑.
struct Demotion {
  std::string rule, name;
  Outcome outcome;
  Demand demand;
  bool sure = false; // also the interval's upper end lies below
};
[[nodiscard]] std::vector<Demotion> demotions(const Outcomes& outcomes, const Policy& policy);

class Join {
public:
  // Findings of a rule by its old id are the renamed rule's.
  explicit Join(const Ledger& ledger, engine::Renames renamed = {});
  // NDJSON of `sanku run`. An error: a line is no finding.
  [[nodiscard]] Result<void> read(const std::string& path);
  [[nodiscard]] Outcomes take();

private:
  struct Seen {
    bool counted = false;
    std::set<std::string> packs;
  };
  struct Finding;
  [[nodiscard]] Result<void> one(const Finding& finding);

  const Ledger& ledger_; // the caller's
  engine::Renames renamed_;
  Outcomes outcomes_;
  std::map<std::string, Seen, std::less<>> seen_; // of those with a verdict
};

struct Told {
  const Outcomes& outcomes;
  const Policy& policy;
  std::uint64_t added = 0, repeated = 0, superseded = 0, rejected = 0; // verdicts
};
[[nodiscard]] std::string report_text(const Told& told, Language language);
[[nodiscard]] std::string report_json(const Told& told);

} // namespace sanku::outcomes
