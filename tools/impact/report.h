// What a comparison found, for people and programs: a table, one JSON object, one page of HTML.
// Entries: text, json, page. Tested by tests/unit/tools/impact_test.cpp.
#pragma once

#include "tools/impact/impact.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sanku::impact {

[[nodiscard]] std::string text(const Impact& impact, Language language);
// Amounts are texts of plain decimals; the same in every language.
[[nodiscard]] std::string json(const Impact& impact);
[[nodiscard]] std::string page(const Impact& impact, Language language);

// ---- shared by the three

[[nodiscard]] std::string_view state_word(State state); // for machines
[[nodiscard]] std::string_view state_text(State state, Language language);
[[nodiscard]] std::string_view part_word(hir::Part part);
[[nodiscard]] std::string what_text(What what, Language language);
// Why a rule is not the same: its parts, tables and models that differ.
[[nodiscard]] std::string why_text(const RuleChange& change, Language language);
// Of a rule that was renamed both.
[[nodiscard]] std::string id_text(const RuleChange& change, Language language);
[[nodiscard]] const std::string& title_of(const RuleChange& change, Language language);
// Those in which something differs, the weightiest first, at most so many; and how many are left
// out.
struct Ranked {
  std::vector<std::pair<std::string, const Tally*>> rows;
  std::size_t left_out = 0;
};
[[nodiscard]] Ranked ranked(const ByName& tallies, std::size_t most);
// By name, all of them in which something differs.
[[nodiscard]] Ranked in_order(const ByName& tallies);
// What the second side has more, with a sign.
[[nodiscard]] std::string more_text(Int128 cents);
[[nodiscard]] Int128 money_gained(const Tally& tally);
// How many rules are in each state.
[[nodiscard]] std::vector<std::size_t> states_of(const Impact& impact);

} // namespace sanku::impact
