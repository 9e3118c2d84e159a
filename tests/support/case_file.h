// A case: one text file whose sections start with `--- name`, readable by someone who knows the
// matter and no C++.
//
//   --- about           one or two sentences
//   --- schema          only where the shipped schema is not meant
//   --- rules           rules, knowledge and source declarations
//   --- overlay NAME [on NAME]   an overlay's text, on the pack `national` or on one before it
//   --- defaults [NAME]  what the manifest of the pack, or of that overlay, decides: one a line, as
//                       `insurance_year = 701`, `stay_counts_last = 1`
//   --- as of DATE, --- as known DATE, --- region CODE   how the rules are read
//   --- budget N        steps that a condition may take, instead of the usual number
//   --- table NAME      CSV rows of a knowledge table, by file name (`.csv` may be left out)
//   --- visits          one visit a line, as NDJSON of the audit interface; a code `A 或 B` is one
//   of
//                       the two, as a hospital's code with several meanings becomes
//   --- proves F5 D3    features, decisions and the like that the case shows (grammar/coverage.py)
//   --- expect findings one line each, see render_outcomes
//   --- expect errors   the rendered diagnostics; exactly the files named fail_… have it
//
// `test` declarations among the rules are run as `sanku test` runs them, and all have to pass; a
// case that has some may do without visits.
//
// Entries: parse_case, print_case, judge_case. Tested by tests/cases, and by tests/differential,
// which prints cases that run.
#pragma once

#include "compiler/compile.h"
#include "tests/support/texts.h"
#include "tests/support/visit.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sanku::testing {

struct Section {
  std::string name; // `rules`, `table limits.csv`
  std::string text; // ends with a newline unless empty
};
struct CaseFile {
  std::vector<Section> sections;
};

[[nodiscard]] CaseFile parse_case(const std::string& text);
[[nodiscard]] std::string print_case(const CaseFile& file);
[[nodiscard]] std::string defaults_text(const hir::LocalDefaults& defaults);
[[nodiscard]] const Section* section(const CaseFile& file, const std::string& name);
[[nodiscard]] Texts texts_of(const CaseFile& file);

// What the evaluator says of the visits, a line each, in order of visit, rule and subject:
//
//   1  R1  violation  item 2  amount 35.00  lines 2=35.00  involved 1  rows drug_sex:1
//   「黄体酮」限女使用 2  R1  indeterminate  item 1  missing patient.sex 3  R1  exempt  settlement
//   急诊
//
// Visits, elements and table rows count from 1. A line's amount that is not computed is `?`;
// `~` behind it: nobody says who paid for the line, so it is taken as paid by the fund.
// Branches are named where a rule has several; `undecided 1` names branches that were passed over.
// Subjects that are clear, or not applicable without an exemption, are left out.
[[nodiscard]] std::string render_outcomes(const Checked& pack, const std::vector<Visit>& visits);

// What a case comes to: a problem that no update can settle, or the texts of its expect sections as
// they are now.
struct CaseResult {
  std::string problem;           // empty when all ways agree and the case is well-formed
  std::optional<Section> actual; // `expect findings` or `expect errors`; none: only tests
};
[[nodiscard]] CaseResult judge_case(const CaseFile& file, bool must_fail);

} // namespace sanku::testing
