// What a rule reads, gathered from its typed tree and from its text: fields of the claim, tables,
// parameters, sets, models, questions, and the tests about it. Plain data; the pages only lay it
// out. Entry: facts_of. Tested by tests/unit/tools/handbook_test.cpp.
#pragma once

#include "tools/engine/rules.h"

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sanku::handbook {

struct ColumnRef {
  hir::RelationId relation = 0;
  std::uint32_t column = 0;
  friend auto operator<=>(const ColumnRef&, const ColumnRef&) = default;
};

// What no claim carries and the rule asks for: a text of the rule, or the column of a table that
// has it row by row.
struct Question {
  std::string text;
  std::optional<ColumnRef> column;
};

struct RuleFacts {
  const ast::Rule* written = nullptr;
  const ast::File* file = nullptr;
  std::set<ColumnRef> decides; // fields of the claim that the outcome depends on
  std::set<ColumnRef> reports; // that only amount, lines or message need
  // Tables that it looks into, with the columns that it reads.
  std::map<hir::TableId, std::set<std::uint32_t>> tables;
  std::set<std::size_t> params; // by Program::params
  std::set<std::size_t> models; // by Program::models
  std::vector<const ast::SetDecl*> sets;
  std::vector<const ast::SetLiteral*> literals; // sets that stand in the rule itself
  std::vector<Question> questions;
  std::vector<std::size_t> tests; // by Program::tests
};

// By Program::rules.
[[nodiscard]] std::vector<RuleFacts> facts_of(const engine::Rules& rules);

} // namespace sanku::handbook
