// What a run found, for a person: a table of the rules, the totals, and with `stats` what was
// looked at and how long it took. Entries: summary_text, closing_line, stats_json. Tested by
// tests/unit/tools/describe_test.cpp.
#pragma once

#include "tools/engine/pack.h"
#include "tools/engine/run.h"

#include <string>

namespace sanku::engine {

struct SummaryContext {
  const hir::Program& program;
  std::string pack;
  Language language = Language::zh;
  unsigned threads = 1;
  double compile_seconds = 0, bind_seconds = 0;
};

// A line of totals, then one line a rule that found something or could not decide, then their sum.
[[nodiscard]] std::string summary_text(const RunSummary& summary, const SummaryContext& context);
// Rates and work, two lines, then the work of each rule.
[[nodiscard]] std::string speed_text(const RunSummary& summary, const SummaryContext& context);
// Read, evaluated, rejected, findings, amount, time; one line.
[[nodiscard]] std::string closing_line(const RunSummary& summary, Language language);
// Everything in the summary as one JSON object.
[[nodiscard]] std::string stats_json(const RunSummary& summary, const SummaryContext& context);

} // namespace sanku::engine
