// What a rule says and reads, as bytes to compare: two rules of equal content find the same in
// every claim. Everything counts that decides what is found or how a finding reads; places in
// texts, numbers of tables, names of binders and layers do not. Tables and models are named here
// and compared by themselves. Entry: content_of. `sanku impact` stands on it. Tested by
// tests/unit/tools/impact_test.cpp.
#pragma once

#include "compiler/hir/hir.h"

#include <array>
#include <set>
#include <string>
#include <string_view>

namespace sanku::hir {

// What of a rule may differ. `words` (title, basis, stages) change no finding.
enum class Part : std::uint8_t {
  subject,
  conditions, // with parameters and definitions in them
  period,     // effective, trial
  report,     // which lines, which amount
  severity,
  message,
  category,
  words,
};
inline constexpr std::size_t part_count = 8;

struct RuleContent {
  std::array<std::string, part_count> parts;
  // The same without what overlays say of the rule, and that: which severity where, and where it
  // does not apply. They tell why it differs, not whether.
  std::array<std::string, part_count> written;
  std::string severities, disabled;
  std::set<TableId> tables;
  std::set<ModelId> models;
};
[[nodiscard]] RuleContent content_of(const Program& program, const Rule& rule);

// What one report of a rule says, part by part and by itself: the values and rows that it names are
// written out, so that conditions written otherwise leave it the same.
enum class ReportPart : std::uint8_t { lines, amount, involving, value, self_paid, message };
inline constexpr std::size_t report_part_count = 6;
struct ReportContent {
  std::array<std::string, report_part_count> parts;
  std::set<TableId> tables;
  std::set<ModelId> models;
};
[[nodiscard]] ReportContent content_of(const Program& program, const Rule& rule,
                                       const Report& report);

[[nodiscard]] std::string content_of(const schema::Schema& schema);
// What a declaration says of a table; its rows are data (same_rows).
[[nodiscard]] std::string content_of(const knowledge::TableShape& shape);
[[nodiscard]] bool same_rows(const knowledge::Table& a, const knowledge::Table& b);
[[nodiscard]] std::string content_of(const Model& model);

} // namespace sanku::hir
